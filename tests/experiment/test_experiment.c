/* SPDX-License-Identifier: MIT
   Experiments: arms, ghosts, verdicts, guardrails, promotion. */
#include "hearth/experiment.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "host-sdk/experiment/split.h"
#include "host-sdk/replay/replay.h"
#include "plugin/sdk/wire/decode.h"
#include "plugin/sdk/wire/encode.h"
#include "tests/experiment/stand.h"
#include "tests/unit.h"

static void test_split(void) {
  static const double shares[] = {0.7, 0.2, 0.1};
  uint32_t counts[3] = {0}, moved = 0, same = 0;
  const uint64_t salt = hearth__split_salt("a", 1);
  const uint64_t other = hearth__split_salt("b", 1);
  for (int i = 0; i < 100000; i++) {
    char text[32];
    snprintf(text, sizeof text, "user-%d", i);
    const hearth_str unit = hearth_str_from(text);
    const uint32_t arm = hearth__split(salt, unit, shares, 3);
    counts[arm]++;
    same += arm == hearth__split(salt, unit, shares, 3);
    moved += arm != hearth__split(other, unit, shares, 3);
  }
  CU_ASSERT_EQUAL(same, 100000);
  CU_ASSERT_DOUBLE_EQUAL(counts[0], 70000, 800);
  CU_ASSERT_DOUBLE_EQUAL(counts[1], 20000, 700);
  CU_ASSERT_DOUBLE_EQUAL(counts[2], 10000, 500);
  CU_ASSERT(moved > 30000); /* another name is another split */
  /* For ever the same: whoever restarts a host must not move its users. */
  CU_ASSERT_EQUAL(hearth__split(salt, hearth_str_from("user-1"), shares, 3),
                  hearth__split(hearth__split_salt("a", 1),
                                hearth_str_from("user-1"), shares, 3));
}

static void same_as_replay(const hearth_experiment_figures *f,
                           const hearth_result *r, int price) {
  CU_ASSERT_EQUAL(f->cold, r->cold);
  CU_ASSERT_EQUAL(f->delayed, r->delayed);
  CU_ASSERT_EQUAL(f->warm, r->warm);
  CU_ASSERT_EQUAL(f->loads_demanded, r->loads.demand);
  CU_ASSERT_EQUAL(f->loads_ahead, r->loads.prewarm);
  CU_ASSERT_EQUAL(f->ahead_used, r->loads.prewarm_used);
  CU_ASSERT_DOUBLE_EQUAL(f->wait_s, r->cold_wait_s, 1e-6);
  CU_ASSERT_DOUBLE_EQUAL(f->idle_gb_s, r->idle_gb_s, 1e-6 * r->idle_gb_s);
  CU_ASSERT((isnan(f->hit1) && isnan(r->hit.at1)) ||
            fabs(f->hit1 - r->hit.at1) < 1e-9);
  if (price) {
    CU_ASSERT_DOUBLE_EQUAL(f->cost_s, r->total_cost_s, 1e-6 * r->total_cost_s);
  }
}

/* A ghost comes to the very figures of a replay. */
static void check_as_replay(int price) {
  stand s;
  hearth_uses uses = {0};
  hearth_result result;
  hearth_experiment_report report;
  hearth_config config;
  char err[512] = "";
  stand_begin(&s, 6, 4, 3);
  stand_arm(&s, "breakeven", "breakeven", 0.5);
  stand_arm(&s, "markov", "markov", 0.5);
  s.options.budget_mb = price ? 0 : s.options.budget_mb;
  s.options.load_lanes = price ? 0 : 2;
  s.options.idle_price = price ? 100 : 0;
  s.options.guardrails.wait_ratio = 0;
  s.options.stop_worse = 0;
  hearth_experiment *x = stand_create(&s);
  stand_play(&s, x);
  hearth_experiment_get_report(x, &report);
  hearth_experiment_destroy(x);
  const hearth_setting setting = {.budget_mb = price ? -1 : s.options.budget_mb,
                                  .share = -1,
                                  .idle_price = price ? 100 : -1,
                                  .load_lanes = s.options.load_lanes};
  hearth_message_init(&hearth_config_schema, &config);
  CU_ASSERT_EQUAL(hearth_uses_init(&uses, &s.trace, &s.models), HEARTH_OK);
  for (uint32_t a = 0; a < 2; a++) {
    const hearth_replay_options options = {.trace = &s.trace,
                                           .models = &s.models,
                                           .uses = &uses,
                                           .setting = &setting,
                                           .config = &config};
    CU_ASSERT_EQUAL(
        hearth_replay(s.libraries[a], &options, &result, err, sizeof err),
        HEARTH_OK);
    same_as_replay(&report.arms[a], &result, price);
    hearth_result_free(&result);
  }
  hearth_uses_free(&uses);
  stand_end(&s);
}

static void test_as_replay_budget(void) {
  check_as_replay(0);
}
static void test_as_replay_price(void) {
  check_as_replay(1);
}

/* Every plan of an arm, as one number. */
typedef struct plans {
  uint64_t hash[HEARTH_EXPERIMENT_ARMS], count[HEARTH_EXPERIMENT_ARMS];
} plans;

static void note_plan(void *user, uint32_t arm, int32_t reason,
                      hearth_bytes plan) {
  plans *p = user;
  p->hash[arm] =
      hearth_hash(p->hash[arm] + (uint64_t)reason, plan.data, plan.len);
  p->count[arm]++;
}

static plans play_plans(const char *second, hearth_experiment_report *report) {
  stand s;
  plans p = {0};
  stand_begin(&s, 5, 3, 2);
  stand_arm(&s, "first", "foresight", second != NULL ? 0.5 : 1);
  stand_arm(&s, "second", second != NULL ? second : "lru",
            second != NULL ? 0.5 : 0);
  s.options.planned = note_plan;
  s.options.user = &p;
  hearth_experiment *x = stand_create(&s);
  stand_play(&s, x);
  hearth_experiment_get_report(x, report);
  hearth_experiment_destroy(x);
  stand_end(&s);
  return p;
}

static void test_arms_are_independent(void) {
  hearth_experiment_report with, without;
  const plans a = play_plans("markov", &with);
  const plans b = play_plans("tests/writes_then_fails", &without);
  const plans c = play_plans("markov", &with);
  CU_ASSERT(a.count[0] > 1000);
  CU_ASSERT_EQUAL(a.count[0], b.count[0]);
  CU_ASSERT_EQUAL(a.hash[0], b.hash[0]); /* whoever is beside it */
  CU_ASSERT_EQUAL(a.hash[0], c.hash[0]); /* the same again */
  CU_ASSERT_EQUAL(a.hash[1], c.hash[1]);
  CU_ASSERT_NOT_EQUAL(a.hash[0], a.hash[1]);
  CU_ASSERT_DOUBLE_EQUAL(with.arms[0].wait_s, without.arms[0].wait_s, 0);
}

static void test_failing_arm_is_stopped(void) {
  stand s;
  hearth_experiment_report r;
  hearth_experiment_event event;
  stand_begin(&s, 5, 3, 2);
  stand_arm(&s, "good", "lru", 0.5);
  stand_arm(&s, "bad", "tests/writes_then_fails", 0.3);
  stand_arm(&s, "other", "gdsf", 0.2);
  hearth_experiment *x = stand_create(&s);
  stand_play(&s, x);
  hearth_experiment_get_report(x, &r);
  CU_ASSERT(r.arms[1].stopped);
  CU_ASSERT(strstr(r.arms[1].why, "calls failed") != NULL);
  CU_ASSERT(r.arms[1].requests < 300);
  CU_ASSERT(!r.arms[0].stopped && !r.arms[2].stopped);
  CU_ASSERT_EQUAL(r.arms[0].requests, s.trace.count);
  CU_ASSERT_EQUAL(r.arms[2].requests, s.trace.count);
  CU_ASSERT_EQUAL(r.arms[0].errors, 0);
  CU_ASSERT_EQUAL(hearth_experiment_get_event(x, 0, &event), HEARTH_OK);
  CU_ASSERT_EQUAL(event.kind, HEARTH_EVENT_GUARDRAIL);
  CU_ASSERT_EQUAL(event.arm, 1);
  for (int i = 0; i < 200; i++) { /* its users get the champion's answers */
    char user[32];
    snprintf(user, sizeof user, "s%d", i);
    CU_ASSERT_NOT_EQUAL(hearth_experiment_arm_of(x, "u", user, "r"), 1);
  }
  hearth_experiment_destroy(x);
  stand_end(&s);
}

static void test_late_and_costly_arms_are_stopped(void) {
  stand s;
  hearth_experiment_report r;
  stand_begin(&s, 8, 4, 2);
  stand_arm(&s, "good", "lru", 1);
  stand_arm(&s, "slow", "gdsf", 0);
  s.options.guardrails.latency_p99_ms = 1e-6; /* a nanosecond */
  hearth_experiment *x = stand_create(&s);
  stand_play(&s, x);
  hearth_experiment_get_report(x, &r);
  CU_ASSERT(r.arms[1].stopped && strstr(r.arms[1].why, "p99") != NULL);
  CU_ASSERT(!r.arms[0].stopped); /* the champion is never stopped ... */
  CU_ASSERT(strstr(r.arms[0].why, "p99") != NULL); /* ... but told of */
  hearth_experiment_destroy(x);
  stand_end(&s);

  stand_begin(&s, 8, 4, 2);
  stand_arm(&s, "good", "foresight", 1);
  stand_arm(&s, "costly", "exponential", 0);
  s.options.guardrails.wait_ratio = 1.02;
  s.options.guardrails.least_units = 20;
  s.options.stop_worse = 0;
  x = stand_create(&s);
  stand_play(&s, x);
  hearth_experiment_get_report(x, &r);
  CU_ASSERT(r.arms[1].stopped && strstr(r.arms[1].why, "cost") != NULL);
  hearth_experiment_destroy(x);
  stand_end(&s);
}

typedef struct crowned {
  int count;
  uint32_t winner, loser;
  uint64_t winner_state, loser_state;
  hearth_status answer;
} crowned;

static hearth_status crown(void *user, const hearth_experiment_promotion *p) {
  crowned *c = user;
  c->count++;
  c->winner = p->winner;
  c->loser = p->loser;
  c->winner_state = p->winner_state.len;
  c->loser_state = p->loser_state.len;
  CU_ASSERT(p->low_s > 0 && p->saved_s > p->low_s && p->high_s > p->saved_s);
  CU_ASSERT_PTR_NOT_NULL(hearth_library_entry(p->library)->id);
  return c->answer;
}

static void check_promotion(hearth_status answer) {
  stand s;
  crowned c = {.answer = answer};
  hearth_experiment_report r;
  hearth_experiment_event event = {0};
  int promoted = 0, failed = 0;
  stand_begin(&s, 40, 12, 1);
  stand_arm(&s, "old", "lru", 0.9);
  stand_arm(&s, "new", "foresight", 0.1);
  s.options.promote = 1;
  s.options.promoted = crown;
  s.options.user = &c;
  hearth_experiment *x = stand_create(&s);
  stand_play(&s, x);
  hearth_experiment_get_report(x, &r);
  for (uint32_t i = 0; hearth_experiment_get_event(x, i, &event) == HEARTH_OK;
       i++) {
    promoted += event.kind == HEARTH_EVENT_PROMOTED;
    failed += event.kind == HEARTH_EVENT_PROMOTION_FAILED;
  }
  CU_ASSERT_EQUAL(c.count, 1);
  CU_ASSERT_EQUAL(c.winner, 1);
  CU_ASSERT_EQUAL(c.loser, 0);
  CU_ASSERT(c.loser_state > 0);
  CU_ASSERT_EQUAL(promoted, answer == HEARTH_OK);
  CU_ASSERT_EQUAL(failed, answer != HEARTH_OK);
  CU_ASSERT_EQUAL(r.champion, answer == HEARTH_OK ? 1 : 0);
  CU_ASSERT_DOUBLE_EQUAL(r.arms[r.champion].share, 0.9, 1e-12);
  hearth_experiment_destroy(x);
  stand_end(&s);
}

static void test_promotion(void) {
  check_promotion(HEARTH_OK);
}
static void test_promotion_fails(void) {
  check_promotion(HEARTH_UNAVAILABLE);
}

static void test_bad_options(void) {
  stand s;
  hearth_experiment *x = NULL;
  char err[512] = "";
  stand_begin(&s, 2, 1, 1);
  stand_arm(&s, "a", "lru", 0.5);
  stand_arm(&s, "b", "lru", 0.4);
#define REFUSED(words)                                                         \
  CU_ASSERT_EQUAL(hearth_experiment_create(&s.options, &x, err, sizeof err),   \
                  HEARTH_BAD_ARG);                                             \
  CU_ASSERT_PTR_NOT_NULL(strstr(err, words));                                  \
  CU_ASSERT_PTR_NULL(x)
  REFUSED("add up to 1");
  s.arms[1].share = 0.5;
  s.arms[1].shadow = 1;
  REFUSED("shadow");
  s.arms[1].shadow = 0;
  s.arms[1].name = "a";
  REFUSED("same name");
  s.arms[1].name = "b";
  s.options.alpha = 0;
  REFUSED("alpha");
  s.options.alpha = 0.05;
  s.options.champion = 2;
  REFUSED("champion");
  s.options.champion = 0;
  s.options.arm_count = 1;
  REFUSED("arms");
  s.options.arm_count = 2;
  s.options.queue = 0;
  REFUSED("queue");
  s.options.queue = 4;
  s.options.window_ms = INT64_MAX;
  REFUSED("window_ms");
  s.options.window_ms = 1;
  s.options.budget_mb = 1;
  CU_ASSERT_EQUAL(hearth_experiment_create(&s.options, &x, err, sizeof err),
                  HEARTH_LIMIT);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "budget"));
  stand_end(&s);
}

UNIT_MAIN("experiment", UNIT(test_split), UNIT(test_as_replay_budget),
          UNIT(test_as_replay_price), UNIT(test_arms_are_independent),
          UNIT(test_failing_arm_is_stopped),
          UNIT(test_late_and_costly_arms_are_stopped), UNIT(test_promotion),
          UNIT(test_promotion_fails), UNIT(test_bad_options))
