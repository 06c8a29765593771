/* SPDX-License-Identifier: MIT
   The reference exponential, by hand. */
#define HEARTH_STATIC_PLUGIN plugin_under_test
#include "plugin/reference/exponential.c"

#include "tests/reference/stage.h"
#include "tests/unit.h"

static const stage_model models[] = {{1024, 10000}};

/* Break-even is 1000 s.  Gaps of 100 s: 1.6094 * 100 s. */
static void test_quantile(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 1);
  s.idle_price = 100;
  stage_use(&s, 0, 1, 'a');
  CU_ASSERT_EQUAL(stage_entry(&s, 'a')->keep_for_ms, 1000000);
  stage_use(&s, 100000, 2, 'a');
  CU_ASSERT_EQUAL(stage_entry(&s, 'a')->keep_for_ms, 160943);
  stage_end(&s);
}

/* At least 60 s, at most break-even; only the last 6 gaps count. */
static void test_bounds_and_window(void) {
  stage s;
  int64_t now = 0;
  stage_begin(&s, &plugin_under_test, models, 1);
  s.idle_price = 100;
  stage_use(&s, now, 0, 'a');
  stage_use(&s, now += 5000000, 1, 'a');
  CU_ASSERT_EQUAL(stage_entry(&s, 'a')->keep_for_ms, 1000000);
  for (int i = 2; i < 8; i++) {
    CU_ASSERT_NOT_EQUAL(stage_entry(&s, 'a')->keep_for_ms, 60000);
    stage_use(&s, now += 1000, i, 'a');
  }
  CU_ASSERT_EQUAL(stage_entry(&s, 'a')->keep_for_ms, 60000);
  stage_end(&s);
}

UNIT_MAIN("reference exponential", UNIT(test_quantile),
          UNIT(test_bounds_and_window))
