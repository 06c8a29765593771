/* SPDX-License-Identifier: MIT
   Foresight's state: an instance that loads it goes on as the one that saved
   it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/sdk/state.h"
#include "tests/foresight/course.h"
#include "tests/sdk/mend.h"
#include "tests/sdk/support.h"
#include "tests/unit.h"

static const course budget = {.budget_mb = 8192, .idle_price = -1, .users = 1};
static const course price = {.budget_mb = -1, .idle_price = 100, .users = 1};
static const course neither = {.budget_mb = -1, .idle_price = -1, .users = 1};
static const course strangers = {.budget_mb = 8192, .idle_price = -1};

static int equal(const hearth_buffer *a, const hearth_buffer *b) {
  return a->len == b->len && memcmp(a->data, b->data, (size_t)a->len) == 0;
}

/* What `from` saved, `to` loads, and both save the same; gives the length. */
static uint64_t hand_over(hearth_plugin *from, hearth_plugin *to) {
  hearth_buffer first, second;
  char err[256];
  CU_ASSERT_EQUAL(course_save(from, &first), HEARTH_OK);
  CU_ASSERT_EQUAL(course_load(to, hearth_buffer_bytes(&first), 0, err),
                  HEARTH_OK);
  CU_ASSERT_STRING_EQUAL(err, "");
  CU_ASSERT_EQUAL(course_save(to, &second), HEARTH_OK);
  CU_ASSERT(equal(&first, &second));
  const uint64_t len = first.len;
  hearth_buffer_free(&first);
  hearth_buffer_free(&second);
  return len;
}

/* From step `from` to `to` both answer the same, and know the same after. */
static void go_on(const course *c, hearth_plugin *a, hearth_plugin *b,
                  uint64_t from, uint64_t to) {
  hearth_buffer of_a, of_b;
  hearth_buffer_init(&of_a, 0);
  hearth_buffer_init(&of_b, 0);
  course_run(c, a, from, to, &of_a);
  course_run(c, b, from, to, &of_b);
  CU_ASSERT(equal(&of_a, &of_b));
  of_a.len = of_b.len = 0;
  CU_ASSERT_EQUAL(foresight_entry.save_state(a, NULL, &of_a.sink), HEARTH_OK);
  CU_ASSERT_EQUAL(foresight_entry.save_state(b, NULL, &of_b.sink), HEARTH_OK);
  CU_ASSERT(equal(&of_a, &of_b));
  hearth_buffer_free(&of_a);
  hearth_buffer_free(&of_b);
}

static void round_trips(const course *c) {
  static const uint64_t moments[] = {0, 1, 2, 7, 60, 400, 1500};
  const uint64_t more = getenv("HEARTH_LONG") ? 3000 : 300;
  hearth_plugin *first = course_create(NULL, NULL, COURSE_MODELS);
  uint64_t at = 0;
  CU_ASSERT_PTR_NOT_NULL_FATAL(first);
  for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
    hearth_plugin *a = course_create(NULL, NULL, COURSE_MODELS);
    hearth_plugin *b = course_create(NULL, NULL, COURSE_MODELS);
    CU_ASSERT_PTR_NOT_NULL_FATAL(a);
    CU_ASSERT_PTR_NOT_NULL_FATAL(b);
    course_run(c, first, at, moments[i], NULL);
    at = moments[i];
    (void)hand_over(first, a);
    (void)hand_over(a, b);
    go_on(c, a, b, at, at + more);
    foresight_entry.destroy(a);
    foresight_entry.destroy(b);
  }
  /* The one that never was loaded, too. */
  hearth_plugin *last = course_create(NULL, NULL, COURSE_MODELS);
  (void)hand_over(first, last);
  go_on(c, first, last, at, at + more);
  foresight_entry.destroy(last);
  foresight_entry.destroy(first);
}

static void test_round_trip_budget(void) {
  round_trips(&budget);
}
static void test_round_trip_price(void) {
  round_trips(&price);
}
static void test_round_trip_neither(void) {
  round_trips(&neither);
}
static void test_round_trip_nobody(void) {
  round_trips(&strangers);
}

/* Both deciding heads, in an instance that has asked for both; and between a
   question and what came of it. */
static void test_both_and_between(void) {
  hearth_plugin *a = course_create(NULL, NULL, COURSE_MODELS);
  hearth_plugin *b = course_create(NULL, NULL, COURSE_MODELS);
  CU_ASSERT_PTR_NOT_NULL_FATAL(a);
  CU_ASSERT_PTR_NOT_NULL_FATAL(b);
  course_run(&budget, a, 0, 200, NULL);
  course_run(&price, a, 200, 400, NULL);
  course_ask(&price, a, 400, "user3", NULL);
  (void)hand_over(a, b);
  go_on(&price, a, b, 400, 600);
  go_on(&budget, a, b, 600, 800);
  foresight_entry.destroy(a);
  foresight_entry.destroy(b);
}

/* A state of format 2 differs from this one's only where a price head is, which
   keeps forecasts now. */
static void test_older_format(void) {
  hearth_plugin *a = course_create(NULL, NULL, COURSE_MODELS);
  hearth_plugin *b = course_create(NULL, NULL, COURSE_MODELS);
  hearth_buffer state;
  char err[256];
  CU_ASSERT_PTR_NOT_NULL_FATAL(a);
  CU_ASSERT_PTR_NOT_NULL_FATAL(b);
  course_run(&budget, a, 0, 300, NULL);
  CU_ASSERT_EQUAL_FATAL(course_save(a, &state), HEARTH_OK);
  CU_ASSERT_EQUAL(state.data[8], 3);
  state.data[8] = 2;
  mend_walk(state.data, (size_t)state.len, 1, NULL, NULL);
  CU_ASSERT_EQUAL(course_load(b, hearth_buffer_bytes(&state), 0, err),
                  HEARTH_OK);
  CU_ASSERT_STRING_EQUAL(err, "");
  hearth_buffer_free(&state);
  go_on(&budget, a, b, 300, 500);
  foresight_entry.destroy(a);
  foresight_entry.destroy(b);
}

/* What the loading instance learned before is gone, its counters too. */
static void test_replaces(void) {
  hearth_plugin *a = course_create(NULL, NULL, COURSE_MODELS);
  hearth_plugin *b = course_create(NULL, NULL, COURSE_MODELS);
  CU_ASSERT_PTR_NOT_NULL_FATAL(a);
  CU_ASSERT_PTR_NOT_NULL_FATAL(b);
  course_run(&price, a, 0, 100, NULL);
  course_run(&budget, b, 1000, 1300, NULL);
  (void)hand_over(a, b);
  go_on(&price, a, b, 100, 200);
  foresight_entry.destroy(a);
  foresight_entry.destroy(b);
}

/* The seed goes with the state. */
static void test_other_seed(void) {
  hearth_config config;
  hearth_message_init(&hearth_config_schema, &config);
  config.seed = 12345;
  hearth_plugin *a = course_create(NULL, &config, COURSE_MODELS);
  config.seed = -7;
  hearth_plugin *b = course_create(NULL, &config, COURSE_MODELS);
  CU_ASSERT_PTR_NOT_NULL_FATAL(a);
  CU_ASSERT_PTR_NOT_NULL_FATAL(b);
  course_run(&price, a, 0, 300, NULL);
  (void)hand_over(a, b);
  go_on(&price, a, b, 300, 500);
  foresight_entry.destroy(a);
  foresight_entry.destroy(b);
}

/* An instance without a catalog takes the state's. */
static void test_no_catalog(void) {
  hearth_plugin *a = course_create(NULL, NULL, COURSE_MODELS);
  hearth_plugin *b = course_create(NULL, NULL, 0);
  CU_ASSERT_PTR_NOT_NULL_FATAL(a);
  CU_ASSERT_PTR_NOT_NULL_FATAL(b);
  course_run(&budget, a, 0, 300, NULL);
  (void)hand_over(a, b);
  go_on(&budget, a, b, 300, 500);
  foresight_entry.destroy(a);
  foresight_entry.destroy(b);
}

/* One with another catalog goes on as if the saving one had been told it. */
static void other_catalog(const course *c, uint32_t first, uint32_t models,
                          double memory_mb) {
  hearth_buffer state;
  hearth_plugin *a = course_create(NULL, NULL, COURSE_MODELS);
  hearth_plugin *b = course_create(NULL, NULL, 0);
  CU_ASSERT_PTR_NOT_NULL_FATAL(a);
  CU_ASSERT_PTR_NOT_NULL_FATAL(b);
  CU_ASSERT_EQUAL(course_catalog(b, first, models, memory_mb), HEARTH_OK);
  course_run(c, a, 0, 300, NULL);
  CU_ASSERT_EQUAL(course_save(a, &state), HEARTH_OK);
  CU_ASSERT_EQUAL(course_load(b, hearth_buffer_bytes(&state), 0, NULL),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(course_catalog(a, first, models, memory_mb), HEARTH_OK);
  go_on(c, a, b, 300, 500);
  hearth_buffer_free(&state);
  foresight_entry.destroy(a);
  foresight_entry.destroy(b);
}

static void test_other_catalogs(void) {
  other_catalog(&budget, 0, 5, 1024);     /* fewer */
  other_catalog(&budget, 16, 24, 1024);   /* some the same, some new */
  other_catalog(&budget, 5000, 24, 1024); /* all others */
  other_catalog(&budget, 0, 24, 3000);    /* other sizes */
  other_catalog(&price, 16, 24, 2000);
}

/* A state without a catalog is for instances without one. */
static void test_nothing_learned(void) {
  hearth_plugin *a = course_create(NULL, NULL, 0);
  hearth_plugin *b = course_create(NULL, NULL, 0);
  CU_ASSERT_PTR_NOT_NULL_FATAL(a);
  CU_ASSERT_PTR_NOT_NULL_FATAL(b);
  CU_ASSERT(hand_over(a, b) < 8192);
  foresight_entry.destroy(b);
  b = course_create(NULL, NULL, COURSE_MODELS);
  CU_ASSERT(hand_over(b, a) < 8192);
  go_on(&budget, a, b, 0, 50);
  foresight_entry.destroy(a);
  foresight_entry.destroy(b);
}

static hearth_plugin *of_memory(double mb) {
  hearth_config config;
  hearth_message_init(&hearth_config_schema, &config);
  config.max_memory_mb = mb;
  return course_create(NULL, &config, COURSE_MODELS);
}

/* Room for fewer users keeps the latest; room for more keeps all. */
static void test_memory(void) {
  hearth_plugin *large = of_memory(64), *small = of_memory(11.5);
  hearth_buffer state, again, small_state;
  CU_ASSERT_PTR_NOT_NULL_FATAL(large);
  CU_ASSERT_PTR_NOT_NULL_FATAL(small);
  course_run(&budget, large, 0, 200, NULL);
  for (uint64_t i = 0; i < 9000; i++) { /* more than a small one has room for */
    char user[16];
    snprintf(user, sizeof user, "guest%u", (unsigned)i);
    hearth_outcome o;
    hearth_message_init(&hearth_outcome_schema, &o);
    o.phase = HEARTH_PHASE_STARTED;
    o.at_ms = 1700000000000 + 200 * 23000 + (int64_t)(200 / 40) * 5400000;
    o.model = hearth_str_from("m1");
    o.user.id = hearth_str_from(user);
    hearth_buffer_init(&again, 0);
    CU_ASSERT_EQUAL(hearth_encode(&hearth_outcome_schema, &o, &again.sink),
                    HEARTH_OK);
    CU_ASSERT_EQUAL(foresight_entry.record_outcome(large, NULL,
                                                   hearth_buffer_bytes(&again)),
                    HEARTH_OK);
    hearth_buffer_free(&again);
  }
  CU_ASSERT_EQUAL(course_save(large, &state), HEARTH_OK);
  CU_ASSERT_EQUAL(course_load(small, hearth_buffer_bytes(&state), 0, NULL),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(course_save(small, &small_state), HEARTH_OK);
  CU_ASSERT(small_state.len < state.len);
  course_run(&budget, small, 300, 400, NULL);
  (void)hand_over(small, large);
  hearth_buffer_free(&state);
  hearth_buffer_free(&small_state);
  foresight_entry.destroy(large);
  foresight_entry.destroy(small);
}

/* A source may give as little as it likes at a time. */
static void test_slow_source(void) {
  hearth_plugin *a = course_create(NULL, NULL, COURSE_MODELS);
  hearth_plugin *b = course_create(NULL, NULL, COURSE_MODELS);
  hearth_buffer state;
  CU_ASSERT_PTR_NOT_NULL_FATAL(a);
  CU_ASSERT_PTR_NOT_NULL_FATAL(b);
  course_run(&budget, a, 0, 100, NULL);
  CU_ASSERT_EQUAL(course_save(a, &state), HEARTH_OK);
  CU_ASSERT_EQUAL(course_load(b, hearth_buffer_bytes(&state), 1, NULL),
                  HEARTH_OK);
  go_on(&budget, a, b, 100, 150);
  hearth_buffer_free(&state);
  foresight_entry.destroy(a);
  foresight_entry.destroy(b);
}

/* A sink that fails, wherever that is, gets its status back and does the
   instance no harm. */
static void test_failing_sink(void) {
  hearth_plugin *a = course_create(NULL, NULL, COURSE_MODELS);
  hearth_plugin *b = course_create(NULL, NULL, COURSE_MODELS);
  hearth_buffer state;
  CU_ASSERT_PTR_NOT_NULL_FATAL(a);
  CU_ASSERT_PTR_NOT_NULL_FATAL(b);
  course_run(&budget, a, 0, 100, NULL);
  course_run(&price, a, 100, 200, NULL);
  (void)hand_over(a, b);
  CU_ASSERT_EQUAL(course_save(a, &state), HEARTH_OK);
  const uint64_t step = state.len / 60;
  for (uint64_t limit = 1; limit < state.len; limit += step) {
    hearth_buffer small;
    hearth_buffer_init(&small, limit);
    CU_ASSERT_EQUAL(foresight_entry.save_state(a, NULL, &small.sink),
                    HEARTH_LIMIT);
    hearth_buffer_free(&small);
  }
  go_on(&price, a, b, 200, 300);
  hearth_buffer_free(&state);
  foresight_entry.destroy(a);
  foresight_entry.destroy(b);
}

static void test_capability(void) {
  CU_ASSERT(foresight_entry.caps & HEARTH_CAP_STATE);
  CU_ASSERT_EQUAL(foresight_entry.save_state(NULL, NULL, NULL), HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(foresight_entry.load_state(NULL, NULL, NULL), HEARTH_BAD_ARG);
}

UNIT_MAIN("foresight state", UNIT(test_round_trip_budget),
          UNIT(test_round_trip_price), UNIT(test_round_trip_neither),
          UNIT(test_round_trip_nobody), UNIT(test_both_and_between),
          UNIT(test_older_format), UNIT(test_replaces), UNIT(test_other_seed),
          UNIT(test_no_catalog), UNIT(test_other_catalogs),
          UNIT(test_nothing_learned), UNIT(test_memory), UNIT(test_slow_source),
          UNIT(test_failing_sink), UNIT(test_capability))
