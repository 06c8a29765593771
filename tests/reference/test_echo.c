/* SPDX-License-Identifier: MIT
   The reference echo, by hand. */
#define HEARTH_STATIC_PLUGIN plugin_under_test
#include "plugin/reference/echo.c"

#include "tests/reference/stage.h"
#include "tests/unit.h"

static const stage_model models[] = {{10, 100}, {10, 100}, {10, 100}};

static void test_answers_with_models(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 3);
  stage_ask(&s, 1000, HEARTH_REASON_REQUEST, "u");
  CU_ASSERT(stage_plan_is(&s, "abc"));
  CU_ASSERT_EQUAL(stage_entry(&s, 'c')->action, HEARTH_ACTION_KEEP);
  stage_end(&s);
}

/* As long an answer as a plugin's that predicts: all models, all horizons. */
static void test_predicts_every_model(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 3);
  stage_predict(&s, 1000, "u");
  CU_ASSERT(stage_plan_is(&s, "abc"));
  CU_ASSERT_EQUAL(stage_entry(&s, 'c')->p_within.p[0], 0.25);
  CU_ASSERT_EQUAL(stage_entry(&s, 'c')->p_within.p[2], 0.75);
  stage_end(&s);
}

UNIT_MAIN("reference echo", UNIT(test_answers_with_models),
          UNIT(test_predicts_every_model))
