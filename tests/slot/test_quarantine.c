/* SPDX-License-Identifier: MIT
   Plugins that break when they come, or later: the old one stays or comes back,
   and they are refused. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "host-sdk/slot/slot.h"
#include "tests/slot/counter.h"
#include "tests/unit.h"

static const char id[] = "org.hearth.tests.counter";
static counter_kind one, two;
static char said[512];

static void write_line(void *user, int32_t level, uint64_t call_id,
                       const char *message) {
  (void)user;
  (void)call_id;
  CU_ASSERT_EQUAL(level, HEARTH_LOG_ERROR);
  (void)snprintf(said, sizeof(said), "%s", message);
}

static hearth_slot *slot_with(int64_t quarantine_ms, int32_t auto_rollback) {
  hearth_slot_options options;
  hearth_slot *slot;

  counter_init(&one, id, 1, HEARTH_CAP_STATE);
  counter_init(&two, id, 2, HEARTH_CAP_STATE);
  said[0] = 0;
  hearth_slot_options_init(&options);
  options.quarantine_ms = quarantine_ms;
  options.auto_rollback = auto_rollback;
  options.host_options.log = write_line;
  slot = counter_slot(&one, &options);
  for (uint32_t i = 0; i < 3; ++i) {
    CU_ASSERT_EQUAL(counter_tell(slot, 0, i), HEARTH_OK);
  }
  return slot;
}

/* A swap to `two` that fails; the old one is current, and knows all. */
static void check_failure(hearth_slot *slot, hearth_status want, char *err,
                          uint64_t err_cap) {
  hearth_library *library = counter_library(&two);

  CU_ASSERT_EQUAL(hearth_slot_swap(slot, library, NULL, NULL, err, err_cap),
                  want);
  CU_ASSERT_EQUAL(counter_ask(slot).version, 1);
  CU_ASSERT_EQUAL(counter_total(slot), 3);
  CU_ASSERT_EQUAL(two.instances, 0);
  hearth_library_close(library);
}

static void test_failing_create(void) {
  hearth_slot *slot = slot_with(-1, 1);
  hearth_refusal refusal;
  hearth_slot_stats stats;
  char err[300] = "";

  /* Not its fault: it may come again. */
  two.create_status = HEARTH_NO_MEMORY;
  check_failure(slot, HEARTH_NO_MEMORY, err, sizeof(err));
  CU_ASSERT_EQUAL(hearth_slot_refusal(slot, 0, &refusal), HEARTH_NO_OPINION);
  two.create_status = HEARTH_INTERNAL;
  check_failure(slot, HEARTH_INTERNAL, err, sizeof(err));
  CU_ASSERT_STRING_EQUAL(err, "create fails as it was told");
  two.create_status = 0;
  check_failure(slot, HEARTH_UNAVAILABLE, err, sizeof(err));
  CU_ASSERT_STRING_EQUAL(err, "counter 2 is in quarantine until it is cleared: "
                              "internal error of the plugin: create fails as "
                              "it was told");
  CU_ASSERT_EQUAL(hearth_slot_refusal(slot, 0, &refusal), HEARTH_OK);
  CU_ASSERT_EQUAL(refusal.left_ms, -1);
  CU_ASSERT_STRING_EQUAL(refusal.plugin, "counter 2");
  CU_ASSERT_EQUAL(hearth_slot_refusal(slot, 1, &refusal), HEARTH_NO_OPINION);
  hearth_slot_pardon(slot, refusal.key);
  CU_ASSERT_EQUAL(counter_swap(slot, &two, NULL, NULL), HEARTH_OK);
  hearth_slot_get_stats(slot, &stats);
  CU_ASSERT_EQUAL(stats.failed_swaps, 2);
  CU_ASSERT_EQUAL(stats.swaps, 1);
  hearth_slot_destroy(slot);
}

static void test_failing_catalog_and_load(void) {
  hearth_slot *slot = slot_with(3600000, 1);
  hearth_refusal refusal;
  char err[300] = "";

  CU_ASSERT_EQUAL(
      hearth_slot_set_catalog(slot, NULL, (hearth_bytes){(uint8_t *)"c", 1}),
      HEARTH_OK);
  two.catalog_status = HEARTH_INTERNAL;
  check_failure(slot, HEARTH_INTERNAL, NULL, 0);
  hearth_slot_pardon(slot, 0);
  two.catalog_status = 0;
  two.load_status = HEARTH_STATE_VERSION;
  check_failure(slot, HEARTH_STATE_VERSION, err, sizeof(err));
  CU_ASSERT_EQUAL(hearth_slot_refusal(slot, 0, &refusal), HEARTH_NO_OPINION);
  two.load_status = HEARTH_INTERNAL;
  check_failure(slot, HEARTH_INTERNAL, err, sizeof(err));
  CU_ASSERT_STRING_EQUAL(err, "load fails as it was told");
  CU_ASSERT_EQUAL(hearth_slot_refusal(slot, 0, &refusal), HEARTH_OK);
  CU_ASSERT(refusal.left_ms > 0 && refusal.left_ms <= 3600000);
  check_failure(slot, HEARTH_UNAVAILABLE, err, sizeof(err));
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "counter 2 is in quarantine for another"));
  hearth_slot_destroy(slot);
}

static void test_quarantine_ends(void) {
  static const struct timespec longer = {0, 5000000};
  hearth_slot *slot = slot_with(1, 1);

  two.create_status = HEARTH_INTERNAL;
  check_failure(slot, HEARTH_INTERNAL, NULL, 0);
  two.create_status = 0;
  nanosleep(&longer, NULL);
  CU_ASSERT_EQUAL(counter_swap(slot, &two, NULL, NULL), HEARTH_OK);
  hearth_slot_destroy(slot);
}

static void test_state_that_cannot_be_saved(void) {
  hearth_slot *slot = slot_with(-1, 1);
  hearth_swap_options cold = {.flags = HEARTH_SWAP_COLD};

  one.save_status = HEARTH_INTERNAL;
  check_failure(slot, HEARTH_INTERNAL, NULL, 0);
  /* The old one is to blame; the new one is welcome without its state. */
  CU_ASSERT_EQUAL(counter_swap(slot, &two, &cold, NULL), HEARTH_OK);
  CU_ASSERT_EQUAL(counter_ask(slot).version, 2);
  hearth_slot_destroy(slot);
}

static void test_failing_calls_bring_the_old_one_back(void) {
  hearth_slot *slot = slot_with(-1, 1);
  hearth_slot_stats stats;

  CU_ASSERT_EQUAL(counter_swap(slot, &two, NULL, NULL), HEARTH_OK);
  CU_ASSERT_EQUAL(counter_tell(slot, 0, 3), HEARTH_OK);
  two.prepare_status = HEARTH_INTERNAL;
  for (int i = 0; i < 6; ++i) {
    CU_ASSERT_EQUAL(counter_ask(slot).version, 0);
  }
  /* One good call and six bad ones; the eighth ends the trial, and is answered
     by the old one, which has learned meanwhile. */
  CU_ASSERT_EQUAL(counter_ask(slot).version, 1);
  CU_ASSERT_EQUAL(counter_total(slot), 4);
  CU_ASSERT_EQUAL(two.instances, 0);
  hearth_slot_get_stats(slot, &stats);
  CU_ASSERT_EQUAL(stats.auto_rollbacks, 1);
  CU_ASSERT_STRING_EQUAL(stats.reason,
                         "counter 2 failed 7 of its last 8 calls; rolled back "
                         "to counter 1, and in quarantine");
  CU_ASSERT_STRING_EQUAL(said, stats.reason);
  CU_ASSERT(!stats.has_previous);
  two.prepare_status = 0;
  CU_ASSERT_EQUAL(counter_swap(slot, &two, NULL, NULL), HEARTH_UNAVAILABLE);
  hearth_slot_destroy(slot);
}

static void test_failing_outcomes_bring_the_old_one_back(void) {
  hearth_slot *slot = slot_with(-1, 1);

  CU_ASSERT_EQUAL(counter_swap(slot, &two, NULL, NULL), HEARTH_OK);
  two.record_status = HEARTH_NO_MEMORY;
  two.record_fails_after = 0;
  for (uint32_t i = 3; i < 20; ++i) {
    (void)counter_tell(slot, 0, i);
  }
  CU_ASSERT_EQUAL(counter_ask(slot).version, 1);
  CU_ASSERT_EQUAL(counter_total(slot), 20);
  CU_ASSERT_EQUAL(counter_ask(slot).wrong, 0);
  hearth_slot_destroy(slot);
}

/* A call that a worker's plugin crashed in. */
static void crash(hearth_slot *slot) {
  hearth__use use;

  hearth__slot_get(slot, &use);
  (void)hearth__slot_put(slot, &use, HEARTH_CRASHED);
}

static void test_one_crash_is_enough(void) {
  hearth_slot *slot = slot_with(-1, 1);

  crash(slot); /* there is none to go back to */
  CU_ASSERT_EQUAL(counter_ask(slot).version, 1);
  CU_ASSERT_EQUAL(counter_swap(slot, &two, NULL, NULL), HEARTH_OK);
  crash(slot);
  CU_ASSERT_EQUAL(counter_ask(slot).version, 1);
  CU_ASSERT_PTR_NOT_NULL(strstr(said, "counter 2 crashed"));
  hearth_slot_destroy(slot);
}

static void test_it_can_be_turned_off(void) {
  hearth_slot *slot = slot_with(-1, 0);

  CU_ASSERT_EQUAL(counter_swap(slot, &two, NULL, NULL), HEARTH_OK);
  crash(slot);
  two.prepare_status = HEARTH_INTERNAL;
  for (int i = 0; i < 40; ++i) {
    CU_ASSERT_EQUAL(counter_ask(slot).version, 0);
  }
  two.prepare_status = 0;
  CU_ASSERT_EQUAL(counter_ask(slot).version, 2);
  CU_ASSERT_EQUAL(hearth_slot_rollback(slot, NULL, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(counter_ask(slot).version, 1);
  hearth_slot_destroy(slot);
}

static void test_the_oldest_refusal_gives_way(void) {
  hearth_slot *slot = slot_with(-1, 1);
  hearth_refusal refusal;
  counter_kind kinds[18];
  char paths[18][32];

  for (int i = 0; i < 18; ++i) {
    hearth_library *library = NULL;

    counter_init(&kinds[i], id, i % 10, 0);
    kinds[i].create_status = HEARTH_INTERNAL;
    (void)snprintf(paths[i], sizeof(paths[i]), "path %d", i);
    CU_ASSERT_EQUAL_FATAL(
        hearth_library_wrap(&kinds[i].entry, paths[i], NULL, &library, NULL, 0),
        HEARTH_OK);
    CU_ASSERT_EQUAL(hearth_slot_swap(slot, library, NULL, NULL, NULL, 0),
                    HEARTH_INTERNAL);
    hearth_library_close(library);
  }
  CU_ASSERT_EQUAL(hearth_slot_refusal(slot, 0, &refusal), HEARTH_OK);
  CU_ASSERT_STRING_EQUAL(refusal.plugin, "counter 2");
  CU_ASSERT_EQUAL(hearth_slot_refusal(slot, 15, &refusal), HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_slot_refusal(slot, 16, &refusal), HEARTH_NO_OPINION);
  hearth_slot_destroy(slot);
}

UNIT_MAIN("slot quarantine", UNIT(test_failing_create),
          UNIT(test_failing_catalog_and_load), UNIT(test_quarantine_ends),
          UNIT(test_state_that_cannot_be_saved),
          UNIT(test_failing_calls_bring_the_old_one_back),
          UNIT(test_failing_outcomes_bring_the_old_one_back),
          UNIT(test_one_crash_is_enough), UNIT(test_it_can_be_turned_off),
          UNIT(test_the_oldest_refusal_gives_way))
