/* SPDX-License-Identifier: MIT
   Why a model is kept: hearth.explain/1, and the reasons of a plan. */
#include <math.h>
#include <string.h>

#include "plugin/foresight/budget/budget_state.h"
#include "plugin/foresight/reasons.h"
#include "plugin/sdk/math.h"
#include "tests/foresight/drive.h"
#include "tests/unit.h"

#define MINUTE 60000

/* ann uses 0 and 1 in turn, bob 2, zoe once 3; 4 is never used. */
static int64_t live(drive *d, int explain) {
  int64_t now = 0;
  drive_request(d, MINUTE, 3, "zoe");
  for (int i = 1; i < 60; i++) {
    now = i * 4 * MINUTE;
    drive_request(d, now, (uint32_t)i % 2, "ann");
    drive_request(d, now + MINUTE, 2, "bob");
    for (int k = 0; k < explain; k++) {
      (void)drive_explain(d, HEARTH_REASON_TICK, now + 2 * MINUTE, NULL, NULL);
      (void)drive_explain(d, HEARTH_REASON_REQUEST, now + 2 * MINUTE, "ann",
                          "chat");
    }
  }
  return now + 3 * MINUTE;
}

static const hearth_reason *reason_of(const hearth_plan_model *line,
                                      const char *signal) {
  const hearth_reason *reasons = line->reasons.items;
  for (uint32_t i = 0; i < line->reasons.count; i++) {
    if (hearth_str_equal(reasons[i].signal, hearth_str_from(signal))) {
      return &reasons[i];
    }
  }
  return NULL;
}

static void check_order(const hearth_plan_model *line, uint32_t first) {
  const hearth_reason *reasons = line->reasons.items;
  CU_ASSERT(line->reasons.count > 0);
  CU_ASSERT(line->reasons.count <= HEARTH_MAX_REASONS);
  for (uint32_t i = 0; i < line->reasons.count; i++) {
    CU_ASSERT(isfinite(reasons[i].weight));
    CU_ASSERT(reasons[i].signal.len > 0);
    if (i > first) {
      CU_ASSERT(fabs(reasons[i].weight) <= fabs(reasons[i - 1].weight));
    }
  }
}

static void test_every_model_has_its_reasons(void) {
  drive d;
  CU_ASSERT_EQUAL_FATAL(drive_begin(&d, NULL, 5, 0), HEARTH_OK);
  const int64_t now = live(&d, 0);
  CU_ASSERT_EQUAL(drive_explain(&d, HEARTH_REASON_TICK, now, NULL, NULL),
                  HEARTH_OK);
  CU_ASSERT_EQUAL_FATAL(d.set.models.count, 5);
  for (uint32_t m = 0; m < 4; m++) {
    const hearth_plan_model *line = drive_line(&d, m);
    CU_ASSERT_PTR_NOT_NULL_FATAL(line);
    check_order(line, 1);
    CU_ASSERT_PTR_EQUAL(reason_of(line, "worth_per_mb"), line->reasons.items);
    CU_ASSERT(line->p_next < 0);
  }
  CU_ASSERT_PTR_NOT_NULL(reason_of(drive_line(&d, 4), "never_used"));
  CU_ASSERT(reason_of(drive_line(&d, 2), "worth_per_mb")->weight >
            reason_of(drive_line(&d, 3), "worth_per_mb")->weight);
  drive_end(&d);
}

/* The parts of the chance of a use add up to it. */
static void test_parts_add_up(void) {
  drive d;
  CU_ASSERT_EQUAL_FATAL(drive_begin(&d, NULL, 5, 0), HEARTH_OK);
  const int64_t now = live(&d, 0);
  hearth_context context;
  hearth_message_init(&hearth_context_schema, &context);
  context.now_ms = now;
  foresight_within_now at;
  foresight_scale scale;
  foresight_within_at(d.plugin->within, now, &at);
  foresight__scale(d.plugin, &context, &at, &scale);
  CU_ASSERT_PTR_NULL(scale.budget); /* the context has none */
  CU_ASSERT_EQUAL(scale.used, 4);
  for (uint32_t m = 0; m < 4; m++) {
    float p[FORESIGHT_WITHIN_HORIZONS];
    foresight_weights weights = {.count = 0};
    foresight__weigh_holding(d.plugin, &scale, m, &weights);
    CU_ASSERT_EQUAL(weights.count, FORESIGHT_WITHIN_SIGNALS);
    double sum = scale.logit;
    for (uint32_t i = 0; i < weights.count; i++) {
      sum += weights.of[i].weight;
    }
    foresight_within_predict(d.plugin->within, &at, m, p);
    CU_ASSERT_DOUBLE_EQUAL(sum, hearth_logit((double)p[1]), 0.01);
  }
  drive_end(&d);
}

static void test_explaining_changes_nothing(void) {
  for (int price = 0; price < 2; price++) {
    drive a, b;
    CU_ASSERT_EQUAL_FATAL(drive_begin(&a, NULL, 5, 0), HEARTH_OK);
    CU_ASSERT_EQUAL_FATAL(drive_begin(&b, NULL, 5, 0), HEARTH_OK);
    if (price) {
      a.budget_mb = b.budget_mb = -1;
      a.idle_price = b.idle_price = 100;
    }
    (void)live(&a, 2);
    const int64_t now = live(&b, 0);
    for (int reason = HEARTH_REASON_REQUEST; reason <= HEARTH_REASON_TICK;
         reason++) {
      (void)drive_ask(&a, reason, now, "ann", NULL);
      (void)drive_ask(&b, reason, now, "ann", NULL);
      CU_ASSERT_EQUAL_FATAL(a.answer.len, b.answer.len);
      CU_ASSERT_EQUAL(
          memcmp(a.answer.data, b.answer.data, (size_t)a.answer.len), 0);
    }
    drive_end(&a);
    drive_end(&b);
  }
}

/* Who always uses one model is foretold to, and for that reason. */
static void test_a_habit_is_named(void) {
  drive d;
  CU_ASSERT_EQUAL_FATAL(drive_begin(&d, NULL, 6, 0), HEARTH_OK);
  for (int i = 1; i < 200; i++) {
    drive_request(&d, i * 4 * MINUTE, 0, "ann");
    drive_request(&d, i * 4 * MINUTE + MINUTE, 1 + (uint32_t)(i * i) % 5,
                  "bob");
  }
  const int64_t now = 801 * MINUTE;
  d.want_reasons = 1;
  CU_ASSERT_EQUAL(drive_ask(&d, HEARTH_REASON_REQUEST, now, "ann", NULL),
                  HEARTH_OK);
  const hearth_plan_model *line = &d.lines[0];
  CU_ASSERT(hearth_str_equal(line->model, hearth_str_from("m0")));
  check_order(line, 0);
  const hearth_reason *habit = reason_of(line, "user_habit");
  CU_ASSERT_PTR_NOT_NULL_FATAL(habit);
  CU_ASSERT(habit->weight > 1);
  CU_ASSERT_EQUAL(drive_explain(&d, HEARTH_REASON_REQUEST, now, "ann", NULL),
                  HEARTH_OK);
  CU_ASSERT(drive_line(&d, 0)->p_next > 0.8);
  CU_ASSERT(drive_line(&d, 1)->p_next < 0.2);
  CU_ASSERT_PTR_NULL(reason_of(drive_line(&d, 1), "user_habit"));
  drive_end(&d);
}

static void test_a_plan_has_reasons_if_they_are_wanted(void) {
  drive d;
  CU_ASSERT_EQUAL_FATAL(drive_begin(&d, NULL, 5, 0), HEARTH_OK);
  const int64_t now = live(&d, 0);
  for (int wanted = 0; wanted < 2; wanted++) {
    d.want_reasons = wanted;
    CU_ASSERT_EQUAL(drive_ask(&d, HEARTH_REASON_SETTLED, now, NULL, NULL),
                    HEARTH_OK);
    CU_ASSERT(d.set.models.count > 0);
    for (uint32_t i = 0; i < d.set.models.count; i++) {
      CU_ASSERT_EQUAL(d.lines[i].reasons.count > 0, wanted);
    }
  }
  drive_end(&d);
}

static void test_a_simple_rule_is_named(void) {
  drive d;
  CU_ASSERT_EQUAL_FATAL(drive_begin(&d, NULL, 5, 0), HEARTH_OK);
  const int64_t now = live(&d, 0);
  d.plugin->budget->following = FORESIGHT_BUDGET_LRU;
  CU_ASSERT_EQUAL(drive_explain(&d, HEARTH_REASON_TICK, now, NULL, NULL),
                  HEARTH_OK);
  const hearth_reason *latest = reason_of(drive_line(&d, 2), "rule:lru");
  const hearth_reason *oldest = reason_of(drive_line(&d, 3), "rule:lru");
  CU_ASSERT_PTR_NOT_NULL_FATAL(latest);
  CU_ASSERT_PTR_NOT_NULL_FATAL(oldest);
  CU_ASSERT_PTR_EQUAL(latest, drive_line(&d, 2)->reasons.items);
  CU_ASSERT_DOUBLE_EQUAL(latest->weight - oldest->weight, 1, 1e-6);
  CU_ASSERT(latest->weight > 0 && oldest->weight < 0);
  drive_end(&d);
}

static void test_a_price_is_named(void) {
  drive d;
  CU_ASSERT_EQUAL_FATAL(drive_begin(&d, NULL, 5, 0), HEARTH_OK);
  d.budget_mb = -1;
  d.idle_price = 100;
  const int64_t now = live(&d, 0);
  CU_ASSERT_EQUAL(drive_explain(&d, HEARTH_REASON_TICK, now, NULL, NULL),
                  HEARTH_OK);
  CU_ASSERT_EQUAL_FATAL(d.set.models.count, 5);
  for (uint32_t m = 0; m < 4; m++) {
    const hearth_plan_model *line = drive_line(&d, m);
    const hearth_reason *first = line->reasons.items;
    check_order(line, 1);
    CU_ASSERT(reason_of(line, "hold_value") == first ||
              reason_of(line, "rule:breakeven") == first);
    CU_ASSERT(fabs(first->weight) <= 1);
  }
  drive_end(&d);
}

static void test_failures(void) {
  drive d;
  const uint8_t bad[] = {0x81, 0xa1};
  const hearth_bytes bytes = {bad, sizeof bad};
  CU_ASSERT_EQUAL_FATAL(drive_begin(&d, NULL, 0, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(drive_explain(&d, HEARTH_REASON_TICK, 5, NULL, NULL),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(d.set.models.count, 0);
  CU_ASSERT_EQUAL(foresight__explain(d.plugin, NULL, bytes, &d.answer.sink),
                  HEARTH_BAD_PAYLOAD);
  drive_request(&d, MINUTE, 0, "ann");
  d.host.fail_at = d.host.calls + 1;
  CU_ASSERT_EQUAL(drive_explain(&d, HEARTH_REASON_TICK, 2 * MINUTE, NULL, NULL),
                  HEARTH_NO_MEMORY);
  d.host.fail_at = 0;
  CU_ASSERT_EQUAL(drive_explain(&d, HEARTH_REASON_TICK, 2 * MINUTE, NULL, NULL),
                  HEARTH_OK);
  drive_end(&d);
  CU_ASSERT_EQUAL(d.host.blocks, 0);
}

UNIT_MAIN("foresight explain", UNIT(test_every_model_has_its_reasons),
          UNIT(test_parts_add_up), UNIT(test_explaining_changes_nothing),
          UNIT(test_a_habit_is_named),
          UNIT(test_a_plan_has_reasons_if_they_are_wanted),
          UNIT(test_a_simple_rule_is_named), UNIT(test_a_price_is_named),
          UNIT(test_failures))
