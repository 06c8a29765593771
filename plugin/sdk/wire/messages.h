/* SPDX-License-Identifier: MIT
   The messages that cross the boundary, as C structs. */
#ifndef HEARTH_SDK_WIRE_MESSAGES_H
#define HEARTH_SDK_WIRE_MESSAGES_H

#include <stdint.h>

#include "plugin/sdk/wire/schema.h"

/* docs/wire-format.md is the specification; these structs are its C form, one
   member a key.  Times are milliseconds since the epoch, durations and waits
   milliseconds, memory megabytes (1 GB = 1024 MB), probabilities within [0, 1].
   Unknown numbers are -1 unless a comment says otherwise.  All strings and
   lists are borrowed (schema.h).  Fill a struct with hearth_message_init first:
   it sets every member to the stated default and keeps no list. */

enum { /* ExecutionContext.reason */
  HEARTH_REASON_REQUEST, /* a request came; its model is not known yet */
  HEARTH_REASON_SETTLED, /* a request's model has just become known */
  HEARTH_REASON_TICK,    /* a review that the plugin asked for, or a timer */
  HEARTH_REASON_INTENT   /* a user opened the UI, or is typing */
};
enum { HEARTH_COMPLEXITY_UNKNOWN, HEARTH_COMPLEXITY_SIMPLE,
       HEARTH_COMPLEXITY_MEDIUM, HEARTH_COMPLEXITY_COMPLEX };
enum { HEARTH_PRIORITY_UNKNOWN, HEARTH_PRIORITY_LOW, HEARTH_PRIORITY_MEDIUM,
       HEARTH_PRIORITY_HIGH, HEARTH_PRIORITY_CRITICAL };
enum { HEARTH_STATE_UNKNOWN, HEARTH_STATE_COLD, HEARTH_STATE_LOADING,
       HEARTH_STATE_WARM }; /* of a model, as a request found it */
enum { HEARTH_ACTION_KEEP, /* rank it, if it is there */
       HEARTH_ACTION_WARM  /* load it, if it is not */ };
enum { HEARTH_PHASE_STARTED, HEARTH_PHASE_FINISHED, HEARTH_PHASE_FAILED,
       HEARTH_PHASE_CANCELLED, HEARTH_PHASE_LOADED, HEARTH_PHASE_LOAD_CANCELLED,
       HEARTH_PHASE_EVICTED, HEARTH_PHASE_FEEDBACK };
enum { HEARTH_LOAD_UNKNOWN, HEARTH_LOAD_DEMAND, HEARTH_LOAD_PREWARM };
enum { HEARTH_HORIZONS = 3 }; /* 300 s, 3600 s, 21600 s */

/* The horizons of p_within, in seconds. */
extern const int32_t hearth_horizon_s[HEARTH_HORIZONS];

/* One model of a catalog. */
typedef struct hearth_catalog_model {
  hearth_str model;        /* required */
  double memory_mb;        /* required, > 0 */
  int64_t load_ms;         /* required, >= 0: a first guess */
  double storage_mb, cpu_percent, network_bandwidth_mbps;
  int32_t pinned;          /* 1: never evicted */
  hearth_str group;        /* at most one model of a group is resident */
  hearth_str hardware;
} hearth_catalog_model;

typedef struct hearth_catalog {
  hearth_list models; /* of hearth_catalog_model; required, may be empty */
} hearth_catalog;

/* A model that is in memory, as told in a first call or after a resync. */
typedef struct hearth_resident {
  hearth_str model; /* required */
  int32_t state;    /* HEARTH_STATE_LOADING or HEARTH_STATE_WARM */
  int32_t busy;     /* 1: requests run or wait on it */
} hearth_resident;

typedef struct hearth_user {
  hearth_str id, session_id;
  int64_t session_ms;            /* how long the session has lasted */
  hearth_list recent_activities; /* of hearth_str */
  hearth_list preferences;       /* of hearth_pair */
} hearth_user;

typedef struct hearth_project {
  hearth_str id, language;
  int64_t size_lines;
  double complexity_score;    /* 0 to 1 */
  hearth_list recent_changes; /* of hearth_str */
} hearth_project;

/* The pool of memory that a plan is for. */
typedef struct hearth_pool_info {
  hearth_str id;
  double budget_mb;    /* -1: none, the price regime */
  double used_mb;
  int64_t load_lanes;  /* loads at a time; -1: no limit */
  double idle_price;   /* GB*s held idle that are worth one second of wait;
                          -1: none */
  int64_t max_warm;    /* models to hold at most; -1: no limit */
  int32_t resync;      /* 1: `resident` is the whole truth */
  hearth_list resident; /* of hearth_resident */
} hearth_pool_info;

/* What an outcome tells of the pool; each as above. */
typedef struct hearth_pool_terms {
  hearth_str id;
  double budget_mb;
  int64_t load_lanes;
  double idle_price;
} hearth_pool_terms;

/* The terms of a context's pool. */
hearth_pool_terms hearth_pool_terms_of(const hearth_pool_info *pool);

typedef struct hearth_context {
  hearth_str request_id;
  int64_t now_ms;  /* required */
  int32_t reason;  /* required, HEARTH_REASON_* */
  hearth_str task; /* completion, chat, analysis, generation, refactoring... */
  int64_t input_length;
  int32_t complexity, priority;
  int64_t acceptable_latency_ms;
  hearth_str preferred_hardware;
  int64_t max_models; /* the longest answer wanted; default 64 */
  int32_t want_reasons;
  hearth_user user;
  hearth_project project;
  hearth_pool_info pool;
} hearth_context;

/* A signal that weighed in a decision. */
typedef struct hearth_reason {
  hearth_str signal;
  double weight; /* > 0 speaks for the model */
} hearth_reason;

enum { HEARTH_MAX_REASONS = 4 };

typedef struct hearth_plan_model {
  hearth_str model;  /* required */
  int32_t action;    /* HEARTH_ACTION_* */
  double confidence; /* -1: none given, likewise below */
  double p_next;
  struct {
    double p[HEARTH_HORIZONS];
  } p_within; /* keys "300", "3600", "21600" */
  int64_t expected_load_ms;
  int64_t start_at_ms;  /* begin the load then; -1: at once */
  int64_t warm_by_ms;   /* drop the wish if not begun by then; -1: never */
  int64_t keep_for_ms;  /* idle, from when it next falls idle; -1: no limit */
  hearth_list reasons;  /* of hearth_reason */
} hearth_plan_model;

typedef struct hearth_impact {
  double cold_starts_avoided, wait_saved_ms, memory_mb, cpu_percent;
} hearth_impact;

typedef struct hearth_model_set {
  hearth_str request_id;
  hearth_str pool;    /* the pool's id, echoed */
  int64_t now_ms;     /* echoed */
  double confidence;
  hearth_list models; /* of hearth_plan_model, in order of worth; required */
  hearth_impact performance_impact;
  int64_t review_at_ms; /* ask again then; -1: no review */
} hearth_model_set;

typedef struct hearth_outcome {
  hearth_str request_id;
  int64_t at_ms;    /* required */
  int32_t phase;    /* required, HEARTH_PHASE_* */
  hearth_str model; /* started, loaded, load_cancelled, evicted: required */
  int32_t state;    /* started: as found */
  int64_t wait_ms, duration_ms; /* finished, failed, cancelled */
  int32_t load;     /* loaded, load_cancelled: HEARTH_LOAD_* */
  int64_t load_ms;  /* loaded: measured */
  int32_t actual_usage;    /* feedback: 1 used, 0 not used, -1 not told */
  hearth_str actual_model; /* feedback */
  /* started: the fields of its context. */
  hearth_str task;
  int64_t input_length;
  int32_t complexity, priority;
  hearth_user user;
  hearth_project project;
  hearth_pool_terms pool;
} hearth_outcome;

typedef struct hearth_metadata_query {
  hearth_str model; /* required */
  int64_t now_ms;
} hearth_metadata_query;

typedef struct hearth_quantiles {
  int64_t p50, p90;
} hearth_quantiles;

typedef struct hearth_resources {
  double memory_mb, cpu_percent, network_bandwidth_mbps, storage_mb;
} hearth_resources;

typedef struct hearth_usage {
  int64_t requests, users, last_used_ms, mean_session_ms;
} hearth_usage;

typedef struct hearth_metadata {
  hearth_str model; /* required */
  hearth_quantiles expected_load_ms;
  hearth_resources resource_requirements;
  hearth_usage usage;
  int32_t estimated; /* 1 until a load was measured */
} hearth_metadata;

/* What a plugin is created with. */
typedef struct hearth_config {
  double prediction_threshold;     /* 0 to 1; default 0 */
  int64_t usage_window_seconds;    /* default 7200 */
  double learning_rate;            /* default 0.05 */
  int64_t max_warm_models;         /* -1: no limit */
  double max_memory_mb;            /* the plugin's own; -1: no limit */
  double max_cpu_percent;          /* -1: no limit */
  int32_t background_warmup_enabled;        /* default 1 */
  int64_t prediction_cache_ttl_seconds;     /* default 0: no cache */
  int64_t data_retention_seconds;           /* -1: for ever */
  double decay_rate;               /* a factor on the forgetting; default 1 */
  double idle_price;               /* -1: as the context says */
  double speculation_share;        /* of lane time; -1: the plugin's own */
  int64_t seed;                    /* default 0 */
  double ttl_seconds;              /* of the ttl reference; -1: its default */
  hearth_str ablate;               /* names of signals to turn off, by commas */
  hearth_list models;              /* of hearth_catalog_model; may be empty */
} hearth_config;

extern const hearth_schema hearth_catalog_schema;
extern const hearth_schema hearth_catalog_model_schema;
extern const hearth_schema hearth_context_schema;
extern const hearth_schema hearth_model_set_schema;
extern const hearth_schema hearth_plan_model_schema;
extern const hearth_schema hearth_outcome_schema;
extern const hearth_schema hearth_metadata_query_schema;
extern const hearth_schema hearth_metadata_schema;
extern const hearth_schema hearth_config_schema;

/* Set every member of the schema's struct to its default, lists to no room. */
void hearth_message_init(const hearth_schema *schema, void *message);

#endif
