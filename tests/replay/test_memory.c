/* SPDX-License-Identifier: MIT
   Every allocation of a replay fails once; nothing crashes, leaks, or is left
   half-written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/host/fail.h"
#include "tests/replay/setup.h"
#include "tests/unit.h"

static char events[] = "/tmp/hearth-memory-XXXXXX", plans[64], part[64];
static setup fixture;

static hearth_status plan(const hearth_context *context,
                          hearth_model_set *set) {
  hearth_plan_model *line = recorder_add(set, "b", HEARTH_ACTION_WARM);
  line->p_next = 0.5;
  set->review_at_ms = context->now_ms + 60000;
  return HEARTH_OK;
}

static hearth_status replay(hearth_library *library) {
  const hearth_setting setting = setup_budget(2048);
  const hearth_replay_options options = {.trace = &fixture.trace,
                                         .models = &fixture.models,
                                         .uses = &fixture.uses,
                                         .setting = &setting,
                                         .config = &fixture.config,
                                         .log_path = events,
                                         .plan_path = plans,
                                         .timing = 1,
                                         .horizons = 1,
                                         .strip = 1};
  hearth_result result;
  char err[512];
  const hearth_status status =
      hearth_replay(library, &options, &result, err, sizeof err);
  if (status == HEARTH_OK) {
    CU_ASSERT_EQUAL(result.requests, 3);
    hearth_result_free(&result);
  }
  return status;
}

static void fail_each_once(void) {
  unsigned long nth = 0;
  int failed = 1;
  setup_begin(&fixture);
  setup_model(&fixture, "a", 1024, 1000);
  setup_model(&fixture, "b", 1024, 1000);
  setup_request(&fixture, 0, "a", 500, "chat");
  setup_request(&fixture, 200, "a", 500, "chat");
  setup_request(&fixture, 400000, "b", 500, NULL);
  setup_ready(&fixture);
  hearth_library *library = recorder_library();
  while (failed && nth < 10000) {
    recorder_reset();
    recorded.answer = plan;
    recorded.predicts = 1;
    remove(events);
    remove(plans);
    fail_at(++nth);
    const hearth_status status = replay(library);
    failed = fail_happened();
    CU_ASSERT(failed || status == HEARTH_OK);
    CU_ASSERT_EQUAL(access(events, F_OK) == 0, status == HEARTH_OK);
    CU_ASSERT_EQUAL(access(plans, F_OK) == 0, status == HEARTH_OK);
    CU_ASSERT_EQUAL(access(part, F_OK), -1);
  }
  CU_ASSERT(!failed);
  CU_ASSERT(nth > 20);
  hearth_library_close(library);
  setup_end(&fixture);
}

static void test_failing_memory(void) {
  const int fd = mkstemp(events);
  CU_ASSERT_FATAL(fd >= 0);
  close(fd);
  snprintf(plans, sizeof plans, "%s.plans", events);
  snprintf(part, sizeof part, "%s.part", events);
  fail_each_once();
  remove(events);
  remove(plans);
}

UNIT_MAIN("replay: memory", UNIT(test_failing_memory))
