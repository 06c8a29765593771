/* SPDX-License-Identifier: MIT
   The pool's functions that a sim does not reach, and what they refuse. */
#include "plugin/sdk/pool/pool.h"

#include <math.h>
#include <stdlib.h>

#include "plugin/sdk/pool/sim.h"
#include "plugin/sdk/pool/state.h"
#include "plugin/sdk/wire/messages.h"
#include "tests/unit.h"

static const hearth_memory_user heap_memory = {0};

static hearth_pool *pool_of(int64_t budget_kb, uint32_t models) {
  hearth_pool_options options;
  hearth_pool *pool = NULL;
  hearth_pool_options_init(&options);
  options.budget_kb = budget_kb;
  CU_ASSERT_EQUAL_FATAL(hearth_pool_new(&heap_memory, &options, &pool),
                        HEARTH_OK);
  for (uint32_t i = 0; i < models; i++) {
    const hearth_pool_model model = {10, 5, HEARTH_NO_GROUP, 0};
    CU_ASSERT_EQUAL(hearth_pool_add(pool, &model), HEARTH_OK);
  }
  return pool;
}

/* The action that comes next is of this kind, for this model. */
static int next_is(hearth_pool *pool, int64_t now, hearth_action_kind kind,
                   uint32_t model) {
  hearth_action action;
  return hearth_pool_next(pool, now, &action) && action.kind == kind &&
         action.model == model;
}

static int nothing_next(hearth_pool *pool, int64_t now) {
  hearth_action action;
  return !hearth_pool_next(pool, now, &action);
}

static void test_impossible_options(void) {
  hearth_pool_options options;
  hearth_pool *pool = NULL;
  hearth_pool_options_init(&options);
  options.budget_kb = -2;
  CU_ASSERT_EQUAL(hearth_pool_new(&heap_memory, &options, &pool),
                  HEARTH_BAD_ARG);
  hearth_pool_options_init(&options);
  options.min_residency_ms = -1;
  CU_ASSERT_EQUAL(hearth_pool_new(&heap_memory, &options, &pool),
                  HEARTH_BAD_ARG);
  hearth_pool_options_init(&options);
  options.speculation_share = NAN;
  CU_ASSERT_EQUAL(hearth_pool_new(&heap_memory, &options, &pool),
                  HEARTH_BAD_ARG);
  CU_ASSERT_PTR_NULL(pool);
  hearth_pool_free(NULL);
}

static void test_impossible_models(void) {
  hearth_pool *pool = pool_of(100, 0);
  const hearth_pool_model models[] = {
      {0, 5, HEARTH_NO_GROUP, 0},
      {-1, 5, HEARTH_NO_GROUP, 0},
      {10, -1, HEARTH_NO_GROUP, 0},
      {10, (int64_t)UINT32_MAX + 1, HEARTH_NO_GROUP, 0}};
  for (size_t i = 0; i < sizeof models / sizeof *models; i++) {
    CU_ASSERT_EQUAL(hearth_pool_add(pool, &models[i]), HEARTH_BAD_ARG);
  }
  const hearth_pool_model large = {101, 5, HEARTH_NO_GROUP, 0};
  CU_ASSERT_EQUAL(hearth_pool_add(pool, &large), HEARTH_LIMIT);
  CU_ASSERT_EQUAL(hearth_pool_update(pool, 0, &large), HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(hearth_pool_count(pool), 0);
  hearth_pool_free(pool);
}

/* A plan may name what the pool does not have. */
static void test_unknown_model_in_a_plan(void) {
  hearth_pool *pool = pool_of(-1, 1);
  const hearth_plan_entry entries[] = {{9, HEARTH_ACTION_WARM, -1, -1, -1},
                                       {0, HEARTH_ACTION_WARM, -1, -1, -1}};
  hearth_pool_plan(pool, entries, 2, 0);
  CU_ASSERT(next_is(pool, 0, HEARTH_DO_LOAD, 0));
  CU_ASSERT(nothing_next(pool, 0));
  hearth_pool_free(pool);
}

static void test_abandon(void) {
  hearth_pool *pool = pool_of(10, 2);
  hearth_pool_request(pool, 0, 0);
  CU_ASSERT(next_is(pool, 0, HEARTH_DO_LOAD, 0));
  hearth_pool_request(pool, 1, 1);
  CU_ASSERT(nothing_next(pool, 1));
  hearth_pool_request(pool, 1, 2);
  hearth_pool_abandon(pool, 1, 3);
  CU_ASSERT_EQUAL(hearth_pool_residency(pool, 1), HEARTH_QUEUED);
  hearth_pool_abandon(pool, 1, 4);
  CU_ASSERT_EQUAL(hearth_pool_residency(pool, 1), HEARTH_ABSENT);
  hearth_pool_abandon(pool, 0, 5); /* in flight: it goes on */
  CU_ASSERT_FALSE(hearth_pool_busy(pool, 0));
  CU_ASSERT_EQUAL(hearth_pool_loaded(pool, 0, 6), 0);
  CU_ASSERT(nothing_next(pool, 6));
  hearth_pool_abandon(pool, 0, 7); /* nobody waits: nothing happens */
  CU_ASSERT_EQUAL(hearth_pool_residency(pool, 0), HEARTH_READY);
  hearth_pool_free(pool);
}

static void test_lost(void) {
  hearth_pool *pool = pool_of(10, 2);
  hearth_pool_request(pool, 0, 0);
  hearth_pool_request(pool, 0, 0);
  CU_ASSERT(next_is(pool, 0, HEARTH_DO_LOAD, 0));
  CU_ASSERT_EQUAL(hearth_pool_lost(pool, 0, 1), 2); /* the load failed */
  CU_ASSERT_EQUAL(hearth_pool_used_kb(pool), 0);
  CU_ASSERT_EQUAL(hearth_pool_loading(pool), 0);
  CU_ASSERT_EQUAL(hearth_pool_loaded(pool, 0, 1), 0);
  hearth_pool_request(pool, 0, 2);
  CU_ASSERT(next_is(pool, 2, HEARTH_DO_LOAD, 0));
  CU_ASSERT_EQUAL(hearth_pool_loaded(pool, 0, 3), 1);
  CU_ASSERT_EQUAL(hearth_pool_lost(pool, 0, 4), 0); /* the model vanished */
  hearth_pool_finish(pool, 0, 5);
  CU_ASSERT_EQUAL(hearth_pool_residency(pool, 0), HEARTH_ABSENT);
  CU_ASSERT_EQUAL(hearth_pool_above(pool, HEARTH_NO_MODEL), HEARTH_NO_MODEL);
  hearth_pool_request(pool, 1, 6);
  CU_ASSERT(next_is(pool, 6, HEARTH_DO_LOAD, 1));
  hearth_pool_free(pool);
}

static void test_update(void) {
  hearth_pool *pool = pool_of(40, 3);
  const hearth_pool_model pinned = {15, 5, HEARTH_NO_GROUP, 1};
  const hearth_pool_model loose = {15, 5, HEARTH_NO_GROUP, 0};
  const hearth_pool_model large = {41, 5, HEARTH_NO_GROUP, 0};
  hearth_pool_request(pool, 0, 0);
  CU_ASSERT(next_is(pool, 0, HEARTH_DO_LOAD, 0));
  CU_ASSERT_EQUAL(hearth_pool_update(pool, 0, &pinned), HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_pool_used_kb(pool), 15);
  hearth_pool_loaded(pool, 0, 5);
  hearth_pool_finish(pool, 0, 6);
  CU_ASSERT_EQUAL(hearth_pool_update(pool, 1, &loose), HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_pool_update(pool, 2, &loose), HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_pool_update(pool, 2, &large), HEARTH_LIMIT);
  hearth_pool_request(pool, 1, 7);
  CU_ASSERT(next_is(pool, 7, HEARTH_DO_LOAD, 1));
  hearth_pool_request(pool, 2, 8);
  CU_ASSERT(nothing_next(pool, 8)); /* 0 is pinned, 1 is loading */
  CU_ASSERT_EQUAL(hearth_pool_update(pool, 0, &loose), HEARTH_OK);
  CU_ASSERT(next_is(pool, 9, HEARTH_DO_EVICT, 0));
  CU_ASSERT(next_is(pool, 9, HEARTH_DO_LOAD, 2));
  hearth_pool_free(pool);
}

/* The keep-alive of a model that is unpinned counts from when it fell idle. */
static void test_update_and_keep_alive(void) {
  hearth_pool_options options;
  hearth_pool *pool = NULL;
  hearth_pool_model model = {10, 5, HEARTH_NO_GROUP, 1};
  const hearth_plan_entry entry = {0, HEARTH_ACTION_KEEP, -1, -1, 100};
  hearth_pool_options_init(&options);
  options.keep_alive = 1;
  CU_ASSERT_EQUAL_FATAL(hearth_pool_new(&heap_memory, &options, &pool), 0);
  CU_ASSERT_EQUAL(hearth_pool_add(pool, &model), HEARTH_OK);
  hearth_pool_plan(pool, &entry, 1, 0);
  hearth_pool_request(pool, 0, 0);
  CU_ASSERT(next_is(pool, 0, HEARTH_DO_LOAD, 0));
  hearth_pool_loaded(pool, 0, 5);
  hearth_pool_finish(pool, 0, 10);
  CU_ASSERT_EQUAL(hearth_pool_next_expiry(pool), HEARTH_NEVER);
  model.pinned = 0;
  CU_ASSERT_EQUAL(hearth_pool_update(pool, 0, &model), HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_pool_next_expiry(pool), 111);
  hearth_pool_expire(pool, 110);
  CU_ASSERT(nothing_next(pool, 110));
  hearth_pool_expire(pool, 111);
  CU_ASSERT(next_is(pool, 111, HEARTH_DO_EVICT, 0));
  CU_ASSERT_EQUAL(hearth_pool_next_expiry(pool), HEARTH_NEVER);
  hearth_pool_free(pool);
}

static void test_order_can_be_read(void) {
  hearth_pool *pool = pool_of(-1, 3);
  const hearth_plan_entry entries[] = {{1, HEARTH_ACTION_WARM, -1, -1, -1},
                                       {2, HEARTH_ACTION_WARM, -1, -1, -1},
                                       {0, HEARTH_ACTION_WARM, -1, -1, -1}};
  hearth_pool_plan(pool, entries, 3, 0);
  CU_ASSERT(next_is(pool, 0, HEARTH_DO_LOAD, 1));
  CU_ASSERT(next_is(pool, 0, HEARTH_DO_LOAD, 2));
  CU_ASSERT(next_is(pool, 0, HEARTH_DO_LOAD, 0));
  CU_ASSERT_EQUAL(hearth_pool_above(pool, HEARTH_NO_MODEL), 0);
  CU_ASSERT_EQUAL(hearth_pool_above(pool, 0), 2);
  CU_ASSERT_EQUAL(hearth_pool_above(pool, 2), 1);
  CU_ASSERT_EQUAL(hearth_pool_above(pool, 1), HEARTH_NO_MODEL);
  hearth_pool_free(pool);
}

/* Ghosts hold one of these a model. */
static void test_size_of_a_model(void) {
  const size_t in_heaps = 2 * (sizeof(int64_t) + 2 * sizeof(uint32_t));
  CU_ASSERT(sizeof(hearth__model) + in_heaps <= 128);
}

/* Fails the allocation after `left` more. */
static int64_t left;

static void *resize(const hearth_host *host, void *block, uint64_t len) {
  (void)host;
  if (len == 0) {
    free(block);
    return NULL;
  }
  return left-- > 0 ? realloc(block, (size_t)len) : NULL;
}

static const hearth_memory failing = {.size = sizeof failing, .resize = resize};

/* Everything a sim allocates for; what failed may be asked again. */
static hearth_status use_sim(void) {
  const hearth_memory_user memory = {.memory = &failing};
  const hearth_pool_model model = {10, 5, HEARTH_NO_GROUP, 0};
  hearth_pool_options options;
  hearth_sim *sim = NULL;
  hearth_found found;
  hearth_pool_options_init(&options);
  hearth_status status = hearth_sim_new(&memory, &options, NULL, NULL, &sim);
  if (status != HEARTH_OK) {
    return status;
  }
  for (uint32_t i = 0; status == HEARTH_OK && i < 9; i++) {
    status = hearth_pool_add(hearth_sim_pool(sim), &model);
  }
  for (uint32_t i = 0; status == HEARTH_OK && i < 90; i++) {
    status = hearth_sim_request(sim, i, i % 9, 100, i, &found);
    status = status == HEARTH_OK ? hearth_sim_start(sim, i) : status;
  }
  status = status == HEARTH_OK ? hearth_sim_finish_instant(sim, 500) : status;
  hearth_sim_free(sim);
  return status;
}

static void test_no_memory(void) {
  int64_t n = 0;
  hearth_status status = HEARTH_NO_MEMORY;
  for (; n < 1000 && status != HEARTH_OK; n++) {
    left = n;
    status = use_sim();
    CU_ASSERT(status == HEARTH_OK || status == HEARTH_NO_MEMORY);
  }
  CU_ASSERT(n > 10 && n < 1000);
}

UNIT_MAIN("pool", UNIT(test_impossible_options), UNIT(test_impossible_models),
          UNIT(test_unknown_model_in_a_plan), UNIT(test_abandon),
          UNIT(test_lost), UNIT(test_update), UNIT(test_update_and_keep_alive),
          UNIT(test_order_can_be_read), UNIT(test_size_of_a_model),
          UNIT(test_no_memory))
