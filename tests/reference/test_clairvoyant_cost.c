/* SPDX-License-Identifier: MIT
   The reference clairvoyant-cost, by hand. */
#define HEARTH_STATIC_PLUGIN plugin_under_test
#include "plugin/reference/clairvoyant_cost.c"

#include "tests/reference/stage.h"
#include "tests/unit.h"

static const stage_model models[] = {{10, 100}, {10, 900}, {90, 100}};

/* At 1000: a 8000 * 10 / 100 = 800; b 9000 * 10 / 900 = 100;
   c 1000 * 90 / 100 = 900. */
static void test_dearest_distance_is_lowest(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 3);
  s.uses[0][0] = 9000;
  s.uses[1][0] = 10000;
  s.uses[2][0] = 2000;
  stage_use(&s, 1000, 1, 'a');
  stage_use(&s, 1000, 2, 'b');
  stage_use(&s, 1000, 3, 'c');
  CU_ASSERT(stage_plan_is(&s, "bac"));
  stage_end(&s);
}

UNIT_MAIN("reference clairvoyant-cost", UNIT(test_dearest_distance_is_lowest))
