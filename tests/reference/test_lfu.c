/* SPDX-License-Identifier: MIT
   The reference lfu, by hand. */
#define HEARTH_STATIC_PLUGIN plugin_under_test
#include "plugin/reference/lfu.c"

#include "tests/reference/stage.h"
#include "tests/unit.h"

#define HOUR 3600000

static const stage_model models[] = {{10, 100}, {10, 100}, {10, 100}};

/* a: 3 at the hour, 1.5 an hour later; b: 1 then 2, above a. */
static void test_counts_halve_in_an_hour(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 3);
  stage_use(&s, HOUR, 1, 'a');
  stage_use(&s, HOUR, 2, 'a');
  stage_use(&s, HOUR, 3, 'a');
  stage_use(&s, 2 * HOUR, 4, 'b');
  CU_ASSERT(stage_plan_is(&s, "ab")); /* 1.5 against 1 */
  stage_use(&s, 2 * HOUR, 5, 'b');
  CU_ASSERT(stage_plan_is(&s, "b")); /* 1.5 against 2 */
  stage_use(&s, 2 * HOUR, 6, 'c');
  CU_ASSERT(stage_plan_is(&s, "bac"));
  stage_end(&s);
}

static void test_shares_of_recent_requests(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 3);
  stage_use(&s, HOUR, 1, 'a');
  stage_use(&s, HOUR, 2, 'a');
  stage_use(&s, 2 * HOUR, 3, 'b');
  stage_use(&s, 2 * HOUR, 4, 'b');
  stage_use(&s, 2 * HOUR, 5, 'b');
  stage_ask(&s, 3 * HOUR, HEARTH_REASON_REQUEST, "u"); /* .5 and 1.5 */
  CU_ASSERT(stage_plan_is(&s, "bac"));
  CU_ASSERT_DOUBLE_EQUAL(stage_entry(&s, 'b')->p_next, 0.75, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(stage_entry(&s, 'a')->p_next, 0.25, 1e-12);
  CU_ASSERT_EQUAL(stage_entry(&s, 'c')->p_next, 0);
  stage_end(&s);
}

/* The likeliest are listed when not all may be. */
static void test_max_models(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 3);
  s.max_models = 1;
  stage_use(&s, HOUR, 1, 'a');
  stage_use(&s, HOUR, 2, 'b');
  stage_use(&s, HOUR, 3, 'b');
  stage_ask(&s, HOUR, HEARTH_REASON_REQUEST, "u");
  CU_ASSERT(stage_plan_is(&s, "b"));
  stage_end(&s);
}

static void test_threshold(void) {
  stage s;
  hearth_config config;
  hearth_message_init(&hearth_config_schema, &config);
  config.prediction_threshold = 0.6;
  stage_configured(&s, &plugin_under_test, &config, models, 3);
  stage_use(&s, HOUR, 1, 'a');
  stage_ask(&s, HOUR, HEARTH_REASON_REQUEST, "u");
  CU_ASSERT(stage_plan_is(&s, "abc"));
  stage_use(&s, HOUR, 2, 'b');
  stage_ask(&s, HOUR, HEARTH_REASON_REQUEST, "u");
  CU_ASSERT_EQUAL(s.status, HEARTH_NO_OPINION);
  stage_end(&s);
}

UNIT_MAIN("reference lfu", UNIT(test_counts_halve_in_an_hour),
          UNIT(test_shares_of_recent_requests), UNIT(test_max_models),
          UNIT(test_threshold))
