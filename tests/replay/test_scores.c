/* SPDX-License-Identifier: MIT
   Hits, tasks and availability, worked by hand. */
#include "host-sdk/replay/scores.h"

#include <math.h>
#include <string.h>

#include "tests/replay/setup.h"
#include "tests/unit.h"

static setup fixture;
static hearth_plan_line lines[8];
static hearth_plan plan;

/* Models a to f; a request for each of `models`, of each of `tasks` ('-': not
   known). */
static hearth_scores *begin(const char *models, const char *tasks) {
  char model[2] = "a", task[2] = "";
  setup_begin(&fixture);
  for (; *model <= 'f'; (*model)++) {
    setup_model(&fixture, model, 1024, 1000);
  }
  for (size_t i = 0; models[i] != '\0'; i++) {
    *model = models[i];
    *task = tasks[i];
    setup_request(&fixture, (int64_t)i, model, 0, *task == '-' ? NULL : task);
  }
  setup_ready(&fixture);
  plan = (hearth_plan){.lines = lines, .opinion = 1, .review_at_ms = -1};
  hearth_scores *scores = hearth_scores_new(&fixture.trace, 6, 0.5);
  CU_ASSERT_PTR_NOT_NULL_FATAL(scores);
  return scores;
}

static hearth_result end(hearth_scores *scores) {
  hearth_result result = {0};
  CU_ASSERT_EQUAL(hearth_scores_report(scores, &result), HEARTH_OK);
  hearth_scores_free(scores);
  setup_end(&fixture);
  return result;
}

static void list(uint32_t model, double p_next, double confidence) {
  lines[plan.count++] = (hearth_plan_line){
      .entry = {.model = model}, .p_next = p_next, .confidence = confidence};
}

static void test_hits(void) {
  hearth_scores *scores = begin("bcafe", "xxxxx");
  /* By p_next: b, then c and a (a tie, in the plan's order), d, f. */
  list(5, 0.01, -1);
  list(2, 0.2, -1);
  list(0, 0.2, -1);
  list(1, 0.6, -1);
  list(3, 0.1, -1);
  list(4, -1, -1); /* e is listed, without a probability */
  for (uint32_t i = 0; i < 5; i++) {
    hearth_scores_request(scores, i, &plan, HEARTH_FOUND_COLD);
  }
  hearth_result r = end(scores);
  CU_ASSERT_DOUBLE_EQUAL(r.hit.at1, 1.0 / 5, 1e-12); /* b */
  CU_ASSERT_DOUBLE_EQUAL(r.hit.at3, 3.0 / 5, 1e-12); /* b c a */
  CU_ASSERT_DOUBLE_EQUAL(r.hit.at5, 4.0 / 5, 1e-12); /* and f */
  CU_ASSERT(isnan(r.availability));
  hearth_result_free(&r);
}

/* The first of a tie is ahead: c is second, a third. */
static void test_ties(void) {
  hearth_scores *scores = begin("ca", "xx");
  list(1, 0.4, -1);
  list(3, 0.4, -1);
  list(2, 0.4, -1);
  list(0, 0.4, -1);
  hearth_scores_request(scores, 0, &plan, HEARTH_FOUND_COLD);
  hearth_scores_request(scores, 1, &plan, HEARTH_FOUND_COLD);
  hearth_result r = end(scores);
  CU_ASSERT_EQUAL(r.hit.at1, 0);
  CU_ASSERT_EQUAL(r.hit.at3, 0.5);
  CU_ASSERT_EQUAL(r.hit.at5, 1);
  hearth_result_free(&r);
}

static const hearth_task_score *task(const hearth_result *r, const char *name) {
  for (uint32_t i = 0; i < r->task_count; i++) {
    if (strcmp(r->tasks[i].task, name) == 0) {
      return &r->tasks[i];
    }
  }
  CU_FAIL_FATAL("no such task");
  return NULL;
}

static void test_tasks(void) {
  hearth_scores *scores = begin("abbc", "xxy-");
  list(0, 0.7, -1);
  list(1, 0.6, -1);
  list(2, 0.1, -1);
  for (uint32_t i = 0; i < 4; i++) {
    hearth_scores_request(scores, i, &plan, HEARTH_FOUND_COLD);
  }
  hearth_result r = end(scores);
  CU_ASSERT_EQUAL_FATAL(r.task_count, 3);
  const hearth_task_score *x = task(&r, "x");
  CU_ASSERT_EQUAL(x->requests, 2);
  CU_ASSERT_EQUAL(x->hit.at1, 0.5);
  CU_ASSERT_EQUAL(x->hit.at3, 1);
  /* Two models over 0.5 each time, one of them right each time. */
  CU_ASSERT_DOUBLE_EQUAL(x->precision, 0.5, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(x->recall, 1, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(x->f1, 2.0 / 3, 1e-12);
  const hearth_task_score *unknown = task(&r, "unknown");
  CU_ASSERT_EQUAL(unknown->requests, 1);
  CU_ASSERT_EQUAL(unknown->precision, 0);
  CU_ASSERT_EQUAL(unknown->recall, 0);
  CU_ASSERT_EQUAL(unknown->hit.at3, 1);
  hearth_result_free(&r);
}

/* A reference that gives no probability has no hits, not hits of 0. */
static void test_no_probabilities(void) {
  hearth_scores *scores = begin("a", "x");
  list(0, -1, -1);
  hearth_scores_plan(scores, &plan);
  hearth_scores_request(scores, 0, &plan, HEARTH_FOUND_WARM);
  hearth_result r = end(scores);
  CU_ASSERT(isnan(r.hit.at1) && isnan(r.hit.at5));
  CU_ASSERT(isnan(task(&r, "x")->f1));
  CU_ASSERT(isnan(r.availability));
  hearth_result_free(&r);
}

/* Of what the previous plan promised: a with 0.8 counts, b with 0.79 does not,
   and a newer plan takes a promise back. */
static void test_availability(void) {
  hearth_scores *scores = begin("abaa", "xxxx");
  hearth_plan none = {.lines = lines};
  list(0, 0.1, 0.8);
  list(1, 0.1, 0.79);
  hearth_scores_request(scores, 0, &none, HEARTH_FOUND_WARM); /* no plan yet */
  hearth_scores_plan(scores, &plan);
  hearth_scores_request(scores, 0, &none, HEARTH_FOUND_WARM);    /* kept */
  hearth_scores_request(scores, 1, &none, HEARTH_FOUND_COLD);    /* none */
  hearth_scores_request(scores, 2, &none, HEARTH_FOUND_DELAYED); /* broken */
  plan.count = 0;
  hearth_scores_plan(scores, &plan);
  hearth_scores_request(scores, 3, &none, HEARTH_FOUND_COLD); /* taken back */
  hearth_result r = end(scores);
  CU_ASSERT_DOUBLE_EQUAL(r.availability, 0.5, 1e-12);
  hearth_result_free(&r);
}

UNIT_MAIN("replay: scores", UNIT(test_hits), UNIT(test_ties), UNIT(test_tasks),
          UNIT(test_no_probabilities), UNIT(test_availability))
