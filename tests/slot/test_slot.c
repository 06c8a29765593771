/* SPDX-License-Identifier: MIT
   A slot in one hand: calls, hand-over, rollback, states. */
#include <string.h>

#include "tests/slot/counter.h"
#include "tests/unit.h"

static const char id[] = "org.hearth.tests.counter";
static counter_kind one, two, other, plain;

static hearth_slot *slot_of_one(void) {
  counter_init(&one, id, 1, HEARTH_CAP_STATE);
  counter_init(&two, id, 2, HEARTH_CAP_STATE);
  counter_init(&other, "org.hearth.tests.other", 3, HEARTH_CAP_STATE);
  counter_init(&plain, id, 4, 0);
  return counter_slot(&one, NULL);
}

static void tell(hearth_slot *slot, uint32_t from, uint32_t to) {
  for (uint32_t i = from; i < to; ++i) {
    CU_ASSERT_EQUAL(counter_tell(slot, 0, i), HEARTH_OK);
  }
}

static void test_calls_reach_the_current(void) {
  hearth_slot *slot = slot_of_one();
  hearth_bytes bytes = {(const uint8_t *)"abc", 3};
  hearth_output output = {0};
  hearth_metric metric;
  hearth_slot_stats stats;

  tell(slot, 0, 5);
  CU_ASSERT_EQUAL(counter_total(slot), 5);
  CU_ASSERT_EQUAL(hearth_slot_get_model_metadata(slot, NULL, bytes, &output),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(output.len, 3);
  CU_ASSERT_EQUAL(hearth_slot_predict(slot, NULL, bytes, &output),
                  HEARTH_UNSUPPORTED);
  CU_ASSERT_EQUAL(hearth_slot_explain(slot, NULL, bytes, &output),
                  HEARTH_UNSUPPORTED);
  CU_ASSERT_EQUAL(hearth_slot_metric(slot, 0, &metric), HEARTH_UNSUPPORTED);
  CU_ASSERT_EQUAL(hearth_slot_record_outcome(slot, NULL, bytes),
                  HEARTH_BAD_PAYLOAD);
  hearth_slot_get_stats(slot, &stats);
  CU_ASSERT_STRING_EQUAL(stats.id, id);
  CU_ASSERT_STRING_EQUAL(stats.version, "1");
  CU_ASSERT_EQUAL(stats.outcomes, 6);
  CU_ASSERT_EQUAL(stats.calls.record_outcome.calls, 6);
  CU_ASSERT_EQUAL(stats.generation, 1);
  CU_ASSERT(!stats.has_previous);
  hearth_output_free(&output);
  hearth_slot_destroy(slot);
  CU_ASSERT_EQUAL(one.instances, 0);
}

static void test_swap_hands_the_state_over(void) {
  hearth_slot *slot = slot_of_one();
  hearth_swap_report report;
  char text[256];

  tell(slot, 0, 5);
  CU_ASSERT_EQUAL(counter_swap(slot, &two, NULL, &report), HEARTH_OK);
  CU_ASSERT_STRING_EQUAL(report.from, "counter 1");
  CU_ASSERT_STRING_EQUAL(report.to, "counter 2");
  CU_ASSERT_EQUAL(report.handover, HEARTH_HANDOVER_STATE);
  CU_ASSERT_EQUAL(report.state_bytes, 36);
  CU_ASSERT_EQUAL(report.journaled, 0);
  CU_ASSERT_EQUAL(report.drained, 1);
  hearth_swap_report_text(&report, text, sizeof(text));
  CU_ASSERT_PTR_NOT_NULL(strstr(text, "counter 1 -> counter 2: took over its "
                                      "state of 36 bytes in "));
  CU_ASSERT_EQUAL(counter_ask(slot).version, 2);
  CU_ASSERT_EQUAL(counter_total(slot), 5);
  hearth_slot_destroy(slot);
}

static void test_rollback_comes_back_warm(void) {
  hearth_slot *slot = slot_of_one();
  char err[128] = "";

  CU_ASSERT_EQUAL(hearth_slot_rollback(slot, err, sizeof(err)),
                  HEARTH_UNAVAILABLE);
  CU_ASSERT_STRING_EQUAL(err, "there is no previous plugin to go back to");
  tell(slot, 0, 5);
  CU_ASSERT_EQUAL(counter_swap(slot, &two, NULL, NULL), HEARTH_OK);
  tell(slot, 5, 9);
  CU_ASSERT_EQUAL(hearth_slot_rollback(slot, NULL, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(counter_ask(slot).version, 1);
  CU_ASSERT_EQUAL(counter_total(slot), 9);
  tell(slot, 9, 12);
  /* A second one undoes the first. */
  CU_ASSERT_EQUAL(hearth_slot_rollback(slot, NULL, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(counter_ask(slot).version, 2);
  CU_ASSERT_EQUAL(counter_total(slot), 12);
  CU_ASSERT_EQUAL(counter_ask(slot).wrong, 0);
  CU_ASSERT_EQUAL(one.instances, 1);
  CU_ASSERT_EQUAL(hearth_slot_forget(slot), HEARTH_OK);
  CU_ASSERT_EQUAL(one.instances, 0);
  CU_ASSERT_EQUAL(hearth_slot_rollback(slot, NULL, 0), HEARTH_UNAVAILABLE);
  hearth_slot_destroy(slot);
}

/* Stored outcomes: so many of teller 0. */
typedef struct shelf {
  uint32_t next, count, word[2];
  uint64_t asked;
} shelf;

static hearth_status take_down(void *user, uint64_t outcomes,
                               hearth_bytes *next) {
  shelf *from = user;

  from->asked = outcomes;
  if (from->next == from->count) {
    return HEARTH_NO_OPINION;
  }
  from->word[1] = from->next++;
  *next = (hearth_bytes){(const uint8_t *)from->word, sizeof(from->word)};
  return HEARTH_OK;
}

static void test_another_kind_learns_from_the_store(void) {
  hearth_slot *slot = slot_of_one();
  shelf stored = {0, 5, {0, 0}, 0};
  hearth_swap_options options = {.warm = take_down, .user = &stored};
  hearth_swap_report report;

  tell(slot, 0, 5);
  CU_ASSERT_EQUAL(counter_swap(slot, &other, &options, &report), HEARTH_OK);
  CU_ASSERT_EQUAL(report.handover, HEARTH_HANDOVER_WARM);
  CU_ASSERT_EQUAL(report.warmed, 5);
  CU_ASSERT_EQUAL(stored.asked, 5);
  CU_ASSERT_EQUAL(counter_total(slot), 5);
  tell(slot, 5, 7);
  CU_ASSERT_EQUAL(counter_ask(slot).wrong, 0);
  hearth_slot_destroy(slot);
}

static void test_cold_starts(void) {
  hearth_slot *slot = slot_of_one();
  hearth_swap_options cold = {.flags = HEARTH_SWAP_COLD};
  hearth_swap_report report;

  tell(slot, 0, 5);
  CU_ASSERT_EQUAL(counter_swap(slot, &other, NULL, &report), HEARTH_OK);
  CU_ASSERT_EQUAL(report.handover, HEARTH_HANDOVER_COLD);
  CU_ASSERT_EQUAL(counter_total(slot), 0);
  CU_ASSERT_EQUAL(hearth_slot_rollback(slot, NULL, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(counter_swap(slot, &plain, NULL, &report), HEARTH_OK);
  CU_ASSERT_EQUAL(report.handover, HEARTH_HANDOVER_COLD);
  CU_ASSERT_EQUAL(hearth_slot_rollback(slot, NULL, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(counter_total(slot), 5);
  CU_ASSERT_EQUAL(counter_swap(slot, &two, &cold, &report), HEARTH_OK);
  CU_ASSERT_EQUAL(report.handover, HEARTH_HANDOVER_COLD);
  CU_ASSERT_EQUAL(counter_total(slot), 0);
  hearth_slot_destroy(slot);
}

static void test_catalog_goes_along(void) {
  hearth_slot *slot = slot_of_one();
  hearth_bytes catalog = {(const uint8_t *)"catalog", 7};

  CU_ASSERT_EQUAL(counter_swap(slot, &two, NULL, NULL), HEARTH_OK);
  CU_ASSERT_EQUAL(two.catalogs, 0);
  CU_ASSERT_EQUAL(hearth_slot_set_catalog(slot, NULL, catalog), HEARTH_OK);
  CU_ASSERT_EQUAL(two.catalogs, 1);
  CU_ASSERT_EQUAL(one.catalogs, 1);
  CU_ASSERT_EQUAL(counter_swap(slot, &other, NULL, NULL), HEARTH_OK);
  CU_ASSERT_EQUAL(other.catalogs, 1);
  /* What the plugin refuses is not kept. */
  other.catalog_status = HEARTH_BAD_PAYLOAD;
  CU_ASSERT_EQUAL(hearth_slot_set_catalog(slot, NULL, catalog),
                  HEARTH_BAD_PAYLOAD);
  CU_ASSERT_EQUAL(two.catalogs, 1);
  hearth_slot_destroy(slot);
}

static void test_snapshot_says_what_it_holds(void) {
  hearth_slot *slot = slot_of_one(), *again;
  hearth_output state = {0};
  hearth_slot_stats stats;
  uint64_t outcomes = 0;
  const uint32_t stored[2] = {0, 5};

  tell(slot, 0, 5);
  CU_ASSERT_EQUAL(hearth_slot_snapshot(slot, NULL, &state, &outcomes),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(outcomes, 5);
  hearth_slot_destroy(slot);
  again = counter_slot(&two, NULL);
  CU_ASSERT_EQUAL(counter_swap(again, &two, NULL, NULL), HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_slot_load_state(again, NULL,
                                         (hearth_bytes){state.data, state.len}),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(counter_total(again), 5);
  CU_ASSERT_EQUAL(
      hearth_slot_teach(
          again, NULL, (hearth_bytes){(const uint8_t *)stored, sizeof(stored)}),
      HEARTH_OK);
  CU_ASSERT_EQUAL(counter_total(again), 6);
  CU_ASSERT_EQUAL(counter_ask(again).wrong, 0);
  hearth_slot_get_stats(again, &stats);
  CU_ASSERT_EQUAL(stats.outcomes, 0);
  CU_ASSERT(!stats.has_previous);
  CU_ASSERT_EQUAL(stats.generation, 3);
  hearth_output_free(&state);
  hearth_slot_destroy(again);
}

static void test_bad_options(void) {
  hearth_slot_options options;
  hearth_slot *slot = NULL;
  hearth_library *library;
  char err[128] = "";

  counter_init(&one, id, 1, 0);
  library = counter_library(&one);
  hearth_slot_options_init(&options);
  options.failure_share = 1.5;
  CU_ASSERT_EQUAL(
      hearth_slot_create(library, &options, &slot, err, sizeof(err)),
      HEARTH_BAD_ARG);
  CU_ASSERT_STRING_EQUAL(
      err, "hearth_slot_create: failure_share must be within 0 and 1");
  CU_ASSERT_EQUAL(hearth_slot_create(NULL, NULL, &slot, err, sizeof(err)),
                  HEARTH_BAD_ARG);
  one.create_status = HEARTH_INTERNAL;
  CU_ASSERT_EQUAL(hearth_slot_create(library, NULL, &slot, err, sizeof(err)),
                  HEARTH_INTERNAL);
  CU_ASSERT_STRING_EQUAL(err, "create fails as it was told");
  CU_ASSERT_PTR_NULL(slot);
  hearth_slot_destroy(NULL);
  hearth_library_close(library);
}

UNIT_MAIN("slot", UNIT(test_calls_reach_the_current),
          UNIT(test_swap_hands_the_state_over),
          UNIT(test_rollback_comes_back_warm),
          UNIT(test_another_kind_learns_from_the_store), UNIT(test_cold_starts),
          UNIT(test_catalog_goes_along), UNIT(test_snapshot_says_what_it_holds),
          UNIT(test_bad_options))
