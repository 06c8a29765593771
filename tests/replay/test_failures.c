/* SPDX-License-Identifier: MIT
   Replays that come to no end: whose fault it was, and at which event. */
#include <stdio.h>
#include <string.h>

#include "tests/replay/setup.h"
#include "tests/unit.h"

/* Two models of 1 GB that take 1 s, and room for `budget_mb`. */
static void begin(setup *s) {
  recorder_reset();
  setup_begin(s);
  setup_model(s, "a", 1024, 1000);
  setup_model(s, "b", 1024, 1000);
}

static hearth_status name_nobody(const hearth_context *context,
                                 hearth_model_set *set) {
  (void)context;
  recorder_add(set, "zebra", HEARTH_ACTION_KEEP);
  return HEARTH_OK;
}

static hearth_status too_many(const hearth_context *context,
                              hearth_model_set *set) {
  (void)context;
  for (int i = 0; i < 4; i++) {
    recorder_add(set, "a", HEARTH_ACTION_KEEP);
  }
  return HEARTH_OK;
}

/* `fail_call` 1 is create, 2 set_catalog, 3 the first request's plan... */
static void check_failure(unsigned fail_call, hearth_status fail_status,
                          const char *words) {
  setup s;
  hearth_result result;
  char err[512];
  begin(&s);
  recorded.fail_call = fail_call;
  recorded.fail_status = fail_status;
  recorded.fail_words = "it broke";
  setup_request(&s, 100, "a", 0, NULL);
  setup_request(&s, 5000, "b", 0, NULL);
  setup_ready(&s);
  const hearth_setting setting = setup_budget(1024);
  CU_ASSERT_EQUAL(setup_replay(&s, &setting, &result, err, sizeof err),
                  HEARTH_UNAVAILABLE);
  CU_ASSERT(strstr(err, words) != NULL && strstr(err, "it broke") != NULL);
  if (strstr(err, words) == NULL) {
    printf("# %s\n", err);
  }
  setup_end(&s);
}

static void test_plugin_fails(void) {
  check_failure(1, HEARTH_BAD_ARG, "create: ");
  check_failure(2, HEARTH_LIMIT, "set_catalog: ");
  check_failure(3, HEARTH_BAD_ARG,
                "at 100 ms, request 1 of 2: prepare_models (request): ");
  check_failure(4, HEARTH_NO_MEMORY,
                "at 100 ms, request 1 of 2: record_outcome (started): ");
  check_failure(5, HEARTH_LIMIT,
                "at 100 ms, request 1 of 2: prepare_models (settled): ");
  check_failure(6, HEARTH_INTERNAL,
                "at 1100 ms, request 1 of 2: record_outcome (loaded): ");
  check_failure(7, HEARTH_BUSY,
                "at 1100 ms, request 1 of 2: record_outcome (finished): ");
  check_failure(11, HEARTH_BAD_PAYLOAD,
                "at 5000 ms, request 2 of 2: record_outcome (evicted): ");
  check_failure(12, HEARTH_BAD_PAYLOAD,
                "at 6000 ms, request 2 of 2: record_outcome (loaded): ");
}

static void test_impossible_plans(void) {
  setup s;
  hearth_result result;
  char err[512];
  begin(&s);
  setup_request(&s, 100, "a", 0, NULL);
  setup_ready(&s);
  const hearth_setting setting = setup_budget(1024);
  recorded.answer = name_nobody;
  CU_ASSERT_EQUAL(setup_replay(&s, &setting, &result, err, sizeof err),
                  HEARTH_UNAVAILABLE);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "at 100 ms, request 1 of 1"));
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "'zebra', not in the catalog"));
  recorded.answer = too_many;
  CU_ASSERT_EQUAL(setup_replay(&s, &setting, &result, err, sizeof err),
                  HEARTH_UNAVAILABLE);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "a plan of 4 models of 2"));
  setup_end(&s);
}

static void test_what_can_not_be(void) {
  setup s;
  hearth_result result;
  char err[512];
  begin(&s);
  setup_ready(&s);
  hearth_setting setting = setup_budget(1024);
  CU_ASSERT_EQUAL(setup_replay(&s, &setting, &result, err, sizeof err),
                  HEARTH_BAD_ARG);
  CU_ASSERT_STRING_EQUAL(err, "there are no requests");
  setup_end(&s);
  begin(&s);
  setup_request(&s, 100, "a", 0, NULL);
  setup_ready(&s);
  setting.budget_mb = 1000;
  CU_ASSERT_EQUAL(setup_replay(&s, &setting, &result, err, sizeof err),
                  HEARTH_LIMIT);
  CU_ASSERT_STRING_EQUAL(err, "model 'a' needs 1024 MB, the budget is 1000 MB");
  setup_end(&s);
}

/* A pinned model holds the budget for ever: the other's request has no wait. */
static void test_pinned_in_the_way(void) {
  setup s;
  hearth_result result;
  char err[512];
  begin(&s);
  s.models.items[0].pinned = 1;
  setup_request(&s, 100, "a", 0, NULL);
  setup_request(&s, 5000, "b", 0, NULL);
  setup_ready(&s);
  const hearth_setting setting = setup_budget(1024);
  CU_ASSERT_EQUAL(setup_replay(&s, &setting, &result, err, sizeof err),
                  HEARTH_LIMIT);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "1 requests never ran: pinned"));
  setup_end(&s);
}

UNIT_MAIN("replay: failures", UNIT(test_plugin_fails),
          UNIT(test_impossible_plans), UNIT(test_what_can_not_be),
          UNIT(test_pinned_in_the_way))
