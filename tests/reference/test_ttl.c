/* SPDX-License-Identifier: MIT
   The reference ttl, by hand. */
#define HEARTH_STATIC_PLUGIN plugin_under_test
#include "plugin/reference/ttl.c"

#include "tests/reference/stage.h"
#include "tests/unit.h"

static const stage_model models[] = {{10, 100}, {10, 100}};

static void test_five_minutes(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 2);
  s.idle_price = 100;
  stage_use(&s, 1000, 1, 'a');
  stage_use(&s, 2000, 2, 'b');
  CU_ASSERT(stage_plan_is(&s, "b"));
  CU_ASSERT_EQUAL(stage_entry(&s, 'b')->keep_for_ms, 300000);
  stage_end(&s);
}

static void test_configured(void) {
  stage s;
  hearth_config config;
  hearth_message_init(&hearth_config_schema, &config);
  config.ttl_seconds = 0;
  stage_configured(&s, &plugin_under_test, &config, models, 2);
  s.idle_price = 100;
  stage_use(&s, 1000, 1, 'a');
  CU_ASSERT_EQUAL(stage_entry(&s, 'a')->keep_for_ms, 0);
  s.idle_price = -1; /* a budget decides instead */
  stage_use(&s, 2000, 2, 'a');
  CU_ASSERT_EQUAL(stage_entry(&s, 'a')->keep_for_ms, -1);
  stage_end(&s);
}

UNIT_MAIN("reference ttl", UNIT(test_five_minutes), UNIT(test_configured))
