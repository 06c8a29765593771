/* SPDX-License-Identifier: MIT
   What every reference plugin shares; a policy adds its own few rules. */
#ifndef HEARTH_REFERENCE_BASE_H
#define HEARTH_REFERENCE_BASE_H

#include "hearth/ext/future.h"
#include "hearth/ext/predict.h"
#include "plugin/sdk/define.h"
#include "plugin/sdk/memory.h"
#include "plugin/sdk/names.h"
#include "plugin/sdk/seen.h"
#include "plugin/sdk/wire/messages.h"

/* The base keeps names, catalog and what is present, decodes and encodes.  It
   ranks the models that are *present* (requested or resident, and not evicted
   since) by the policy's score; of equal scores the later used is higher, then
   the one that came later.  A settled plan lists the models above the one just
   used, and that one: the pool keeps the rest in order below. */

typedef struct hearth_plugin reference;

#define REFERENCE_NONE UINT32_MAX
#define REFERENCE_NEVER INT64_MIN

typedef struct reference_model {
  double memory_mb;
  double load_ms; /* as last measured; until then the catalog's */
  double score;
  int64_t last_used;  /* REFERENCE_NEVER, likewise below */
  int64_t idle_since; /* the end of its last request */
  int64_t keep_for;   /* as last planned; -1: no limit */
  uint64_t arrived;   /* order in which it became present; 0: absent */
  uint64_t requests;
  uint32_t busy;     /* requests that run or wait */
  int32_t candidate; /* the catalog has it */
  int32_t measured;  /* a load was */
  uint32_t listed;   /* the last plan that it is in */
} reference_model;

/* A policy.  Its own state of a model, and of an instance, is a struct of
   members of 8 bytes each (double, int64_t, uint64_t), zeroed at first, so that
   it can be saved as it is.  Functions may be NULL unless they say otherwise.
 */
typedef struct reference_policy {
  uint32_t model_words, self_words;
  int32_t reranks; /* scores change with time: rank anew at each settled */

  void (*configure)(reference *ref, const hearth_config *config);
  /* A request for `model` came; its times are still those of before it. */
  hearth_status (*used)(reference *ref, uint32_t model,
                        const hearth_outcome *outcome);
  /* `model` was loaded. */
  void (*loaded)(reference *ref, uint32_t model, int64_t at_ms);
  /* `model` left memory. */
  void (*left)(reference *ref, uint32_t model);
  /* Higher is kept longer.  Absent: as recently used. */
  double (*score)(reference *ref, uint32_t model, int64_t now);
  /* How long `model`, just used, is kept idle where memory has a price; -1:
     without limit, as without this function. */
  int64_t (*keep_for)(reference *ref, uint32_t model, int64_t now);
  /* Fill p[m] with the probability that the next request is for m. */
  void (*probability)(reference *ref, const hearth_context *context, double *p);
  /* The probabilities p[i] that `model` is requested within ms[i], for each of
     the HEARTH_HORIZONS: for predict/1, where the plugin's get_extension is
     reference_extension. */
  void (*within)(reference *ref, uint32_t model, int64_t now, const double *ms,
                 double *p);
  /* More entries, or a review, after the base's own. */
  void (*extend)(reference *ref, const hearth_context *context);
} reference_policy;

struct hearth_plugin {
  const hearth_plugin_entry *entry;
  const reference_policy *policy;
  const hearth_host *host;
  hearth_memory_user memory;
  hearth_config config; /* without its strings and lists */
  hearth_names *names;
  reference_model *models;
  uint64_t *own;  /* policy->model_words of each model */
  uint64_t *self; /* policy->self_words */
  double *p;      /* room for probabilities */
  uint32_t model_cap, own_cap, p_cap;
  uint32_t *order; /* the models that are present, best first */
  uint32_t order_count, order_cap;
  uint64_t arrivals;
  uint32_t latest; /* the model last requested */
  int32_t has_catalog;
  int32_t list_all;  /* the host's order is not known: list all of it */
  double budget_mb;  /* -1: none */
  int64_t lanes;     /* loads at a time; -1: no limit */
  double idle_price; /* of memory, -1: none */
  int64_t now;
  struct reference_flight *flights; /* requests that run or wait */
  uint32_t flight_count, flight_cap;
  hearth_seen *seen;         /* recent requests */
  hearth_resident *resident; /* room to decode into */
  uint32_t resident_cap;
  hearth_plan_model *plan; /* room for every model */
  hearth_plan_model blank;
  uint32_t plan_count, plan_cap, plan_limit;
  uint32_t plans;    /* the number of the present one */
  int64_t review_at; /* -1: none */
};

/* For policies. */
static inline reference_model *reference_at(reference *ref, uint32_t model) {
  return &ref->models[model];
}
static inline void *reference_own(reference *ref, uint32_t model) {
  return ref->own + (uint64_t)model * ref->policy->model_words;
}
uint32_t reference_count(const reference *ref);

/* Append a model to the plan, or give its entry if it is there already.  NULL
   when the plan is full or the model is no candidate. */
hearth_plan_model *reference_list(reference *ref, uint32_t model);

/* Ask to be called again by then; the earliest counts. */
void reference_review(reference *ref, int64_t at_ms);

/* Idle time in ms whose memory costs as much as a load: price * load / memory;
   -1 where memory has no price. */
int64_t reference_break_even(const reference *ref, uint32_t model);

/* When `model` is next requested, later than `after_ms`; INT64_MAX: never, or
   the host can't tell. */
int64_t reference_next_use(const reference *ref, uint32_t model,
                           int64_t after_ms);

/* For the macro below. */
hearth_status reference_create(const reference_policy *policy,
                               const hearth_plugin_entry *entry,
                               const hearth_host *host, const hearth_call *call,
                               hearth_bytes config, hearth_plugin **out);
void reference_destroy(hearth_plugin *ref);
hearth_status reference_set_catalog(hearth_plugin *ref, const hearth_call *call,
                                    hearth_bytes catalog);
hearth_status reference_prepare(hearth_plugin *ref, const hearth_call *call,
                                hearth_bytes context, hearth_sink *out);
hearth_status reference_metadata(hearth_plugin *ref, const hearth_call *call,
                                 hearth_bytes query, hearth_sink *out);
hearth_status reference_outcome(hearth_plugin *ref, const hearth_call *call,
                                hearth_bytes outcome);
const void *reference_extension(hearth_plugin *ref, const char *id);
hearth_status reference_save(hearth_plugin *ref, const hearth_call *call,
                             hearth_sink *out);
hearth_status reference_load(hearth_plugin *ref, const hearth_call *call,
                             hearth_source *in);

/* The entry of a plugin of `policy_`; further members follow. */
#define REFERENCE_PLUGIN(policy_, id_, name_, about_, ...)                     \
  static hearth_status create(                                                 \
      const hearth_plugin_entry *self, const hearth_host *host,                \
      const hearth_call *call, hearth_bytes config, hearth_plugin **out) {     \
    return reference_create(&(policy_), self, host, call, config, out);        \
  }                                                                            \
  HEARTH_DEFINE_PLUGIN(.id = id_, .name = name_, .vendor = "Hearth",           \
                       .version = "1.0.0", .description = about_,              \
                       .create = create, .destroy = reference_destroy,         \
                       .set_catalog = reference_set_catalog,                   \
                       .prepare_models = reference_prepare,                    \
                       .get_model_metadata = reference_metadata,               \
                       .record_outcome = reference_outcome, __VA_ARGS__)

#define REFERENCE_CAPS (HEARTH_CAP_DETERMINISTIC | HEARTH_CAP_UNLOADABLE)
/* For policies whose state is all in words. */
#define REFERENCE_STATE                                                        \
  .caps = REFERENCE_CAPS | HEARTH_CAP_STATE, .save_state = reference_save,     \
  .load_state = reference_load

#endif
