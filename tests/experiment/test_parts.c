/* SPDX-License-Identifier: MIT
   The parts of an experiment, each alone. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/experiment/inbox.h"
#include "host-sdk/experiment/judge.h"
#include "host-sdk/experiment/latency.h"
#include "host-sdk/experiment/units.h"
#include "host-sdk/replay/input/random.h"
#include "plugin/sdk/pool/pool.h"
#include "tests/unit.h"

static void test_latency(void) {
  static hearth__latency latency;
  CU_ASSERT(isnan(hearth__latency_percentile(&latency, 50)));
  for (uint64_t ns = 1; ns <= 100000; ns++) {
    hearth__latency_add(&latency, ns * 10);
  }
  CU_ASSERT_DOUBLE_EQUAL(hearth__latency_percentile(&latency, 50), 500, 15);
  CU_ASSERT_DOUBLE_EQUAL(hearth__latency_percentile(&latency, 99), 990, 30);
  hearth__latency_add(&latency, UINT64_MAX); /* the last bin holds the rest */
  CU_ASSERT_EQUAL(latency.count, 100001);
}

/* The interval holds zero for exactly as long as there is no verdict. */
static void test_evidence(void) {
  hearth__evidence e;
  hearth__random random;
  double mean, low, high;
  int last = 0;
  hearth__evidence_init(&e, 10, 0.05);
  hearth__random_init(&random, 1, 1);
  hearth__evidence_interval(&e, &mean, &low, &high);
  CU_ASSERT(isnan(mean) && isinf(low) && isinf(high));
  CU_ASSERT_EQUAL(hearth__evidence_sign(&e), 0);
  for (int i = 0; i < 3000; i++) {
    hearth__evidence_add(&e, 8 * hearth__random_unit(&random) - 4.5, 0);
    hearth__evidence_interval(&e, &mean, &low, &high);
    last = hearth__evidence_sign(&e);
    CU_ASSERT(low <= mean && mean <= high);
    CU_ASSERT(low < -0.5 && -0.5 < high); /* the truth */
    CU_ASSERT_EQUAL(last, low > 0 ? 1 : high < 0 ? -1 : 0);
  }
  CU_ASSERT_EQUAL(last, -1);
  /* The mirror image is judged as its mirror image. */
  hearth__evidence a, b;
  hearth__evidence_init(&a, 10, 0.05);
  hearth__evidence_init(&b, 10, 0.05);
  for (int i = 0; i < 200; i++) {
    const double x = hearth__random_lognormal(&random, 0.4, 0.9);
    hearth__evidence_add(&a, x < 10 ? x : 10, 0.1);
    hearth__evidence_add(&b, x < 10 ? -x : -10, -0.1);
  }
  double mean_b, low_b, high_b;
  hearth__evidence_interval(&a, &mean, &low, &high);
  hearth__evidence_interval(&b, &mean_b, &low_b, &high_b);
  CU_ASSERT_DOUBLE_EQUAL(low, -high_b, 1e-9);
  CU_ASSERT_DOUBLE_EQUAL(high, -low_b, 1e-9);
  CU_ASSERT_EQUAL(hearth__evidence_sign(&a), -hearth__evidence_sign(&b));
}

static void test_judge(void) {
  hearth__judge judge;
  hearth_experiment_estimate e;
  hearth__judge_init(&judge, 10, 0.25, 0.05);
  for (int i = 0; i < 4000; i++) {
    hearth__judge_pair(&judge, 1e9, 4); /* capped: 10 - 4 */
    hearth__judge_one(&judge, i % 4 == 0, i % 4 == 0 ? 4 : 1e9);
  }
  hearth__judge_estimate(&judge.paired, &e);
  CU_ASSERT_DOUBLE_EQUAL(e.saved_s, 6, 1e-9);
  CU_ASSERT_EQUAL(e.verdict, 1);
  hearth__judge_estimate(&judge.split, &e);
  CU_ASSERT_DOUBLE_EQUAL(e.saved_s, 6, 0.1);
  CU_ASSERT_EQUAL(e.verdict, 1);
  hearth__judge_init(&judge, 10, 0, 0.05); /* no share: no split */
  hearth__judge_one(&judge, 1, 4);
  CU_ASSERT_EQUAL(judge.split.count, 0);
}

static void test_inbox(void) {
  hearth__inbox inbox;
  const hearth_bytes bytes = {(const uint8_t *)"abc", 3};
  char id[16];
  CU_ASSERT_EQUAL(hearth__inbox_init(&inbox, 1000), HEARTH_OK);
  for (int i = 0; i < 1000; i++) {
    snprintf(id, sizeof id, "%d", i);
    CU_ASSERT_EQUAL(hearth__inbox_add(&inbox, hearth_str_from(id), i, bytes),
                    HEARTH_OK);
  }
  CU_ASSERT_EQUAL(hearth__inbox_add(&inbox, hearth_str_from("x"), 9, bytes),
                  HEARTH_BUSY);
  for (int i = 999; i >= 0; i--) { /* ends in any order, taken in theirs */
    snprintf(id, sizeof id, "%d", i);
    hearth__told *told = hearth__inbox_find(&inbox, id);
    CU_ASSERT_PTR_NOT_NULL_FATAL(told);
    CU_ASSERT_PTR_NULL(hearth__inbox_take(&inbox, 5000, 0));
    told->model = 1;
    told->finished = 1;
    told->duration_ms = 7;
  }
  for (int i = 0; i < 999; i++) {
    hearth__told *told = hearth__inbox_take(&inbox, 5000, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(told);
    CU_ASSERT_EQUAL(told->at_ms, i);
    CU_ASSERT(told->len == 3 && memcmp(told->context, "abc", 3) == 0);
    free(told);
  }
  CU_ASSERT_EQUAL(inbox.count, 1);
  hearth__inbox_free(&inbox);
}

static uint32_t enter(hearth__units *units, const char *name, int64_t now,
                      int *begun) {
  uint32_t unit = HEARTH__NO_UNIT;
  CU_ASSERT_EQUAL(
      hearth__units_enter(units, hearth_str_from(name), now, 1, &unit, begun),
      HEARTH_OK);
  return unit;
}

static void test_sessions_and_windows(void) {
  for (int32_t kind = HEARTH_UNIT_USER; kind <= HEARTH_UNIT_SESSION; kind++) {
    hearth__units units;
    int begun;
    uint32_t round = 0, flight;
    CU_ASSERT_EQUAL(hearth__units_init(&units, kind, 100), HEARTH_OK);
    const uint32_t a = enter(&units, "a", 0, &begun);
    CU_ASSERT(begun && units.units[a].fresh);
    CU_ASSERT_EQUAL(enter(&units, "a", 90, &begun), a);
    CU_ASSERT(!begun);
    /* A user's window stands, a session goes on. */
    CU_ASSERT_EQUAL(hearth__units_over(&units, 150, 0, &round),
                    kind == HEARTH_UNIT_USER ? a : HEARTH__NO_UNIT);
    CU_ASSERT_EQUAL(hearth__units_over(&units, 190, 0, &round), a);
    /* Not while a request waits under some arm. */
    CU_ASSERT_EQUAL(hearth__units_fly(&units, a, "r", 3, &flight), HEARTH_OK);
    hearth__units_began(&units, flight, 0);
    CU_ASSERT_EQUAL(hearth__units_over(&units, 190, 0, &round),
                    HEARTH__NO_UNIT);
    hearth__units_began(&units, flight, 1);
    round = 0;
    CU_ASSERT_EQUAL(hearth__units_over(&units, 290, 0, &round), a);
    hearth__units_ended(&units, flight, 0);
    hearth__units_drop_arm(&units, 1); /* what was not over is forgotten */
    CU_ASSERT_EQUAL(units.flight_free, flight);
    hearth__units_close(&units, a);
    CU_ASSERT_EQUAL(units.count, 0);
    const uint32_t again = enter(&units, "a", 300, &begun);
    CU_ASSERT(begun && !units.units[again].fresh); /* split once only */
    hearth__units_free(&units);
  }
}

UNIT_MAIN("experiment's parts", UNIT(test_latency), UNIT(test_evidence),
          UNIT(test_judge), UNIT(test_inbox), UNIT(test_sessions_and_windows))
