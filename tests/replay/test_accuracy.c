/* SPDX-License-Identifier: MIT
   Accuracy beside the plain guesses, worked by hand. */
#include "host-sdk/replay/accuracy/accuracy.h"

#include <math.h>
#include <string.h>

#include "host-sdk/replay/accuracy/category.h"
#include "host-sdk/replay/accuracy/plain.h"
#include "host-sdk/replay/accuracy/within.h"
#include "tests/replay/setup.h"
#include "tests/unit.h"

enum { MINUTE = 60000, HOUR = 60 * MINUTE };

static setup fixture;

static void begin(void) {
  setup_begin(&fixture);
  setup_model(&fixture, "a", 1024, 1000);
  setup_model(&fixture, "b", 1024, 1000);
  setup_model(&fixture, "c", 1024, 1000);
}

static void request(int64_t ts_ms, const char *user, const char *model,
                    const char *task) {
  hearth_trace_row row;
  hearth_trace_row_init(&row);
  row.ts_ms = ts_ms;
  row.name[HEARTH_TRACE_MODEL] = hearth_str_from(model);
  if (user != NULL) {
    row.name[HEARTH_TRACE_USER] = hearth_str_from(user);
  }
  if (task != NULL) {
    row.name[HEARTH_TRACE_TASK] = hearth_str_from(task);
  }
  CU_ASSERT_EQUAL_FATAL(hearth_trace_add(&fixture.trace, &row), HEARTH_OK);
}

static void learn(hearth_plain *plain, uint32_t user, const char *models) {
  for (; *models != '\0'; models++) {
    CU_ASSERT_EQUAL(
        hearth_plain_learn(plain, user, (uint32_t)(*models - 'a')), HEARTH_OK);
  }
}

/* The models in the order in which they are guessed; "-": never used. */
static void expect(hearth_plain *plain, uint32_t user, int most,
                   const char *order) {
  uint32_t known = 0;
  for (uint32_t m = 0; m < 6; m++) {
    const uint32_t place = hearth_plain_place(plain, user, most, m);
    if (place == HEARTH_NO_PLACE) {
      CU_ASSERT_PTR_NULL(strchr(order, (int)('a' + m)));
      continue;
    }
    known++;
    CU_ASSERT_FATAL(place < strlen(order));
    CU_ASSERT_EQUAL(order[place], (char)('a' + m));
  }
  CU_ASSERT_EQUAL(known, strlen(order));
}

static void test_plain_orders(void) {
  hearth_plain *plain = hearth_plain_new(6, 3);
  CU_ASSERT_PTR_NOT_NULL_FATAL(plain);
  CU_ASSERT(!hearth_plain_knows(plain));
  expect(plain, 0, 0, "");
  expect(plain, UINT32_MAX, 1, "");
  learn(plain, 0, "aabc");
  learn(plain, 1, "ddd");
  CU_ASSERT(hearth_plain_knows(plain));
  /* The user's own, then what others have. */
  expect(plain, 0, 0, "cbad");
  expect(plain, 0, 1, "acbd"); /* c is later than b, each once */
  expect(plain, 1, 0, "dcba");
  expect(plain, 1, 1, "dacb");
  /* A new user, and a request without one: what all used. */
  expect(plain, 2, 0, "dcba");
  expect(plain, 2, 1, "dacb");
  expect(plain, UINT32_MAX, 0, "dcba");
  expect(plain, UINT32_MAX, 1, "dacb");
  /* What is used without a user counts for all. */
  learn(plain, UINT32_MAX, "eeeee");
  expect(plain, 0, 0, "cbaed");
  expect(plain, UINT32_MAX, 1, "edacb");
  hearth_plain_free(plain);
  hearth_plain_free(NULL);
}

/* Room for a user's models grows. */
static void test_plain_many_models(void) {
  hearth_plain *plain = hearth_plain_new(100, 1);
  CU_ASSERT_PTR_NOT_NULL_FATAL(plain);
  for (uint32_t m = 0; m < 100; m++) {
    CU_ASSERT_EQUAL(hearth_plain_learn(plain, 0, m), HEARTH_OK);
  }
  for (uint32_t m = 0; m < 100; m++) {
    CU_ASSERT_EQUAL(hearth_plain_place(plain, 0, 0, m), 99 - m);
  }
  hearth_plain_free(plain);
}

static void test_categories(void) {
  static const struct {
    const char *task, *category;
  } expected[] = {{"completion", "interactive"}, {"chat", "interactive"},
                  {"analysis", "background"},    {"generation", "complex"},
                  {"refactoring", "complex"},    {"TXT_2_IMG", "custom"},
                  {"chatter", "custom"},         {"cha", "custom"},
                  {"", "custom"}};
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
    const int category = hearth_task_category(hearth_str_from(expected[i].task));
    CU_ASSERT_STRING_EQUAL(hearth_category_name(category),
                           expected[i].category);
  }
}

static hearth_plan_line lines[3];
static hearth_plan plan;

static void say(double a, double b) {
  plan = (hearth_plan){.lines = lines, .count = 2, .opinion = 1};
  for (uint32_t m = 0; m < 2; m++) {
    lines[m] = (hearth_plan_line){.entry = {.model = m}};
    for (int h = 0; h < HEARTH_HORIZONS; h++) {
      lines[m].p_within[h] = m == 0 ? a : b;
    }
  }
}

/* a at 0 and 8 min; b at 3 min.  At 4 min: a was used 4 min ago, b one, and of
   the two a is used again within 300 s.  At 6 min, just the same but that a was
   not used in the last 300 s. */
static void test_within(void) {
  hearth_within within;
  hearth_within_rates rates[HEARTH_HORIZONS];
  begin();
  request(0, NULL, "a", NULL);
  request(3 * MINUTE, NULL, "b", NULL);
  request(8 * MINUTE, NULL, "a", NULL);
  request(11 * MINUTE, NULL, "c", NULL); /* unknown before: no sample */
  setup_ready(&fixture);
  CU_ASSERT_EQUAL_FATAL(
      hearth_within_init(&within, &fixture.uses, 11 * MINUTE), HEARTH_OK);
  say(0.5, 0.4);
  hearth_within_sample(&within, 4 * MINUTE, &plan); /* both right */
  say(0.2, 0.6);
  hearth_within_sample(&within, 6 * MINUTE, &plan); /* both wrong */
  plan.count = 0;
  hearth_within_sample(&within, 7 * MINUTE, &plan); /* after the end */
  hearth_within_report(&within, rates);
  CU_ASSERT_EQUAL(rates[0].samples, 4);
  CU_ASSERT_DOUBLE_EQUAL(rates[0].plugin.accuracy, 0.5, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(rates[0].plugin.precision, 0.5, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(rates[0].plugin.recall, 0.5, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(rates[0].plugin.f1, 0.5, 1e-12);
  /* "Used in the last 300 s" says yes to a, b and to b: one of three. */
  CU_ASSERT_DOUBLE_EQUAL(rates[0].plain.accuracy, 0.25, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(rates[0].plain.precision, 1.0 / 3, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(rates[0].plain.recall, 0.5, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(rates[0].plain.f1, 2.0 / 5, 1e-12);
  CU_ASSERT_EQUAL(rates[1].samples, 0);
  CU_ASSERT(isnan(rates[1].plugin.f1) && isnan(rates[1].plain.accuracy));
  hearth_within_free(&within);
  setup_end(&fixture);
}

/* A use at the very edge: (now, now + h] holds it, (now - h, now] does not. */
static void test_within_edges(void) {
  hearth_within within;
  hearth_within_rates rates[HEARTH_HORIZONS];
  begin();
  request(0, NULL, "a", NULL);
  request(10 * MINUTE, NULL, "a", NULL);
  setup_ready(&fixture);
  CU_ASSERT_EQUAL_FATAL(
      hearth_within_init(&within, &fixture.uses, 10 * MINUTE), HEARTH_OK);
  say(0.9, 0);
  hearth_within_sample(&within, 5 * MINUTE, &plan);
  hearth_within_report(&within, rates);
  CU_ASSERT_EQUAL(rates[0].samples, 1);
  CU_ASSERT_EQUAL(rates[0].plugin.recall, 1);
  CU_ASSERT_EQUAL(rates[0].plain.recall, 0);
  hearth_within_free(&within);
  setup_end(&fixture);
}

static const hearth_accuracy_row *task(const hearth_accuracy *accuracy,
                                       const char *name) {
  for (uint32_t i = 0; i < accuracy->task_count; i++) {
    if (strcmp(accuracy->tasks[i].name, name) == 0) {
      return &accuracy->tasks[i];
    }
  }
  CU_FAIL_FATAL("no such task");
  return NULL;
}

/* Six requests, what the plugin said of each, and what comes of it:
     user task  model  plugin         last  most
     ann  chat  a      1st, said 1    none  none
     ann  chat  a      1st, said 2    a     a
     bob  x     b      2nd, said 1    (a)   (a)     1 not right
     ann  chat  b      none           a     a
     -    -     b      4th, said 0    b     b       all: b last; a, b twice, b later
     ann  chat  a      1st, said 1    b     a       */
static const struct {
  int64_t at;
  const char *user, *model, *task;
  hearth_guessed guessed;
} six[] = {{0, "ann", "a", "chat", {0, 1, 1}},
           {MINUTE, "ann", "a", "chat", {0, 2, 1}},
           {2 * MINUTE, "bob", "b", "x", {1, 1, 0}},
           {10 * MINUTE, "ann", "b", "chat", {HEARTH_NO_PLACE, 0, 0}},
           {2 * HOUR, NULL, "b", NULL, {3, 0, 0}},
           {25 * HOUR, "ann", "a", "chat", {0, 1, 1}}};

static hearth_accuracy *count_six(int probabilities) {
  hearth_accuracy *accuracy = NULL;
  begin();
  for (int i = 0; i < 6; i++) {
    request(six[i].at, six[i].user, six[i].model, six[i].task);
  }
  setup_ready(&fixture);
  hearth_accuracy_book *book =
      hearth_accuracy_book_new(&fixture.trace, &fixture.uses);
  CU_ASSERT_PTR_NOT_NULL_FATAL(book);
  for (uint32_t i = 0; i < 6; i++) {
    hearth_accuracy_request(book, i, &six[i].guessed);
  }
  CU_ASSERT_EQUAL_FATAL(
      hearth_accuracy_report(book, probabilities, &accuracy), HEARTH_OK);
  hearth_accuracy_book_free(book);
  setup_end(&fixture);
  return accuracy;
}

static void test_tasks_and_categories(void) {
  hearth_accuracy *accuracy = count_six(1);
  const hearth_accuracy_row *chat = task(accuracy, "chat");
  CU_ASSERT_EQUAL(accuracy->task_count, 3);
  CU_ASSERT_EQUAL(chat->requests, 4);
  CU_ASSERT_DOUBLE_EQUAL(chat->by[0].accuracy, 3.0 / 4, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(chat->by[0].precision, 3.0 / 4, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(chat->by[0].recall, 3.0 / 4, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(chat->by[1].accuracy, 1.0 / 4, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(chat->by[1].precision, 1.0 / 3, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(chat->by[1].f1, 2.0 / 7, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(chat->by[2].accuracy, 2.0 / 4, 1e-12);
  CU_ASSERT_EQUAL(task(accuracy, "x")->by[0].precision, 0);
  CU_ASSERT_EQUAL(task(accuracy, "unknown")->by[1].accuracy, 1);
  CU_ASSERT(isnan(task(accuracy, "unknown")->by[0].precision));
  CU_ASSERT_EQUAL(accuracy->all.requests, 6);
  CU_ASSERT_EQUAL(accuracy->categories[HEARTH_INTERACTIVE].requests, 4);
  CU_ASSERT_EQUAL(accuracy->categories[HEARTH_BACKGROUND].requests, 0);
  CU_ASSERT(isnan(accuracy->categories[HEARTH_COMPLEX].by[0].accuracy));
  CU_ASSERT_EQUAL(accuracy->categories[HEARTH_CUSTOM].requests, 2);
  hearth_accuracy_free(accuracy);
}

/* Since this user's last: ann 1 min, 8 min (of her last), 23 h; the first of
   ann and of bob; without a user, 110 min since bob's or ann's. */
static void test_distances(void) {
  hearth_accuracy *accuracy = count_six(1);
  CU_ASSERT_EQUAL(accuracy->distances[0].requests, 1);
  CU_ASSERT_EQUAL(accuracy->distances[0].by[0].accuracy, 1);
  CU_ASSERT_EQUAL(accuracy->distances[1].requests, 1);
  CU_ASSERT_EQUAL(accuracy->distances[1].by[0].accuracy, 0);
  CU_ASSERT_EQUAL(accuracy->distances[2].requests, 4);
  hearth_accuracy_free(accuracy);
}

static void test_hits_and_days(void) {
  hearth_accuracy *accuracy = count_six(1);
  CU_ASSERT_DOUBLE_EQUAL(accuracy->hit[0][0], 3.0 / 6, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(accuracy->hit[0][1], 4.0 / 6, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(accuracy->hit[0][2], 5.0 / 6, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(accuracy->hit[1][0], 2.0 / 6, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(accuracy->hit[2][0], 3.0 / 6, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(accuracy->hit[1][1], 4.0 / 6, 1e-12);
  CU_ASSERT_EQUAL(accuracy->user_days, 4); /* ann's two, bob's, nobody's */
  CU_ASSERT_DOUBLE_EQUAL(accuracy->over[1][0].margin, 1.0 / 6, 1e-12);
  CU_ASSERT_EQUAL(accuracy->over[1][0].certain, 0); /* too few days */
  hearth_accuracy_free(accuracy);
}

/* Without probabilities the plain guesses still have figures. */
static void test_no_probabilities(void) {
  hearth_accuracy *accuracy = count_six(0);
  CU_ASSERT(isnan(accuracy->all.by[0].accuracy));
  CU_ASSERT(isnan(accuracy->hit[0][0]));
  CU_ASSERT(isnan(accuracy->over[1][0].margin));
  CU_ASSERT_DOUBLE_EQUAL(accuracy->hit[1][0], 2.0 / 6, 1e-12);
  hearth_accuracy_free(accuracy);
  hearth_accuracy_free(NULL);
}

UNIT_MAIN("replay: accuracy", UNIT(test_plain_orders),
          UNIT(test_plain_many_models), UNIT(test_categories),
          UNIT(test_within), UNIT(test_within_edges),
          UNIT(test_tasks_and_categories), UNIT(test_distances),
          UNIT(test_hits_and_days), UNIT(test_no_probabilities))
