/* SPDX-License-Identifier: MIT
   The reference hazard, by hand. */
#define HEARTH_STATIC_PLUGIN plugin_under_test
#include "plugin/reference/hazard.c"

#include "plugin/sdk/math.h"
#include "tests/reference/stage.h"
#include "tests/unit.h"

static const stage_model models[] = {{1024, 10000}, {1024, 10000}};

static void test_bins(void) {
  CU_ASSERT_EQUAL(hazard_edge(0), 0);
  CU_ASSERT_EQUAL(hazard_edge(1), 1000);
  CU_ASSERT_DOUBLE_EQUAL(hazard_edge(2), 1414.2135, 1e-3);
  CU_ASSERT_EQUAL(hazard_edge(3), 2000);
  CU_ASSERT(hazard_edge(HAZARD_BINS) > 2.9e9);
  CU_ASSERT_EQUAL(hazard_bin(0), 0);
  CU_ASSERT_EQUAL(hazard_bin(999), 0);
  CU_ASSERT_EQUAL(hazard_bin(1000), 1);
  CU_ASSERT_EQUAL(hazard_bin(1e300), HAZARD_BINS - 1);
}

/* Nothing known: .3 a bin.  After one idle time that ended in bin 0: all
   (1 + 12) / 41, the model's (1 + 4 * 13/41) / 5. */
static void test_estimate(void) {
  hazard model = {{0}, {0}};
  hazard_all all = {.counts = {{0}, {0}}};
  hazard_refresh(&all);
  CU_ASSERT_DOUBLE_EQUAL(hazard_of(&model, &all, 5), 0.3, 1e-12);
  hazard_learn(&model, &all, 500);
  CU_ASSERT_DOUBLE_EQUAL(hazard_of(&model, &all, 0), (1 + 4 * 13. / 41) / 5,
                         1e-12);
  CU_ASSERT_DOUBLE_EQUAL(hazard_of(&model, &all, 1), 0.3, 1e-12);
}

/* Survival is multiplied: all of bin 0, and half of bin 1. */
static void test_within(void) {
  hazard model = {{0}, {0}};
  hazard_all all = {.counts = {{0}, {0}}};
  const double half = 1000 + (hazard_edge(2) - 1000) / 2;
  const double ms[3] = {1000, half, 1e12};
  double p[3];
  hazard_refresh(&all);
  hazard_within(&model, &all, 0, ms, 3, p);
  CU_ASSERT_DOUBLE_EQUAL(p[0], 0.3, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(p[1], 1 - 0.7 * hearth_sqrt(0.7), 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(p[2], 1 - hearth_pow(0.7, 44), 1e-9);
}

/* A hazard of 1 / age: keep about as long as break-even. */
static void test_scale_free_stops_near_break_even(void) {
  hazard model = {{0}, {0}};
  hazard_all all = {.counts = {{0}, {0}}};
  hazard_refresh(&all);
  const double stop = hazard_stop(&model, &all, 10000, 0.1, 1600000);
  CU_ASSERT(stop > 50000 && stop < 200000);
}

/* A model that comes every 60 s is kept past then, and dropped if it always
   takes 600 s and a load costs 100. */
static void test_learned_stop(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 2);
  s.idle_price = 10; /* break-even: 100 s */
  for (int i = 0; i < 40; i++) {
    stage_use(&s, i * 60000, i, 'a');
  }
  CU_ASSERT(stage_entry(&s, 'a')->keep_for_ms > 60000);
  CU_ASSERT(stage_entry(&s, 'a')->keep_for_ms < 200000);
  for (int i = 0; i < 40; i++) {
    stage_use(&s, 3000000 + i * 600000, 100 + i, 'b');
  }
  CU_ASSERT(stage_entry(&s, 'b')->keep_for_ms < 20000);
  stage_end(&s);
}

/* A plan before the request restates what is left of the time to keep. */
static void test_time_left(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 1);
  s.idle_price = 10;
  stage_use(&s, 1000, 1, 'a');
  const int64_t keep = stage_entry(&s, 'a')->keep_for_ms;
  stage_ask(&s, 5000, HEARTH_REASON_REQUEST, "u");
  CU_ASSERT_EQUAL(stage_entry(&s, 'a')->keep_for_ms, keep - 4000);
  stage_ask(&s, 1000 + keep + 5, HEARTH_REASON_REQUEST, "u");
  CU_ASSERT_EQUAL(stage_entry(&s, 'a')->keep_for_ms, 0);
  stage_end(&s);
}

/* Under a budget, who comes often stands above who does not. */
static void test_ranks(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 2);
  stage_use(&s, 0, 100, 'b');
  for (int i = 0; i < 40; i++) {
    stage_use(&s, 60000 + i * 5000, i, 'a');
  }
  stage_use(&s, 60000 + 40 * 5000, 200, 'b');
  CU_ASSERT(stage_plan_is(&s, "ab"));
  stage_end(&s);
}

static void test_predict(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 2);
  for (int i = 0; i < 40; i++) {
    stage_use(&s, i * 60000, i, 'a');
  }
  stage_predict(&s, 39 * 60000 + 30000, "u");
  CU_ASSERT_EQUAL(s.set.models.count, 2);
  CU_ASSERT(stage_entry(&s, 'a')->p_within.p[0] > 0.9);
  CU_ASSERT(stage_entry(&s, 'a')->p_within.p[2] >=
            stage_entry(&s, 'a')->p_within.p[0]);
  CU_ASSERT_DOUBLE_EQUAL(stage_entry(&s, 'a')->p_next, 1, 1e-12);
  CU_ASSERT_PTR_NULL(plugin_under_test.get_extension(s.plugin, "no/1"));
  stage_end(&s);
}

UNIT_MAIN("reference hazard", UNIT(test_bins), UNIT(test_estimate),
          UNIT(test_within), UNIT(test_scale_free_stops_near_break_even),
          UNIT(test_learned_stop), UNIT(test_time_left), UNIT(test_ranks),
          UNIT(test_predict))
