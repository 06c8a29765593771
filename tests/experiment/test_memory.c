/* SPDX-License-Identifier: MIT
   Every allocation of an experiment fails once; nothing crashes or leaks, and
   no arm sees what another does not. */
#include <string.h>

#include "host-sdk/experiment/offline/feed.h"
#include "tests/experiment/stand.h"
#include "tests/host/fail.h"
#include "tests/unit.h"

static void test_every_allocation(void) {
  stand s;
  unsigned long nth = 0, refused = 0, step = 1;
  int failed = 1;
  stand_begin(&s, 2, 1, 4);
  stand_arm(&s, "a", "lru", 0.5);
  stand_arm(&s, "b", "gdsf", 0.5);
  s.options.stop_worse = 0;
  s.options.promote = 1;
  s.trace.count = s.trace.count < 40 ? s.trace.count : 40;
  while (failed && nth < 100000) {
    hearth_experiment *x = NULL;
    hearth_experiment_report r;
    char err[256] = "";
    nth += step;
    fail_at(nth);
    if (hearth_experiment_create(&s.options, &x, err, sizeof err) ==
        HEARTH_OK) {
      (void)hearth__feed(x, &s.trace, &s.models, NULL, NULL);
      hearth_experiment_flush(x, 1);
      hearth_experiment_get_report(x, &r);
      CU_ASSERT(r.arms[0].stopped || r.arms[1].stopped ||
                r.arms[0].requests == r.arms[1].requests);
      CU_ASSERT(r.requests + r.dropped + r.unsettled <= s.trace.count);
    } else {
      refused++;
      CU_ASSERT_PTR_NULL(x);
      CU_ASSERT(strlen(err) > 0);
    }
    failed = fail_happened();
    hearth_experiment_destroy(x);
  }
  CU_ASSERT(!failed);
  CU_ASSERT(refused > 10);
  stand_end(&s);
}

UNIT_MAIN("experiment's memory", UNIT(test_every_allocation))
