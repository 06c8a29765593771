/* SPDX-License-Identifier: MIT
   What is in a predictor, and who may touch it when. */
#ifndef HEARTH_PREDICTOR_INTERNAL_H
#define HEARTH_PREDICTOR_INTERNAL_H

#include <pthread.h>

#include "hearth/predictor.h"
#include "host-sdk/predictor/cache.h"
#include "host-sdk/predictor/convert.h"
#include "host-sdk/predictor/ledger.h"
#include "host-sdk/predictor/metrics.h"
#include "host-sdk/slot/slot.h"
#include "plugin/sdk/names.h"
#include "plugin/sdk/pool/pool.h"

/* A model; its number is that of the names and of the pool. */
typedef struct hearth__model {
  char *name;      /* owned; never moves, so that predictions can point to it */
  int32_t listed;  /* in the catalog now */
  int32_t adopt;   /* it is loaded already: its load is only booked */
  int32_t in_load; /* the orchestrator's load runs for it */
  uint32_t losses; /* loads that failed so far */
  uint64_t load;   /* the load under way, 0: none; numbers are never reused */
  uint64_t reported; /* the load that was last reported from outside */
  int64_t load_began_ms;
} hearth__model;

/* Four locks, taken in this order; nobody holds one while the orchestrator
   loads: planning  one question to the plugin at a time, and what it is put in
     acting    unloads, and the order in which actions are taken from the pool;
               waits if a model's cancelled load has not returned yet
     lock      the pool, models, ledger, metrics: held for moments, never while
               the plugin or the orchestrator is called
     telling   one outcome to the plugin at a time */
struct hearth_predictor {
  hearth_slot *slot;
  hearth_predictor_options options; /* its pointers: only what is documented */
  char *pool_id;

  pthread_mutex_t planning;
  hearth_output context, answer;
  hearth__cache *cache;
  hearth_resident *residents; /* `cap` of them: room for a whole catalog */
  int32_t resync; /* tell the plugin all residents, with the next question */
  uint64_t generation; /* of the plugin that was last asked */

  pthread_mutex_t acting;

  pthread_mutex_t lock;
  pthread_cond_t changed; /* a load ended, a model is ready or lost */
  hearth_pool *pool;
  hearth_names *names, *groups;
  hearth__model *models;
  uint32_t count, cap; /* of models */
  uint64_t loads;      /* so far */
  uint64_t catalogs;   /* resyncs, and models gone from the catalog, so far */
  uint64_t made_ids;
  int64_t review_at_ms; /* HEARTH_NEVER: none */
  hearth__ledger *ledger;
  hearth__metrics metrics;

  pthread_mutex_t telling;
  hearth_output outcome;
};

int64_t hearth__now(const hearth_predictor *predictor);
uint64_t hearth__ticks(const hearth_predictor *predictor);

/* Whether models may be loaded between requests now. */
int hearth__background(const hearth_predictor *predictor);

/* The plugin's memory by its host's count; -1: the host does not count. */
double hearth__memory_mb(const hearth_predictor *predictor);

/* A Catalog message. */
hearth_status hearth__catalog_encode(const hearth_model *models, uint32_t count,
                                     hearth_output *out);

/* The number of a model that is in the catalog, or HEARTH_NO_MODEL.  With the
   lock held. */
uint32_t hearth__model_find(const hearth_predictor *predictor, hearth_str name);

/* HEARTH_MODEL_*; with the lock held. */
int32_t hearth__model_state(const hearth_predictor *predictor, uint32_t model);

/* Take a catalog in; with the lock held, or before there are threads.  Models
   that are new are added, those that are gone no longer listed. */
hearth_status hearth__models_take(hearth_predictor *predictor,
                                  const hearth_model *models, uint32_t count,
                                  char *err, uint64_t err_cap);

/* Do what the pool asks for at this time, until there is nothing.  Without any
   lock. */
void hearth__act(hearth_predictor *predictor);

/* Ask the plugin for a plan and adopt it.  `reason` is HEARTH_REASON_*; `model`
   the one just used, for a settled context, else HEARTH_NO_MODEL; `out` may be
   NULL, else gets all but its id and the models' states.  Without any lock. */
void hearth__plan(hearth_predictor *predictor, const hearth_request *request,
                  int32_t reason, uint32_t model, hearth_prediction *out);

/* Tell the plugin what happened.  Failures are counted and logged. */
void hearth__tell_outcome(hearth_predictor *predictor,
                          const hearth_outcome *outcome);

/* An outcome about a model, with everything else at its default. */
void hearth__outcome_of(const hearth_predictor *predictor, int32_t phase,
                        uint32_t model, hearth_outcome *out);
/* What an outcome and a context tell of the pool. */
hearth_pool_terms hearth__terms_of(const hearth_predictor *predictor);

/* The catalog's models that the orchestrator lists become resident in the
   books, others absent.  Without any lock. */
hearth_status hearth__resync(hearth_predictor *predictor);

#endif
