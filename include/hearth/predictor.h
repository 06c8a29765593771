/* SPDX-License-Identifier: MIT
   The whole job for a host: requests in, the right models in memory. */
#ifndef HEARTH_PREDICTOR_H
#define HEARTH_PREDICTOR_H

#include "hearth/slot.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A predictor stands between a program that serves models (the orchestrator)
   and a plugin that knows which are wanted next.  For each request:

     hearth_predict_and_warm   what will be asked for?  loads it ahead
     hearth_predictor_started  the model is known; what is missing is loaded
     hearth_predictor_wait     until it is there
     ... the orchestrator runs the request ...
     hearth_predictor_finished how it went

   and in between, at hearth_predictor_next_ms, hearth_predictor_tick.  Models
   come and go through the orchestrator's functions below, under the memory
   budget; a model in use is never unloaded.  If the plugin fails or has no
   opinion, the least recently used model goes first, as ever.

   The conventions are those of hearth/host.h.  Every function may be called
   from any thread. */

/* ---- What the orchestrator does ---- */

/* The orchestrator's functions, called without any lock that a predict or a
   started would wait for.  They may not call the predictor back, but
   hearth_predictor_loaded from another thread. */
typedef struct hearth_orchestrator {
  /* Load `model`.  HEARTH_OK: it is ready.  HEARTH_BUSY: the load is under way,
     and hearth_predictor_loaded will tell.  Anything else: it failed. */
  hearth_status (*load)(void *user, const char *model);
  /* Give the model's memory back. */
  void (*unload)(void *user, const char *model);
  /* Stop a load that is under way; when it returns, that load is over and is
     not told of any more.  NULL: a load that runs within `load` is let finish,
     and then unloaded; one that is BUSY is unloaded. */
  void (*cancel)(void *user, const char *model);
  /* Say found(context, model) for each model that is ready.  NULL: none. */
  void (*list)(void *user, void (*found)(void *context, const char *model),
               void *context);
  void *user;
} hearth_orchestrator;

/* A model that the orchestrator can serve. */
typedef struct hearth_model {
  const char *name;
  double memory_mb;     /* > 0 */
  int64_t load_ms;      /* a first guess; measured later */
  int32_t pinned;       /* 1: never unloaded */
  const char *group;    /* at most one of a group is loaded; NULL: no group */
  const char *hardware; /* NULL: any */
} hearth_model;

/* ---- Settings ---- */

/* X(name, prediction_threshold, usage_window_seconds, learning_rate,
     max_warm_models, background_warmup_enabled, prediction_cache_ttl_seconds)
 */
#define HEARTH_PROFILES(X)                                                     \
  X(replay, 0.0, 7200, 0.05, -1, 1, 0)                                         \
  X(production, 0.8, 7200, 0.05, 3, 1, 600)                                    \
  X(constrained, 0.6, 1800, 0.1, 2, 0, 300)                                    \
  X(development, 0.5, 300, 0.2, 5, 1, 60)

typedef struct hearth_settings {
  /* 0 to 1: a model whose confidence is lower is not predicted and not loaded
     ahead; it keeps its rank among what is loaded. */
  double prediction_threshold;
  int64_t usage_window_seconds; /* of the past that the plugin weighs most */
  double learning_rate;         /* of the plugin */
  int64_t
      max_warm_models;  /* loaded ahead while fewer than these are; -1: any */
  double max_memory_mb; /* the plugin's own; past it its allocations fail */
  /* While hearth_predictor_options.cpu_percent is over it, nothing is loaded in
     the background; -1: no limit. */
  double max_cpu_percent;
  /* 0: models are loaded for the request at hand only, not between requests:
     a tick asks for no plan, and a load that is to begin later is dropped. */
  int32_t background_warmup_enabled;
  /* For how long a plan answers for the same task, user, project, hardware,
     complexity, priority and length (by powers of two) while the same models
     are loaded, and the user's last two requests were for the same models.  A
     request that starts on another model than the plan has first, or feedback,
     ends it earlier for its user and project.  0: no cache. */
  int64_t prediction_cache_ttl_seconds;
  int64_t data_retention_seconds; /* of the plugin; -1: for ever */
  double decay_rate;              /* of the plugin; 1: its own */
  double idle_price; /* GB*s held idle worth a second of wait; -1: none */
  double speculation_share; /* of the time of the load lanes; -1: any */
  int64_t seed;
} hearth_settings;

/* The settings of a profile of HEARTH_PROFILES; HEARTH_BAD_ARG: no such one. */
HEARTH_EXPORT hearth_status hearth_settings_init(hearth_settings *settings,
                                                 const char *profile);

/* The settings, and a catalog, as a Config message for hearth_instance_create.
 */
HEARTH_EXPORT hearth_status hearth_settings_to_config(
    const hearth_settings *settings, const hearth_model *models, uint32_t count,
    hearth_output *out);

/* ---- A predictor ---- */

typedef struct hearth_predictor_options {
  hearth_library *library;    /* shared; may be closed at once */
  const hearth_model *models; /* copied */
  uint32_t model_count;
  hearth_orchestrator orchestrator; /* copied */
  hearth_settings settings;         /* hearth_settings_init */
  double budget_mb;                 /* memory for models; <= 0: no limit */
  uint32_t load_lanes;              /* loads at a time; 0: no limit */
  const char *pool_id;              /* NULL: "default" */
  uint32_t cache_entries;           /* plans in the cache; 0: 256 */
  const hearth_host *host; /* NULL: one of its own, capped by max_memory_mb */
  /* Milliseconds since the epoch; NULL: CLOCK_REALTIME. */
  int64_t (*now_ms)(void *user);
  /* Nanoseconds that only grow, for latencies; NULL: CLOCK_MONOTONIC. */
  uint64_t (*monotonic_ns)(void *user);
  /* The machine's load in percent; NULL: 0. */
  double (*cpu_percent)(void *user);
  void *clock_user; /* of the three above */
  /* Called with each Outcome message, in their order, once the plugin had it:
     what a store keeps.  It may not call the predictor.  NULL: nobody. */
  void (*on_outcome)(void *user, hearth_bytes outcome);
  void *outcome_user;
} hearth_predictor_options;

typedef struct hearth_predictor hearth_predictor;

/* Create an instance of the plugin and register the orchestrator with it; the
   models that it lists are taken over.  HEARTH_BAD_ARG: `err` says which option
   is wrong; HEARTH_LIMIT: a model is larger than the budget. */
HEARTH_EXPORT hearth_status
hearth_predictor_create(const hearth_predictor_options *options,
                        hearth_predictor **out, char *err, uint64_t err_cap);
/* No call may be running, and no load under way.  Models stay loaded. */
HEARTH_EXPORT void hearth_predictor_destroy(hearth_predictor *predictor);

/* The plugin within, for its metrics and stats.  Outcomes and catalogs are told
   through the predictor. */
HEARTH_EXPORT hearth_slot *hearth_predictor_slot(hearth_predictor *predictor);

/* Replace the catalog.  Models that are gone from it are not loaded any more.
 */
HEARTH_EXPORT hearth_status hearth_predictor_set_models(
    hearth_predictor *predictor, const hearth_model *models, uint32_t count,
    char *err, uint64_t err_cap);

/* Take over what the orchestrator lists: models that came or went without the
   predictor, after a restart of the server for example. */
HEARTH_EXPORT hearth_status
hearth_predictor_resync(hearth_predictor *predictor);

/* ---- The live plugin (hearth/slot.h) ---- */

/* Replace the plugin while requests run.  The new one gets the catalog, the
   learned state and, if options->config is empty, the same configuration; no
   request fails, and none is left out of what it learns.  The cache is emptied,
   and its first question carries all resident models. */
HEARTH_EXPORT hearth_status
hearth_predictor_swap(hearth_predictor *predictor, hearth_library *library,
                      const hearth_swap_options *options,
                      hearth_swap_report *report, char *err, uint64_t err_cap);

/* Back to the plugin before the last swap, at once; it has learned on. */
HEARTH_EXPORT hearth_status hearth_predictor_rollback(
    hearth_predictor *predictor, char *err, uint64_t err_cap);

/* What the plugin learned.  *outcomes (may be NULL) gets how many outcomes it
   holds: exactly the first so many that on_outcome was called with.
   HEARTH_UNSUPPORTED: the plugin has no state. */
HEARTH_EXPORT hearth_status
hearth_predictor_save_state(hearth_predictor *predictor, hearth_output *out,
                            uint64_t *outcomes, char *err, uint64_t err_cap);

/* Bring back what was saved, best before the first request.  HEARTH_BUSY: a
   swap is under way; else what the plugin says, which is as it was then. */
HEARTH_EXPORT hearth_status
hearth_predictor_load_state(hearth_predictor *predictor, hearth_bytes state,
                            char *err, uint64_t err_cap);

/* Let the plugin learn from an Outcome message that a store kept, best before
   the first request.  It is not given to on_outcome. */
HEARTH_EXPORT hearth_status hearth_predictor_teach(hearth_predictor *predictor,
                                                   hearth_bytes outcome,
                                                   char *err, uint64_t err_cap);

/* ---- Requests and predictions ---- */

enum { HEARTH_ID_CAP = 128, HEARTH_PREDICTION_CAP = 64 };

/* Of hearth_request.complexity and .priority; 0 is unknown. */
enum { HEARTH_INPUT_SIMPLE = 1, HEARTH_INPUT_MEDIUM, HEARTH_INPUT_COMPLEX };
enum {
  HEARTH_URGENCY_LOW = 1,
  HEARTH_URGENCY_MEDIUM,
  HEARTH_URGENCY_HIGH,
  HEARTH_URGENCY_CRITICAL
};
/* How a request finds its model; 0 is unknown. */
enum { HEARTH_MODEL_COLD = 1, HEARTH_MODEL_LOADING, HEARTH_MODEL_WARM };
/* How a request ended. */
enum { HEARTH_REQUEST_DONE, HEARTH_REQUEST_FAILED, HEARTH_REQUEST_CANCELLED };

typedef struct hearth_preference {
  const char *key, *value;
} hearth_preference;

typedef struct hearth_request_user {
  const char *id, *session_id;
  int64_t session_ms; /* how long the session has lasted; -1: unknown */
  const char *const *recent_activities;
  uint32_t recent_activity_count;
  const hearth_preference *preferences;
  uint32_t preference_count;
} hearth_request_user;

typedef struct hearth_request_project {
  const char *id, *language;
  int64_t size_lines;      /* -1: unknown */
  double complexity_score; /* 0 to 1; -1: unknown */
  const char *const *recent_changes;
  uint32_t recent_change_count;
} hearth_request_project;

/* What is known of a request before its model is.  Texts may be NULL.  Start
   from hearth_request_init, which sets everything to unknown. */
typedef struct hearth_request {
  const char *id;   /* shorter than HEARTH_ID_CAP; NULL: one is made */
  const char *task; /* completion, chat, analysis, generation, ... */
  int64_t input_length;
  int32_t complexity, priority;
  int64_t acceptable_latency_ms;
  const char *preferred_hardware;
  int32_t intent; /* 1: nothing was asked yet, a user is about to */
  hearth_request_user user;
  hearth_request_project project;
} hearth_request;

HEARTH_EXPORT void hearth_request_init(hearth_request *request);

typedef struct hearth_predicted_model {
  const char *model; /* lives as long as the predictor */
  double confidence; /* 0 to 1; -1: none given, likewise p_next */
  double p_next;
  int64_t expected_load_ms; /* -1: unknown */
  int32_t warm;             /* 1: to be loaded, 0: to be kept if it is there */
  int32_t state;            /* HEARTH_MODEL_*, after the warming; 0: unknown */
} hearth_predicted_model;

typedef struct hearth_prediction {
  char prediction_id[HEARTH_ID_CAP]; /* the request's id */
  double confidence_score;           /* of the whole; 0 where there is none */
  uint32_t count;
  int32_t cached;   /* 1: the answer came from the cache */
  int32_t fallback; /* 1: no plan; the least recently used goes first */
  /* Performance impact; -1: not told. */
  double cold_starts_avoided, wait_saved_ms, memory_mb, cpu_percent;
  /* Best first; those under the prediction threshold are left out. */
  hearth_predicted_model models[HEARTH_PREDICTION_CAP];
} hearth_prediction;

/* Predict the models of a request and load what is missing, as far as memory
   and lanes allow.  HEARTH_OK even if the plugin failed (fallback is 1);
   HEARTH_BAD_ARG: the request's id is too long. */
HEARTH_EXPORT hearth_status hearth_predict_and_warm(
    hearth_predictor *predictor, const hearth_request *request,
    hearth_prediction *prediction);

/* The request runs on `model`, and waits if it is not loaded.  `prediction_id`:
   that of its prediction, or its own where none was asked for.  *found gets
   HEARTH_MODEL_*, as it was before.  HEARTH_BAD_ARG: no such model, or started
   before. */
HEARTH_EXPORT hearth_status hearth_predictor_started(
    hearth_predictor *predictor, const char *prediction_id,
    const hearth_request *request, const char *model, int32_t *found);

/* Wait until the model of a started request is ready.  HEARTH_UNAVAILABLE: its
   load failed; HEARTH_DEADLINE: `timeout_ms` (< 0: none) passed. */
HEARTH_EXPORT hearth_status hearth_predictor_wait(hearth_predictor *predictor,
                                                  const char *prediction_id,
                                                  int64_t timeout_ms);

/* The request ended; `how` is HEARTH_REQUEST_*, times unknown are -1.
   HEARTH_BAD_ARG: it had not started. */
HEARTH_EXPORT hearth_status hearth_predictor_finished(
    hearth_predictor *predictor, const char *prediction_id, int32_t how,
    int64_t wait_ms, int64_t duration_ms);

/* A load for which `load` returned HEARTH_BUSY is over: HEARTH_OK, or why it
   failed. */
HEARTH_EXPORT hearth_status hearth_predictor_loaded(hearth_predictor *predictor,
                                                    const char *model,
                                                    hearth_status status);

/* Judge a prediction afterwards: whether one of its models was used, and which
   model really was (may be NULL). */
HEARTH_EXPORT hearth_status hearth_predictor_record_prediction_outcome(
    hearth_predictor *predictor, const char *prediction_id,
    int32_t actual_usage, const char *actual_model);

/* What is due by now happens: reviews, loads ahead of time, models that were
   idle too long.  next_ms is when that will be; INT64_MAX: nothing is. */
HEARTH_EXPORT void hearth_predictor_tick(hearth_predictor *predictor);
HEARTH_EXPORT int64_t hearth_predictor_next_ms(hearth_predictor *predictor);

/* HEARTH_MODEL_*; 0: no such model. */
HEARTH_EXPORT int32_t hearth_predictor_model_state(hearth_predictor *predictor,
                                                   const char *model);

typedef struct hearth_model_metadata {
  int64_t load_p50_ms, load_p90_ms; /* -1: unknown, likewise below */
  double memory_mb, cpu_percent, network_bandwidth_mbps, storage_mb;
  int64_t requests, users, last_used_ms, mean_session_ms;
  int32_t estimated; /* 1 until a load was measured */
} hearth_model_metadata;

/* What the plugin knows of a model. */
HEARTH_EXPORT hearth_status hearth_predictor_get_model_metadata(
    hearth_predictor *predictor, const char *model, hearth_model_metadata *out);

/* ---- How it is doing ---- */

typedef struct hearth_predictor_metrics {
  uint64_t total_predictions, cache_hits, fallbacks, plugin_failures;
  uint64_t judged; /* predictions whose model became known */
  /* Of those, the share whose model was predicted, and predicted first; -1
     while there are none. */
  double accuracy, accuracy_first;
  double cache_hit_rate; /* of all predictions; -1 while there are none */
  /* Of hearth_predict_and_warm up to its plan, loads apart, of the last 1024;
     -1 while there are none. */
  double latency_mean_ms, latency_p95_ms;
  double memory_mb; /* the plugin's; -1: the host does not count */
  uint64_t requests, cold, delayed, warm; /* as they found their models */
  uint64_t loads_demanded, loads_ahead, load_failures, unloads;
} hearth_predictor_metrics;

HEARTH_EXPORT void hearth_predictor_get_metrics(hearth_predictor *predictor,
                                                hearth_predictor_metrics *out);

typedef struct hearth_health {
  int32_t healthy;
  const char *status; /* "healthy" or "degraded" */
  const char *reason; /* one sentence; "" when healthy */
  double accuracy;    /* of the last 128 judged; -1: fewer than 20 are */
  double latency_ms, memory_mb;
  int64_t last_prediction_ms; /* since the epoch; -1: none yet */
} hearth_health;

/* Degraded: under 0.7 of the last predictions were right, or the plugin failed
   when last asked. */
HEARTH_EXPORT void hearth_predictor_get_health(hearth_predictor *predictor,
                                               hearth_health *out);

/* ---- Conversions ---- */

/* Between the structs above and the messages of docs/wire-format.md.  What
   _from_ gives is one block, owned by the caller until free(). */
HEARTH_EXPORT hearth_status hearth_request_to_context(
    const hearth_request *request, int64_t now_ms, hearth_output *out);
HEARTH_EXPORT hearth_status hearth_request_from_context(hearth_bytes context,
                                                        hearth_request **out,
                                                        char *err,
                                                        uint64_t err_cap);
HEARTH_EXPORT hearth_status hearth_prediction_to_model_set(
    const hearth_prediction *prediction, hearth_output *out);
HEARTH_EXPORT hearth_status hearth_prediction_from_model_set(
    hearth_bytes model_set, hearth_prediction **out, char *err,
    uint64_t err_cap);

#ifdef __cplusplus
}
#endif

#endif
