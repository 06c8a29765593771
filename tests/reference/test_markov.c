/* SPDX-License-Identifier: MIT
   The reference markov, by hand. */
#define HEARTH_STATIC_PLUGIN plugin_under_test
#include "plugin/reference/markov.c"

#include "tests/reference/stage.h"
#include "tests/unit.h"

static const stage_model models[] = {{10, 100}, {10, 100}, {10, 100}, {10, 9}};

/* After a came b twice and c once; d is the most used of late. */
static void learn(stage *s) {
  static const char sequence[] = "abacab";
  int number = 0;
  int64_t now = 0;
  for (const char *m = sequence; *m != '\0'; m++) {
    stage_request(s, now += 1000, number, "u", *m);
    stage_finish(s, now, number++);
  }
  for (int i = 0; i < 9; i++) {
    stage_request(s, now += 1000, number, "v", 'd');
    stage_finish(s, now, number++);
  }
}

static void test_successors_then_most_used(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 4);
  learn(&s);
  stage_request(&s, 20000, 100, "u", 'a');
  CU_ASSERT(stage_plan_is(&s, "bcda"));
  stage_end(&s);
}

/* u's last model is a, known from 3 transitions: 2 / 5 + a share of .4. */
static void test_probability_by_user(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 4);
  learn(&s);
  stage_request(&s, 20000, 100, "u", 'a');
  stage_ask(&s, 20000, HEARTH_REASON_REQUEST, "u");
  CU_ASSERT(stage_entry(&s, 'b')->p_next > 0.4);
  CU_ASSERT(stage_entry(&s, 'b')->p_next < 0.5);
  double sum = 0;
  for (char m = 'a'; m <= 'd'; m++) {
    sum += stage_entry(&s, m)->p_next;
  }
  CU_ASSERT_DOUBLE_EQUAL(sum, 1, 1e-9);
  stage_ask(&s, 20000, HEARTH_REASON_REQUEST, "somebody new");
  CU_ASSERT_EQUAL(s.plan[0].model.data[0], 'd');
  stage_end(&s);
}

/* The least follower gives way, and a new one does not push out the first. */
static void test_more_successors_than_places(void) {
  struct own own = {0};
  follow(&own, 7);
  follow(&own, 7);
  for (uint32_t m = 100; m < 200; m++) {
    follow(&own, m);
  }
  CU_ASSERT_EQUAL(own.next[0].model, 7);
  CU_ASSERT_EQUAL(own.next[SUCCESSORS - 1].model, 199);
  CU_ASSERT_EQUAL(own.total, 102);
}

UNIT_MAIN("reference markov", UNIT(test_successors_then_most_used),
          UNIT(test_probability_by_user),
          UNIT(test_more_successors_than_places))
