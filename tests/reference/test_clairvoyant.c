/* SPDX-License-Identifier: MIT
   The reference clairvoyant, by hand. */
#define HEARTH_STATIC_PLUGIN plugin_under_test
#include "plugin/reference/clairvoyant.c"

#include "tests/reference/stage.h"
#include "tests/unit.h"

static const stage_model models[] = {{1024, 1000}};

/* Break-even is 100 s. */
static void test_keeps_when_cheaper(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 1);
  s.idle_price = 100;
  s.uses[0][0] = 101000;
  stage_use(&s, 1000, 1, 'a');
  CU_ASSERT_EQUAL(stage_entry(&s, 'a')->keep_for_ms, 100000);
  CU_ASSERT_EQUAL(s.set.review_at_ms, -1);
  stage_end(&s);
}

static void test_never_again(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 1);
  s.idle_price = 100;
  stage_use(&s, 1000, 1, 'a');
  CU_ASSERT_EQUAL(stage_entry(&s, 'a')->keep_for_ms, 0);
  CU_ASSERT_EQUAL(s.set.review_at_ms, -1);
  stage_end(&s);
}

/* The next use is 200 s off, too far if the request ends soon; still busy
   100 s before it, the gap is worth keeping through. */
static void test_long_request(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 1);
  s.idle_price = 100;
  s.uses[0][0] = 201000;
  stage_request(&s, 1000, 1, "u", 'a');
  CU_ASSERT_EQUAL(stage_entry(&s, 'a')->keep_for_ms, 0);
  CU_ASSERT_EQUAL(s.set.review_at_ms, 101000);
  stage_ask(&s, 101000, HEARTH_REASON_TICK, "u");
  CU_ASSERT_EQUAL(stage_entry(&s, 'a')->keep_for_ms, 100000);
  CU_ASSERT_EQUAL(s.set.review_at_ms, -1);
  stage_end(&s);
}

static void test_short_request(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 1);
  s.idle_price = 100;
  s.uses[0][0] = 201000;
  stage_use(&s, 1000, 1, 'a');
  stage_tell(&s, 1001, HEARTH_PHASE_EVICTED, 'a');
  stage_ask(&s, 101000, HEARTH_REASON_TICK, "u");
  CU_ASSERT(stage_plan_is(&s, ""));
  stage_end(&s);
}

UNIT_MAIN("reference clairvoyant", UNIT(test_keeps_when_cheaper),
          UNIT(test_never_again), UNIT(test_long_request),
          UNIT(test_short_request))
