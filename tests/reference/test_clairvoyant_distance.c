/* SPDX-License-Identifier: MIT
   The reference clairvoyant-distance, by hand. */
#define HEARTH_STATIC_PLUGIN plugin_under_test
#include "plugin/reference/clairvoyant_distance.c"

#include "tests/reference/stage.h"
#include "tests/unit.h"

static const stage_model models[] = {{10, 100}, {10, 900}, {90, 100}};

static void test_farthest_is_lowest(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 3);
  s.uses[0][0] = 9000;
  s.uses[1][0] = 5000;
  stage_use(&s, 1000, 1, 'a');
  stage_use(&s, 1000, 2, 'b');
  stage_use(&s, 1000, 3, 'c');
  CU_ASSERT(stage_plan_is(&s, "bac"));
  stage_use(&s, 5000, 4, 'b'); /* never again, but used later than c */
  CU_ASSERT(stage_plan_is(&s, "abc"));
  stage_end(&s);
}

static void test_needs_the_future(void) {
  CU_ASSERT_STRING_EQUAL(plugin_under_test.host_requires[0], HEARTH_EXT_FUTURE);
  CU_ASSERT_PTR_NULL(plugin_under_test.host_requires[1]);
}

UNIT_MAIN("reference clairvoyant-distance", UNIT(test_farthest_is_lowest),
          UNIT(test_needs_the_future))
