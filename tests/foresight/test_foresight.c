/* SPDX-License-Identifier: MIT
   Foresight behind its ABI: what it learns, answers and refuses. */
#include <stdio.h>
#include <string.h>

#include "tests/foresight/drive.h"
#include "tests/unit.h"

#define MINUTE 60000

static void test_learns_a_sequence(void) {
  drive d;
  CU_ASSERT_EQUAL_FATAL(drive_begin(&d, NULL, 5, 0), HEARTH_OK);
  for (int i = 0; i < 60; i++) { /* ann: 0, 1, 0, 1, ...; bob: 2 */
    drive_request(&d, (2 * i + 1) * MINUTE, (uint32_t)i % 2, "ann");
    drive_request(&d, (2 * i + 2) * MINUTE, 2, "bob");
  }
  CU_ASSERT_EQUAL(drive_ask(&d, HEARTH_REASON_REQUEST, 122 * MINUTE, "ann", 0),
                  HEARTH_OK);
  CU_ASSERT(hearth_str_equal(d.lines[0].model, hearth_str_from("m0")));
  CU_ASSERT(d.lines[0].p_next > 0.8);
  CU_ASSERT_EQUAL(drive_ask(&d, HEARTH_REASON_REQUEST, 122 * MINUTE, "bob", 0),
                  HEARTH_OK);
  CU_ASSERT(hearth_str_equal(d.lines[0].model, hearth_str_from("m2")));
  drive_end(&d);
}

static void test_asking_teaches_nothing(void) {
  drive a, b;
  CU_ASSERT_EQUAL_FATAL(drive_begin(&a, NULL, 4, 0), HEARTH_OK);
  CU_ASSERT_EQUAL_FATAL(drive_begin(&b, NULL, 4, 0), HEARTH_OK);
  for (int i = 0; i < 40; i++) {
    drive_request(&a, i * MINUTE, (uint32_t)(i * 7 % 4), "ann");
    drive_request(&b, i * MINUTE, (uint32_t)(i * 7 % 4), "ann");
    for (int k = 0; k < 3; k++) {
      (void)drive_ask(&a, HEARTH_REASON_REQUEST, i * MINUTE + 30000, "zoe",
                      "chat");
      (void)drive_ask(&a, HEARTH_REASON_TICK, i * MINUTE + 31000, NULL, NULL);
      (void)drive_predict(&a, HEARTH_REASON_REQUEST, i * MINUTE + 32000, "ann",
                          NULL);
    }
  }
  (void)drive_predict(&a, HEARTH_REASON_REQUEST, 41 * MINUTE, "ann", NULL);
  (void)drive_predict(&b, HEARTH_REASON_REQUEST, 41 * MINUTE, "ann", NULL);
  CU_ASSERT_EQUAL_FATAL(a.answer.len, b.answer.len);
  CU_ASSERT_EQUAL(memcmp(a.answer.data, b.answer.data, (size_t)a.answer.len),
                  0);
  drive_end(&a);
  drive_end(&b);
}

static void test_ignores_what_was_told(void) {
  drive a, b;
  CU_ASSERT_EQUAL_FATAL(drive_begin(&a, NULL, 4, 0), HEARTH_OK);
  CU_ASSERT_EQUAL_FATAL(drive_begin(&b, NULL, 4, 0), HEARTH_OK);
  for (int i = 0; i < 50; i++) {
    char request[8];
    snprintf(request, sizeof request, "r%d", i % 1000);
    for (int k = 0; k < 2; k++) { /* a hears everything twice */
      drive *d = &a;
      for (int who = 0; who < (k == 0 ? 2 : 1); who++) {
        d = who == 0 ? &a : &b;
        (void)drive_tell(d, HEARTH_PHASE_STARTED, i * MINUTE,
                         (uint32_t)i % 3, "ann", request);
        (void)drive_tell(d, HEARTH_PHASE_FINISHED, i * MINUTE + 500,
                         (uint32_t)i % 3, "ann", request);
      }
    }
  }
  (void)drive_predict(&a, HEARTH_REASON_REQUEST, 51 * MINUTE, "ann", NULL);
  (void)drive_predict(&b, HEARTH_REASON_REQUEST, 51 * MINUTE, "ann", NULL);
  CU_ASSERT_EQUAL_FATAL(a.answer.len, b.answer.len);
  CU_ASSERT_EQUAL(memcmp(a.answer.data, b.answer.data, (size_t)a.answer.len),
                  0);
  drive_end(&a);
  drive_end(&b);
}

static void test_abstains_below_the_threshold(void) {
  drive d;
  hearth_config config;
  hearth_message_init(&hearth_config_schema, &config);
  config.prediction_threshold = 0.8;
  CU_ASSERT_EQUAL_FATAL(drive_begin(&d, &config, 4, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(drive_ask(&d, HEARTH_REASON_REQUEST, 0, "ann", NULL),
                  HEARTH_NO_OPINION);
  for (int i = 0; i < 60; i++) {
    drive_request(&d, i * MINUTE, 3, "ann");
  }
  CU_ASSERT_EQUAL(drive_ask(&d, HEARTH_REASON_REQUEST, 60 * MINUTE, "ann", 0),
                  HEARTH_OK);
  CU_ASSERT(d.set.confidence >= 0.8);
  drive_end(&d);
}

static void test_ranks_residents_of_a_budget(void) {
  drive d;
  CU_ASSERT_EQUAL_FATAL(drive_begin(&d, NULL, 6, 0), HEARTH_OK);
  for (int i = 0; i < 40; i++) {
    drive_request(&d, i * MINUTE, i % 10 == 9 ? 1 : 0, "ann");
  }
  CU_ASSERT_EQUAL(drive_ask(&d, HEARTH_REASON_SETTLED, 40 * MINUTE, "ann", 0),
                  HEARTH_OK);
  CU_ASSERT_PTR_NOT_NULL(drive_line(&d, 0));
  CU_ASSERT_PTR_NOT_NULL(drive_line(&d, 1));
  CU_ASSERT(hearth_str_equal(d.lines[0].model, hearth_str_from("m0")));
  drive_end(&d);
}

static void test_keeps_for_a_time_where_memory_has_a_price(void) {
  drive d;
  CU_ASSERT_EQUAL_FATAL(drive_begin(&d, NULL, 3, 0), HEARTH_OK);
  d.budget_mb = -1;
  d.idle_price = 100;
  for (int i = 0; i < 40; i++) {
    drive_request(&d, i * MINUTE, 0, "ann");
  }
  (void)drive_tell(&d, HEARTH_PHASE_STARTED, 40 * MINUTE, 0, "ann", NULL);
  CU_ASSERT_EQUAL(drive_ask(&d, HEARTH_REASON_SETTLED, 40 * MINUTE, "ann", 0),
                  HEARTH_OK);
  const hearth_plan_model *line = drive_line(&d, 0);
  CU_ASSERT_PTR_NOT_NULL_FATAL(line);
  CU_ASSERT(line->keep_for_ms >= MINUTE); /* it comes back each minute */
  drive_end(&d);
}

static void test_clocks_that_jump(void) {
  drive d;
  CU_ASSERT_EQUAL_FATAL(drive_begin(&d, NULL, 3, 0), HEARTH_OK);
  const int64_t far = INT64_C(1) << 52;
  const int64_t times[] = {0, far, 5, -far, far, 0, MINUTE};
  for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
    drive_request(&d, times[i], (uint32_t)i % 3, "ann");
    CU_ASSERT(drive_predict(&d, HEARTH_REASON_REQUEST, times[i], "ann", 0) >=
              0);
    for (uint32_t k = 0; k < d.set.models.count; k++) {
      for (int h = 0; h < HEARTH_HORIZONS; h++) {
        const double p = d.lines[k].p_within.p[h];
        CU_ASSERT(p >= 0 && p <= 1);
      }
    }
  }
  drive_end(&d);
}

static void test_bad_messages_change_nothing(void) {
  drive a, b;
  CU_ASSERT_EQUAL_FATAL(drive_begin(&a, NULL, 3, 0), HEARTH_OK);
  CU_ASSERT_EQUAL_FATAL(drive_begin(&b, NULL, 3, 0), HEARTH_OK);
  static const uint8_t bad[] = {0x82, 0xa5, 'a', 't', '_', 'm', 's', 0xa1};
  const hearth_bytes bytes = {bad, sizeof bad};
  char err[128] = "";
  const hearth_call call = {
      .size = sizeof call, .err = err, .err_cap = sizeof err};
  CU_ASSERT_EQUAL(foresight_entry.record_outcome(a.plugin, &call, bytes),
                  HEARTH_BAD_PAYLOAD);
  CU_ASSERT(err[0] != '\0');
  CU_ASSERT_EQUAL(foresight_entry.prepare_models(a.plugin, NULL, bytes,
                                                 &a.answer.sink),
                  HEARTH_BAD_PAYLOAD);
  CU_ASSERT_EQUAL(foresight_entry.set_catalog(a.plugin, &call, bytes),
                  HEARTH_BAD_PAYLOAD);
  drive_request(&a, MINUTE, 0, "ann");
  drive_request(&b, MINUTE, 0, "ann");
  (void)drive_predict(&a, HEARTH_REASON_REQUEST, 2 * MINUTE, "ann", NULL);
  (void)drive_predict(&b, HEARTH_REASON_REQUEST, 2 * MINUTE, "ann", NULL);
  CU_ASSERT_EQUAL_FATAL(a.answer.len, b.answer.len);
  CU_ASSERT_EQUAL(memcmp(a.answer.data, b.answer.data, (size_t)a.answer.len),
                  0);
  drive_end(&a);
  drive_end(&b);
}

/* Every allocation fails in turn, from the first to the last, in both regimes:
   a status, nothing lost, nothing leaked. */
static void test_every_allocation_may_fail(void) {
  for (int price = 0; price < 2; price++) {
    uint64_t calls = 1;
    for (uint64_t n = 1; n <= calls; n++) {
      drive d;
      hearth_status status = drive_begin(&d, NULL, 40, n);
      if (price) {
        d.budget_mb = -1;
        d.idle_price = 100;
      }
      if (status == HEARTH_OK) {
        for (int i = 0; i < 10; i++) {
          drive_request(&d, i * MINUTE, (uint32_t)i % 40, "ann");
        }
        (void)drive_tell(&d, HEARTH_PHASE_STARTED, 11 * MINUTE, 70, "ann",
                         NULL);
        CU_ASSERT(d.status == HEARTH_OK || d.status == HEARTH_NO_MEMORY);
      } else {
        CU_ASSERT_EQUAL(status, HEARTH_NO_MEMORY);
      }
      drive_end(&d);
      CU_ASSERT_EQUAL(d.host.blocks, 0);
      CU_ASSERT_EQUAL(d.host.used, 0);
      if (d.host.calls >= n) {
        calls = n + 1; /* the n-th was asked for; try the next */
      }
      CU_ASSERT_FATAL(n < 2000);
    }
  }
}

/* A host that has no models yet may ask. */
static void test_no_models(void) {
  static drive d;
  CU_ASSERT_EQUAL_FATAL(drive_begin(&d, NULL, 0, 0), HEARTH_OK);
  (void)drive_ask(&d, HEARTH_REASON_REQUEST, 1000, "u", NULL);
  CU_ASSERT(d.status >= 0);
  (void)drive_ask(&d, HEARTH_REASON_SETTLED, 1000, "u", NULL);
  CU_ASSERT(d.status >= 0);
  CU_ASSERT_EQUAL(d.set.models.count, 0);
  drive_end(&d);
}

UNIT_MAIN("foresight", UNIT(test_learns_a_sequence),
          UNIT(test_asking_teaches_nothing), UNIT(test_ignores_what_was_told),
          UNIT(test_abstains_below_the_threshold),
          UNIT(test_ranks_residents_of_a_budget),
          UNIT(test_keeps_for_a_time_where_memory_has_a_price),
          UNIT(test_clocks_that_jump), UNIT(test_bad_messages_change_nothing),
          UNIT(test_every_allocation_may_fail), UNIT(test_no_models))
