/* SPDX-License-Identifier: MIT
   The reference breakeven, by hand. */
#define HEARTH_STATIC_PLUGIN plugin_under_test
#include "plugin/reference/breakeven.c"

#include "tests/reference/stage.h"
#include "tests/unit.h"

static const stage_model models[] = {{1024, 2000}, {512, 2000}};

/* 100 GB*s buy a second: 2 s of load are 200 GB*s, 200 s of 1 GB. */
static void test_time_that_costs_a_load(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 2);
  s.idle_price = 100;
  stage_use(&s, 1000, 1, 'a');
  CU_ASSERT_EQUAL(stage_entry(&s, 'a')->keep_for_ms, 200000);
  stage_use(&s, 1000, 2, 'b');
  CU_ASSERT_EQUAL(stage_entry(&s, 'b')->keep_for_ms, 400000);
  stage_end(&s);
}

/* A price of the configuration goes before the context's. */
static void test_configured_price(void) {
  stage s;
  hearth_config config;
  hearth_message_init(&hearth_config_schema, &config);
  config.idle_price = 10;
  stage_configured(&s, &plugin_under_test, &config, models, 2);
  s.idle_price = 100;
  stage_use(&s, 1000, 1, 'a');
  CU_ASSERT_EQUAL(stage_entry(&s, 'a')->keep_for_ms, 20000);
  stage_end(&s);
}

UNIT_MAIN("reference breakeven", UNIT(test_time_that_costs_a_load),
          UNIT(test_configured_price))
