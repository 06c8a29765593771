/* SPDX-License-Identifier: MIT
   The reference lru, by hand. */
#define HEARTH_STATIC_PLUGIN plugin_under_test
#include "plugin/reference/lru.c"

#include "tests/reference/stage.h"
#include "tests/unit.h"

static const stage_model models[] = {{10, 100}, {10, 100}, {10, 100}};

static void test_latest_goes_on_top(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 3);
  stage_use(&s, 1000, 1, 'a');
  CU_ASSERT(stage_plan_is(&s, "a"));
  stage_use(&s, 2000, 2, 'b');
  CU_ASSERT(stage_plan_is(&s, "b"));
  CU_ASSERT_EQUAL(stage_entry(&s, 'b')->keep_for_ms, -1);
  CU_ASSERT_EQUAL(stage_entry(&s, 'b')->p_next, -1);
  stage_ask(&s, 3000, HEARTH_REASON_REQUEST, "u");
  CU_ASSERT(stage_plan_is(&s, ""));
  stage_end(&s);
}

/* Requested at the same instant: who came to memory later stands higher. */
static void test_ties(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 3);
  stage_use(&s, 1000, 1, 'a');
  stage_use(&s, 1000, 2, 'b');
  CU_ASSERT(stage_plan_is(&s, "b"));
  stage_use(&s, 2000, 3, 'b');
  stage_use(&s, 2000, 4, 'a');
  CU_ASSERT(stage_plan_is(&s, "ba"));
  stage_end(&s);
}

static void test_price_has_no_limit(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 3);
  s.idle_price = 100;
  stage_use(&s, 1000, 1, 'a');
  CU_ASSERT(stage_plan_is(&s, "a"));
  CU_ASSERT_EQUAL(stage_entry(&s, 'a')->keep_for_ms, -1);
  stage_end(&s);
}

UNIT_MAIN("reference lru", UNIT(test_latest_goes_on_top), UNIT(test_ties),
          UNIT(test_price_has_no_limit))
