/* SPDX-License-Identifier: MIT
   A replay through a plugin that writes down what it is told: which messages,
   in which order, and what follows from its plans. */
#include <stdio.h>
#include <string.h>

#include "tests/replay/setup.h"
#include "tests/unit.h"

static void expect(const char *told) {
  CU_ASSERT_STRING_EQUAL(recorded.told, told);
  if (strcmp(recorded.told, told) != 0) {
    printf("# was told: %s\n# expected: %s\n", recorded.told, told);
  }
}

/* Two models of 1 GB that take 1 s, and room for `budget_mb`. */
static void begin(setup *s) {
  recorder_reset();
  setup_begin(s);
  setup_model(s, "a", 1024, 1000);
  setup_model(s, "b", 1024, 1000);
}

static void test_default_order(void) {
  setup s;
  hearth_result result;
  char err[256];
  begin(&s);
  setup_request(&s, 100, "a", 50, NULL);
  setup_request(&s, 500, "a", -1, NULL);
  setup_request(&s, 5000, "b", 0, NULL);
  setup_ready(&s);
  const hearth_setting setting = setup_budget(1024);
  CU_ASSERT_EQUAL(setup_replay(&s, &setting, &result, err, sizeof err),
                  HEARTH_OK);
  expect("catalog:a:b"
         " request#0@100 started#0@100:a:cold settled#0@100"
         " request#1@500 started#1@500:a:loading settled#1@500"
         " loaded@1100:a:demand finished#1@1100:+600:-1"
         " finished#0@1150:+1000:50"
         " request#2@5000 started#2@5000:b:cold settled#2@5000"
         " evicted@5000:a loaded@6000:b:demand finished#2@6000:+1000:0");
  CU_ASSERT_EQUAL(result.requests, 3);
  CU_ASSERT_EQUAL(result.cold, 2);
  CU_ASSERT_EQUAL(result.delayed, 1);
  CU_ASSERT_DOUBLE_EQUAL(result.cold_wait_s, 2.6, 1e-12);
  CU_ASSERT(result.cold_rate_p75_over_models == 1);
  CU_ASSERT_EQUAL(recorded.first.max_models, 2);
  CU_ASSERT_EQUAL(recorded.first.pool.load_lanes, 2);
  CU_ASSERT_EQUAL(recorded.first.pool.budget_mb, 1024);
  CU_ASSERT_EQUAL(recorded.first.pool.resync, 1);
  hearth_result_free(&result);
  setup_end(&s);
}

/* At one instant: loads, then requests that complete, then new ones in the
   file's order; of a duration of 0 the end comes before the next request. */
static void test_one_instant(void) {
  setup s;
  hearth_result result;
  char err[256];
  begin(&s);
  setup_request(&s, 0, "a", 500, NULL);
  setup_request(&s, 500, "b", 0, NULL);
  setup_request(&s, 1500, "a", 0, NULL);
  setup_request(&s, 1500, "a", 0, NULL);
  setup_ready(&s);
  const hearth_setting setting = setup_budget(2048);
  CU_ASSERT_EQUAL(setup_replay(&s, &setting, &result, err, sizeof err),
                  HEARTH_OK);
  expect("catalog:a:b"
         " request#0@0 started#0@0:a:cold settled#0@0"
         " request#1@500 started#1@500:b:cold settled#1@500"
         " loaded@1000:a:demand"
         " loaded@1500:b:demand finished#0@1500:+1000:500"
         " finished#1@1500:+1000:0"
         " request#2@1500 started#2@1500:a:warm settled#2@1500"
         " finished#2@1500:+0:0"
         " request#3@1500 started#3@1500:a:warm settled#3@1500"
         " finished#3@1500:+0:0");
  CU_ASSERT_EQUAL(result.warm, 2);
  hearth_result_free(&result);
  setup_end(&s);
}

static int64_t review_in_ms;

static hearth_status review_once(const hearth_context *context,
                                 hearth_model_set *set) {
  recorder_add(set, "a", HEARTH_ACTION_KEEP);
  if (context->reason == HEARTH_REASON_SETTLED) {
    set->review_at_ms = context->now_ms + review_in_ms;
  }
  return HEARTH_OK;
}

static void check_review(int64_t in_ms, const char *told) {
  setup s;
  hearth_result result;
  char err[256];
  begin(&s);
  recorded.answer = review_once;
  review_in_ms = in_ms;
  setup_request(&s, 0, "a", 0, NULL);
  setup_request(&s, 9000, "a", 0, NULL);
  setup_ready(&s);
  const hearth_setting setting = setup_budget(2048);
  CU_ASSERT_EQUAL(setup_replay(&s, &setting, &result, err, sizeof err),
                  HEARTH_OK);
  expect(told);
  hearth_result_free(&result);
  setup_end(&s);
}

/* A review is at least 1 s ahead, comes once, and last of its instant; none
   after the last request. */
static void test_reviews(void) {
  check_review(1, "catalog:a:b request#0@0 started#0@0:a:cold settled#0@0"
                  " loaded@1000:a:demand finished#0@1000:+1000:0 tick@1000"
                  " request#1@9000 started#1@9000:a:warm settled#1@9000"
                  " finished#1@9000:+0:0");
  check_review(4000, "catalog:a:b request#0@0 started#0@0:a:cold settled#0@0"
                     " loaded@1000:a:demand finished#0@1000:+1000:0 tick@4000"
                     " request#1@9000 started#1@9000:a:warm settled#1@9000"
                     " finished#1@9000:+0:0");
  /* Due at the instant of a request: its plan is newer, and asks for none. */
  check_review(9001, "catalog:a:b request#0@0 started#0@0:a:cold settled#0@0"
                     " loaded@1000:a:demand finished#0@1000:+1000:0"
                     " request#1@9000 started#1@9000:a:warm settled#1@9000"
                     " finished#1@9000:+0:0");
}

/* Asked at 0, b is prewarmed at 2000; at 2500 it is wanted. */
static hearth_status prewarm_later(const hearth_context *context,
                                   hearth_model_set *set) {
  if (context->reason == HEARTH_REASON_SETTLED && context->now_ms == 0) {
    recorder_add(set, "a", HEARTH_ACTION_KEEP);
    recorder_add(set, "b", HEARTH_ACTION_WARM)->start_at_ms = 2000;
    return HEARTH_OK;
  }
  return HEARTH_NO_OPINION;
}

static void test_prewarm_waited_for(void) {
  setup s;
  hearth_result result;
  char err[256];
  begin(&s);
  recorded.answer = prewarm_later;
  setup_request(&s, 0, "a", 0, NULL);
  setup_request(&s, 2500, "b", 0, NULL);
  setup_request(&s, 4000, "b", 0, NULL);
  setup_ready(&s);
  const hearth_setting setting = setup_budget(2048);
  CU_ASSERT_EQUAL(setup_replay(&s, &setting, &result, err, sizeof err),
                  HEARTH_OK);
  expect("catalog:a:b request#0@0 started#0@0:a:cold settled#0@0"
         " loaded@1000:a:demand finished#0@1000:+1000:0"
         " request#1@2500 started#1@2500:b:loading settled#1@2500"
         " loaded@3000:b:demand finished#1@3000:+500:0"
         " request#2@4000 started#2@4000:b:warm settled#2@4000"
         " finished#2@4000:+0:0");
  CU_ASSERT_EQUAL(result.loads.prewarm, 1);
  CU_ASSERT_EQUAL(result.loads.prewarm_used, 1);
  CU_ASSERT_EQUAL(result.loads.demand, 1);
  /* a is idle from 1000 to the end at 4000, b for 500 ms before its request
     and for 1000 ms after. */
  CU_ASSERT_DOUBLE_EQUAL(result.idle_gb_s, 4.5, 1e-12);
  hearth_result_free(&result);
  setup_end(&s);
}

/* With one lane, demand cancels the prewarm in flight. */
static void test_prewarm_cancelled(void) {
  setup s;
  hearth_result result;
  char err[256];
  begin(&s);
  setup_model(&s, "c", 1024, 1000);
  recorded.answer = prewarm_later;
  setup_request(&s, 0, "a", 0, NULL);
  setup_request(&s, 2400, "c", 0, NULL);
  setup_ready(&s);
  hearth_setting setting = setup_budget(4096);
  setting.load_lanes = 1;
  CU_ASSERT_EQUAL(setup_replay(&s, &setting, &result, err, sizeof err),
                  HEARTH_OK);
  expect("catalog:a:b:c request#0@0 started#0@0:a:cold settled#0@0"
         " loaded@1000:a:demand finished#0@1000:+1000:0"
         " request#1@2400 started#1@2400:c:cold settled#1@2400"
         " load_cancelled@2400:b loaded@3400:c:demand"
         " finished#1@3400:+1000:0");
  CU_ASSERT_EQUAL(result.loads.cancelled, 1);
  CU_ASSERT_EQUAL(result.loads.prewarm, 1);
  CU_ASSERT_EQUAL(result.loads.prewarm_used, 0);
  hearth_result_free(&result);
  setup_end(&s);
}

static hearth_status keep_300(const hearth_context *context,
                              hearth_model_set *set) {
  if (context->reason != HEARTH_REASON_SETTLED) {
    return HEARTH_NO_OPINION;
  }
  recorder_add(set, "a", HEARTH_ACTION_KEEP)->keep_for_ms = 300;
  return HEARTH_OK;
}

/* With a price, a model idle for longer than its keep_for_ms leaves; with a
   budget, that is ignored. */
static void test_keep_alive(void) {
  setup s;
  hearth_result result;
  char err[256];
  hearth_setting setting = setup_price(100);
  for (int price = 1; price >= 0; price--) {
    begin(&s);
    recorded.answer = keep_300;
    setup_request(&s, 0, "a", 0, NULL);
    setup_request(&s, 1300, "a", 0, NULL);
    setup_request(&s, 2000, "a", 0, NULL);
    setup_request(&s, 9000, "b", 0, NULL);
    setup_ready(&s);
    CU_ASSERT_EQUAL(setup_replay(&s, &setting, &result, err, sizeof err),
                    HEARTH_OK);
    CU_ASSERT_EQUAL(result.cold, price ? 3 : 2);
    CU_ASSERT_EQUAL(strstr(recorded.told, "evicted@1601:a") != NULL, price);
    CU_ASSERT_EQUAL(strstr(recorded.told, "evicted") != NULL, price);
    CU_ASSERT(price ? result.total_cost_s > result.cold_wait_s
                    : result.total_cost_s != result.total_cost_s);
    if (price) {
      CU_ASSERT_EQUAL(recorded.first.pool.load_lanes, -1);
      CU_ASSERT_EQUAL(recorded.first.pool.idle_price, 100);
      CU_ASSERT(recorded.first.pool.budget_mb < 0);
    }
    hearth_result_free(&result);
    setup_end(&s);
    setting = setup_budget(2048);
  }
}

static hearth_status say_all(const hearth_context *context,
                             hearth_model_set *set) {
  hearth_plan_model *line = recorder_add(set, "a", HEARTH_ACTION_KEEP);
  (void)context;
  line->p_next = 0.75;
  line->p_within.p[0] = line->p_within.p[1] = line->p_within.p[2] = 0.25;
  return HEARTH_OK;
}

/* Samples of predict/1 come each minute from the first request on, while 300 s
   of trace are left, and change nothing of the costs. */
static void test_samples(void) {
  setup s;
  hearth_result result;
  char err[256];
  begin(&s);
  recorded.answer = say_all;
  recorded.predicts = 1;
  setup_request(&s, 1000, "a", 0, NULL);
  setup_request(&s, 61000, "b", 0, NULL);
  setup_request(&s, 481000, "a", 0, NULL);
  setup_ready(&s);
  const hearth_setting setting = setup_budget(2048);
  CU_ASSERT_EQUAL(setup_replay(&s, &setting, &result, err, sizeof err),
                  HEARTH_OK);
  expect("catalog:a:b request#0@1000 started#0@1000:a:cold settled#0@1000"
         " loaded@2000:a:demand finished#0@2000:+1000:0"
         " request#1@61000 started#1@61000:b:cold settled#1@61000"
         " predict@61000"
         " loaded@62000:b:demand finished#1@62000:+1000:0"
         " predict@121000 predict@181000"
         " request#2@481000 started#2@481000:a:warm settled#2@481000"
         " finished#2@481000:+0:0");
  /* Three samples of both models; only a at 181000 is used within 300 s. */
  CU_ASSERT_EQUAL(result.horizon[0].samples, 6);
  CU_ASSERT_DOUBLE_EQUAL(result.horizon[0].brier, (2 * 0.0625 + 0.5625) / 6,
                         1e-12);
  CU_ASSERT_EQUAL(result.horizon[1].samples, 0);
  CU_ASSERT_DOUBLE_EQUAL(result.hit.at1, 2.0 / 3, 1e-12);
  hearth_result_free(&result);
  setup_end(&s);
}

UNIT_MAIN("replay: messages", UNIT(test_default_order), UNIT(test_one_instant),
          UNIT(test_reviews), UNIT(test_prewarm_waited_for),
          UNIT(test_prewarm_cancelled), UNIT(test_keep_alive),
          UNIT(test_samples))
