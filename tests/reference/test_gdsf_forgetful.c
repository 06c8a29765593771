/* SPDX-License-Identifier: MIT
   The reference gdsf-forgetful, by hand. */
#define HEARTH_STATIC_PLUGIN plugin_under_test
#include "plugin/reference/gdsf_forgetful.c"

#include "tests/reference/stage.h"
#include "tests/unit.h"

static const stage_model models[] = {{10, 100}, {10, 200}, {10, 50}};

/* Load time over memory: a 10, b 20, c 5.  a twice: 20, and the later use. */
static void test_priorities(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 3);
  stage_use(&s, 1000, 1, 'a');
  stage_use(&s, 2000, 2, 'b');
  CU_ASSERT(stage_plan_is(&s, "b"));
  stage_use(&s, 3000, 3, 'a');
  CU_ASSERT(stage_plan_is(&s, "a"));
  stage_use(&s, 4000, 4, 'c');
  CU_ASSERT(stage_plan_is(&s, "abc"));
  stage_end(&s);
}

/* As gdsf, but a comes back with 20 + 1 * 10. */
static void test_frequency_is_forgotten(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 3);
  stage_use(&s, 1000, 1, 'a');
  stage_use(&s, 2000, 2, 'a');
  stage_use(&s, 2500, 3, 'b');
  stage_tell(&s, 3000, HEARTH_PHASE_EVICTED, 'a');
  stage_use(&s, 4000, 4, 'b'); /* 60 */
  stage_use(&s, 5000, 5, 'a'); /* 30 */
  stage_use(&s, 6000, 6, 'a'); /* 40 */
  CU_ASSERT(stage_plan_is(&s, "ba"));
  stage_end(&s);
}

UNIT_MAIN("reference gdsf-forgetful", UNIT(test_priorities),
          UNIT(test_frequency_is_forgotten))
