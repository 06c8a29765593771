/* SPDX-License-Identifier: MIT
   The pool against the plain model of its rules, on random traces. */
#include <stdio.h>
#include <string.h>

#include "plugin/sdk/pool/sim.h"
#include "plugin/sdk/wire/messages.h"
#include "tests/pool/model.h"
#include "tests/pool/random.h"
#include "tests/unit.h"

enum { SEEDS = 2000, STEPS = 60 };

/* What the pool's sim did, and whether it kept its promises. */
typedef struct trace {
  hearth_sim_event events[MODEL_EVENTS];
  uint32_t count;
} trace;

static trace recorded;
static model_sim plain;

static void record(void *user, const hearth_sim_event *event) {
  trace *into = user;
  if (into->count < MODEL_EVENTS) {
    into->events[into->count++] = *event;
  }
}

static int same_event(const hearth_sim_event *a, const hearth_sim_event *b) {
  return a->kind == b->kind && a->demand == b->demand &&
         a->expired == b->expired && a->model == b->model &&
         a->request == b->request && a->at_ms == b->at_ms &&
         a->wait_ms == b->wait_ms && a->duration_ms == b->duration_ms;
}

static int same_events(uint64_t seed) {
  uint32_t i = 0;
  while (i < recorded.count && i < plain.event_count &&
         same_event(&recorded.events[i], &plain.events[i])) {
    i++;
  }
  if (i == recorded.count && i == plain.event_count) {
    return 1;
  }
  const hearth_sim_event *a = &recorded.events[i];
  const hearth_sim_event *b = &plain.events[i];
  printf("# seed %llu, event %u: pool %d of model %u at %lld, plain %d of "
         "model %u at %lld\n",
         (unsigned long long)seed, i, a->kind, a->model, (long long)a->at_ms,
         b->kind, b->model, (long long)b->at_ms);
  return 0;
}

static hearth_pool_options random_options(uint64_t *random) {
  hearth_pool_options options;
  hearth_pool_options_init(&options);
  if (below(random, 4) > 0) {
    options.budget_kb = 10 + below(random, 30);
  }
  options.lanes = below(random, 4);
  options.keep_alive = below(random, 2) == 0;
  options.max_warm = below(random, 4) == 0 ? 1 + below(random, 4) : 0;
  options.min_residency_ms = below(random, 4) == 0 ? below(random, 30) : 0;
  return options;
}

static hearth_pool_model random_model(uint64_t *random) {
  return (hearth_pool_model){.memory_kb = 1 + below(random, 10),
                             .load_ms = below(random, 20),
                             .group = below(random, 4) == 0 ? below(random, 2)
                                                            : HEARTH_NO_GROUP,
                             .pinned = below(random, 12) == 0};
}

static uint32_t random_plan(uint64_t *random, uint32_t models, int64_t now,
                            hearth_plan_entry *entries) {
  const uint32_t count = below(random, models + 1);
  for (uint32_t i = 0; i < count; i++) {
    const int64_t from_now[3] = {-1, now + below(random, 30),
                                 now + below(random, 60)};
    entries[i] = (hearth_plan_entry){
        .model = below(random, models),
        .action = below(random, 2) ? HEARTH_ACTION_WARM : HEARTH_ACTION_KEEP,
        .start_at_ms = from_now[below(random, 2)],
        .warm_by_ms = from_now[2 * below(random, 2)],
        .keep_for_ms = (int64_t)below(random, 40) - 1};
  }
  return count;
}

static int promises_kept(hearth_pool *pool, int64_t budget_kb) {
  int64_t sum = 0;
  uint32_t residents = 0;
  for (uint32_t id = hearth_pool_above(pool, HEARTH_NO_MODEL);
       id != HEARTH_NO_MODEL; id = hearth_pool_above(pool, id)) {
    sum += plain.of[id].is.memory_kb;
    residents++;
  }
  for (uint32_t id = 0; id < plain.count; id++) {
    const hearth_residency state = hearth_pool_residency(pool, id);
    residents -= state >= HEARTH_DEMANDED;
    if (state != plain.of[id].state) {
      return 0;
    }
  }
  return residents == 0 && sum == hearth_pool_used_kb(pool) &&
         (budget_kb < 0 || sum <= budget_kb);
}

static void plan_both(hearth_sim *sim, uint64_t *random, int64_t now) {
  hearth_plan_entry entries[MODEL_MAX];
  const uint32_t count = random_plan(random, plain.count, now, entries);
  hearth_sim_plan(sim, now, entries, count);
  model_plan(&plain, now, entries, count);
}

/* A request as a replay makes it: plan, request, plan, start. */
static int request_both(hearth_sim *sim, uint64_t *random, int64_t now) {
  const uint32_t id = below(random, plain.count);
  const int64_t duration = below(random, 3) ? below(random, 40) : 0;
  const uint64_t number = plain.request_count;
  hearth_found found = HEARTH_FOUND_WARM;
  hearth_status status = hearth_sim_advance(sim, now);
  model_advance(&plain, now);
  if (below(random, 2)) {
    plan_both(sim, random, now);
  }
  status |= hearth_sim_request(sim, now, id, duration, number, &found);
  const hearth_found same = model_ask(&plain, now, id, duration);
  if (below(random, 2)) {
    plan_both(sim, random, now);
  }
  status |= hearth_sim_start(sim, now);
  model_start(&plain, now);
  return status == HEARTH_OK && found == same;
}

static int review_both(hearth_sim *sim, uint64_t *random, int64_t now) {
  hearth_status status = hearth_sim_finish_instant(sim, now);
  model_finish_instant(&plain, now);
  plan_both(sim, random, now);
  status |= hearth_sim_start(sim, now);
  model_start(&plain, now);
  return status == HEARTH_OK;
}

static int same_on(uint64_t seed) {
  const hearth_memory_user memory = {0};
  uint64_t random = seed;
  const hearth_pool_options options = random_options(&random);
  const uint32_t models = 2 + below(&random, MODEL_MAX - 2);
  hearth_sim *sim = NULL;
  int64_t now = 0;
  int same = hearth_sim_new(&memory, &options, record, &recorded, &sim) == 0;
  recorded.count = 0;
  model_init(&plain, &options);
  for (uint32_t i = 0; i < models; i++) {
    const hearth_pool_model is = random_model(&random);
    same &= hearth_pool_add(hearth_sim_pool(sim), &is) == HEARTH_OK;
    model_add(&plain, &is);
  }
  for (uint32_t i = 0; same && i < STEPS; i++) {
    now += below(&random, 3) ? below(&random, 12) : 0;
    same = below(&random, 4) ? request_both(sim, &random, now)
                             : review_both(sim, &random, now);
    same &= promises_kept(hearth_sim_pool(sim), options.budget_kb);
  }
  same &= hearth_sim_advance(sim, now + 5000) == HEARTH_OK;
  model_advance(&plain, now + 5000);
  same &= same_events(seed);
  hearth_sim_free(sim);
  return same;
}

static void test_random_traces(void) {
  uint32_t different = 0;
  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    if (!same_on(seed)) {
      different++;
      printf("# seed %llu differs\n", (unsigned long long)seed);
    }
  }
  CU_ASSERT_EQUAL(different, 0);
}

UNIT_MAIN("pool against a plain model", UNIT(test_random_traces))
