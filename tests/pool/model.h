/* SPDX-License-Identifier: MIT
   The pool's rules once more, in the plainest code: slow, to test against. */
#ifndef HEARTH_TESTS_POOL_MODEL_H
#define HEARTH_TESTS_POOL_MODEL_H

#include "plugin/sdk/pool/sim.h"

enum { MODEL_MAX = 16, MODEL_REQUESTS = 512, MODEL_EVENTS = 8192 };

typedef struct model_request {
  int64_t since, end, duration;
  uint64_t order; /* of running; 0: waiting */
  uint32_t model;
  int done;
} model_request;

typedef struct model_entry {
  hearth_pool_model is;
  hearth_residency state;
  int64_t last_request, ready_at, keep_for, keep_from, load_end;
  int64_t start_at, warm_by;
  uint64_t load_order, load_place;
  int wish, wish_due;
} model_entry;

/* A sim, written down as it is told: no heap, no list, no running sum. */
typedef struct model_sim {
  hearth_pool_options options;
  uint32_t count;
  model_entry of[MODEL_MAX];
  uint32_t order[MODEL_MAX], listed; /* what plans listed, best first */
  uint32_t queue[MODEL_MAX], queued; /* demanded and absent, oldest first */
  model_request requests[MODEL_REQUESTS];
  uint32_t request_count;
  uint64_t started;
  int64_t clock; /* all before it has happened */
  hearth_sim_event events[MODEL_EVENTS];
  uint32_t event_count;
} model_sim;

void model_init(model_sim *model, const hearth_pool_options *options);
void model_add(model_sim *model, const hearth_pool_model *is);
void model_advance(model_sim *model, int64_t now);
void model_finish_instant(model_sim *model, int64_t now);
hearth_found model_ask(model_sim *model, int64_t now, uint32_t id,
                       int64_t duration_ms);
void model_plan(model_sim *model, int64_t now, const hearth_plan_entry *entries,
                uint32_t count);
void model_start(model_sim *model, int64_t now);

/* For model_time.c. */
int model_resident(const model_sim *model, uint32_t id);
int model_running(const model_sim *model, uint32_t id);
int model_waiting(const model_sim *model, uint32_t id);
int model_evictable(const model_sim *model, uint32_t id);
void model_evict(model_sim *model, int64_t now, uint32_t id, int expired);
void model_tell(model_sim *model, hearth_sim_event event);

#endif
