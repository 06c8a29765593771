/* SPDX-License-Identifier: MIT
   The reference hybrid-histogram, by hand. */
#define HEARTH_STATIC_PLUGIN plugin_under_test
#include "plugin/reference/hybrid_histogram.c"

#include "tests/reference/stage.h"
#include "tests/unit.h"

static const stage_model models[] = {{1024, 2000}, {1024, 2000}};

/* a comes every `minutes`, `times` times; the number of the next request. */
static int come(stage *s, int64_t *now, int64_t minutes, int first, int times) {
  for (int i = 0; i < times; i++) {
    *now += minutes * MINUTE_MS;
    stage_use(s, *now, first + i, 'a');
  }
  return first + times;
}

static void test_few_samples_keep_240_minutes(void) {
  stage s;
  int64_t now = 0;
  stage_begin(&s, &plugin_under_test, models, 2);
  s.idle_price = 100;
  come(&s, &now, 30, 1, 10);
  CU_ASSERT_EQUAL(stage_entry(&s, 'a')->keep_for_ms, 240 * MINUTE_MS);
  CU_ASSERT_EQUAL(s.set.review_at_ms, -1);
  stage_end(&s);
}

/* Ten idle times of 30 minutes: unload, warm from 27 (.9 * 30) to 35 (1.1 * 31
   rounded up); the load takes 2 s. */
static void test_loads_again_in_time(void) {
  stage s;
  int64_t now = 0;
  stage_begin(&s, &plugin_under_test, models, 2);
  s.idle_price = 100;
  come(&s, &now, 30, 1, 11);
  CU_ASSERT_EQUAL(stage_entry(&s, 'a')->keep_for_ms, 0);
  CU_ASSERT_EQUAL(s.set.review_at_ms, now + REVIEW_MS);
  stage_tell(&s, now + 1, HEARTH_PHASE_EVICTED, 'a');
  stage_ask(&s, now + REVIEW_MS, HEARTH_REASON_TICK, "u");
  CU_ASSERT(stage_plan_is(&s, "a"));
  CU_ASSERT_EQUAL(stage_entry(&s, 'a')->action, HEARTH_ACTION_WARM);
  CU_ASSERT_EQUAL(stage_entry(&s, 'a')->start_at_ms,
                  now + 27 * MINUTE_MS - 2000);
  CU_ASSERT_EQUAL(stage_entry(&s, 'a')->keep_for_ms, 8 * MINUTE_MS);
  CU_ASSERT_EQUAL(s.set.review_at_ms, -1);
  stage_ask(&s, now + REVIEW_MS + 1, HEARTH_REASON_TICK, "u");
  CU_ASSERT(stage_plan_is(&s, "")); /* once */
  stage_end(&s);
}

/* Idle times within a minute: 0.9 * 0 is 0, so it is never unloaded early. */
static void test_short_idle_times(void) {
  stage s;
  int64_t now = 0;
  stage_begin(&s, &plugin_under_test, models, 2);
  s.idle_price = 100;
  for (int i = 0; i < 12; i++) {
    stage_use(&s, now += 20000, i, 'a');
  }
  CU_ASSERT_EQUAL(stage_entry(&s, 'a')->keep_for_ms, 2 * MINUTE_MS);
  stage_end(&s);
}

/* Spread evenly over 60 of the 240 bins the variation is sqrt(3), under 2. */
static void test_spread_keeps_240_minutes(void) {
  stage s;
  int64_t now = 0;
  stage_begin(&s, &plugin_under_test, models, 2);
  s.idle_price = 100;
  come(&s, &now, 60, 0, 1);
  for (int i = 1; i <= 60; i++) {
    come(&s, &now, i, i, 1);
  }
  CU_ASSERT_EQUAL(stage_entry(&s, 'a')->keep_for_ms, 240 * MINUTE_MS);
  stage_end(&s);
}

/* Beyond 240 minutes: the mean of the last, 300 minutes, and 15 % around it. */
static void test_out_of_bounds(void) {
  stage s;
  int64_t now = 0;
  stage_begin(&s, &plugin_under_test, models, 2);
  s.idle_price = 100;
  come(&s, &now, 300, 1, 11);
  CU_ASSERT_EQUAL(stage_entry(&s, 'a')->keep_for_ms, 0);
  stage_tell(&s, now + 1, HEARTH_PHASE_EVICTED, 'a');
  stage_ask(&s, now + 1000, HEARTH_REASON_TICK, "u");
  CU_ASSERT_EQUAL(stage_entry(&s, 'a')->start_at_ms,
                  now + 255 * MINUTE_MS - 2000);
  CU_ASSERT_EQUAL(stage_entry(&s, 'a')->keep_for_ms, 90 * MINUTE_MS);
  stage_end(&s);
}

UNIT_MAIN("reference hybrid-histogram", UNIT(test_few_samples_keep_240_minutes),
          UNIT(test_loads_again_in_time), UNIT(test_short_idle_times),
          UNIT(test_spread_keeps_240_minutes), UNIT(test_out_of_bounds))
