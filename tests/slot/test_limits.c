/* SPDX-License-Identifier: MIT
   What is under way when something else comes: swaps, callers that stay, and
   the limits of patience and of the journal. */
#include <pthread.h>
#include <sched.h>
#include <string.h>

#include "host-sdk/slot/slot.h"
#include "tests/slot/counter.h"
#include "tests/unit.h"

static const char id[] = "org.hearth.tests.counter";
static counter_kind one, two, three;

static hearth_slot *slot_with(uint32_t drain_ms) {
  hearth_slot_options options;

  counter_init(&one, id, 1, HEARTH_CAP_STATE | HEARTH_CAP_REENTRANT);
  counter_init(&two, id, 2, HEARTH_CAP_STATE | HEARTH_CAP_REENTRANT);
  counter_init(&three, id, 3, HEARTH_CAP_STATE | HEARTH_CAP_REENTRANT);
  hearth_slot_options_init(&options);
  options.drain_ms = drain_ms;
  return counter_slot(&one, &options);
}

/* A call in a thread of its own. */
typedef struct aside {
  pthread_t thread;
  hearth_slot *slot;
  counter_kind *kind;
  hearth_swap_options options;
  hearth_swap_report report;
  hearth_status status;
  uint32_t sequence;
  atomic_int done;
  counter_answer answer;
} aside;

static void *swap_aside(void *user) {
  aside *self = user;

  self->status =
      counter_swap(self->slot, self->kind, &self->options, &self->report);
  return NULL;
}

static void *ask_aside(void *user) {
  aside *self = user;

  self->answer = counter_ask(self->slot);
  return NULL;
}

static void *tell_aside(void *user) {
  aside *self = user;

  self->status = counter_tell(self->slot, 0, self->sequence);
  atomic_store(&self->done, 1);
  return NULL;
}

static void *destroy_aside(void *user) {
  aside *self = user;

  hearth_slot_destroy(self->slot);
  atomic_store(&self->done, 1);
  return NULL;
}

static void start(aside *self, void *(*run)(void *)) {
  CU_ASSERT_EQUAL_FATAL(pthread_create(&self->thread, NULL, run, self), 0);
}

static void wait_until(atomic_int *what, int is) {
  while (atomic_load(what) != is) {
    sched_yield();
  }
}

static void test_one_swap_at_a_time(void) {
  hearth_slot *slot = slot_with(5000);
  aside swap = {.slot = slot, .kind = &two};
  hearth_slot_stats stats;
  hearth_bytes state = {(const uint8_t *)"s", 1};

  atomic_store(&two.block_load, 1);
  start(&swap, swap_aside);
  wait_until(&two.within, 1);
  CU_ASSERT_EQUAL(counter_swap(slot, &three, NULL, NULL), HEARTH_BUSY);
  CU_ASSERT_EQUAL(hearth_slot_rollback(slot, NULL, 0), HEARTH_BUSY);
  CU_ASSERT_EQUAL(hearth_slot_load_state(slot, NULL, state), HEARTH_BUSY);
  CU_ASSERT_EQUAL(hearth_slot_forget(slot), HEARTH_BUSY);
  hearth_slot_get_stats(slot, &stats);
  CU_ASSERT(stats.swapping);
  /* Calls go on, and a catalog that comes meanwhile is not missed. */
  CU_ASSERT_EQUAL(counter_tell(slot, 0, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(counter_ask(slot).version, 1);
  CU_ASSERT_EQUAL(counter_total(slot), 1);
  CU_ASSERT_EQUAL(hearth_slot_set_catalog(slot, NULL, state), HEARTH_OK);
  CU_ASSERT_EQUAL(two.catalogs, 0);
  atomic_store(&two.block_load, 0);
  pthread_join(swap.thread, NULL);
  CU_ASSERT_EQUAL(swap.status, HEARTH_OK);
  CU_ASSERT_EQUAL(swap.report.journaled, 1);
  CU_ASSERT(swap.report.longest_call_ns > 0);
  CU_ASSERT_EQUAL(two.catalogs, 1);
  CU_ASSERT_EQUAL(counter_ask(slot).version, 2);
  CU_ASSERT_EQUAL(counter_total(slot), 1);
  hearth_slot_destroy(slot);
}

static void test_full_journal_ends_the_swap(void) {
  hearth_slot *slot = slot_with(5000);
  aside swap = {
      .slot = slot, .kind = &two, .options = {.journal_bytes = 10 * 16}};

  atomic_store(&two.block_load, 1);
  start(&swap, swap_aside);
  wait_until(&two.within, 1);
  for (uint32_t i = 0; i < 11; ++i) {
    CU_ASSERT_EQUAL(counter_tell(slot, 0, i), HEARTH_OK);
  }
  atomic_store(&two.block_load, 0);
  pthread_join(swap.thread, NULL);
  CU_ASSERT_EQUAL(swap.status, HEARTH_LIMIT);
  CU_ASSERT_EQUAL(two.instances, 0);
  CU_ASSERT_EQUAL(counter_total(slot), 11);
  CU_ASSERT_EQUAL(counter_ask(slot).wrong, 0);
  /* It is not the plugin's fault. */
  CU_ASSERT_EQUAL(counter_swap(slot, &two, NULL, NULL), HEARTH_OK);
  CU_ASSERT_EQUAL(counter_total(slot), 11);
  hearth_slot_destroy(slot);
}

/* The new one fails on the journal: it goes, the old one knows all. */
static void test_failing_replay(void) {
  hearth_slot *slot = slot_with(5000);
  aside swap = {.slot = slot, .kind = &two};

  two.record_status = HEARTH_INTERNAL;
  two.record_fails_after = 1;
  atomic_store(&two.block_load, 1);
  start(&swap, swap_aside);
  wait_until(&two.within, 1);
  CU_ASSERT_EQUAL(counter_tell(slot, 0, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(counter_tell(slot, 0, 1), HEARTH_OK);
  atomic_store(&two.block_load, 0);
  pthread_join(swap.thread, NULL);
  CU_ASSERT_EQUAL(swap.status, HEARTH_INTERNAL);
  CU_ASSERT_EQUAL(counter_total(slot), 2);
  CU_ASSERT_EQUAL(counter_swap(slot, &two, NULL, NULL), HEARTH_UNAVAILABLE);
  hearth_slot_destroy(slot);
}

/* An outcome that does not arrive: the swap gives up, and what was held back
   is told. */
static void test_outcome_that_stays(void) {
  hearth_slot *slot = slot_with(20);
  aside teller = {.slot = slot, .sequence = 0};
  hearth_output state = {0};

  atomic_store(&one.block_record, 1);
  start(&teller, tell_aside);
  wait_until(&one.within, 1);
  CU_ASSERT_EQUAL(counter_swap(slot, &two, NULL, NULL), HEARTH_DEADLINE);
  CU_ASSERT_EQUAL(hearth_slot_save_state(slot, NULL, &state), HEARTH_DEADLINE);
  CU_ASSERT_EQUAL(two.instances, 0);
  atomic_store(&one.block_record, 0);
  pthread_join(teller.thread, NULL);
  CU_ASSERT_EQUAL(teller.status, HEARTH_OK);
  CU_ASSERT_EQUAL(counter_swap(slot, &two, NULL, NULL), HEARTH_OK);
  CU_ASSERT_EQUAL(counter_total(slot), 1);
  hearth_output_free(&state);
  hearth_slot_destroy(slot);
}

static void test_caller_that_stays(void) {
  hearth_slot *slot = slot_with(20);
  aside asker = {.slot = slot};
  hearth_swap_report report;

  atomic_store(&one.block, 1);
  start(&asker, ask_aside);
  wait_until(&one.within, 1);
  /* To save its state would wait for the caller. */
  CU_ASSERT_EQUAL(
      counter_swap(slot, &two,
                   &(hearth_swap_options){.flags = HEARTH_SWAP_COLD}, &report),
      HEARTH_OK);
  CU_ASSERT_EQUAL(report.drained, 1);
  CU_ASSERT_EQUAL(counter_swap(slot, &three, NULL, &report), HEARTH_OK);
  CU_ASSERT_EQUAL(report.drained, 0);
  CU_ASSERT_EQUAL(one.instances, 1);
  atomic_store(&one.block, 0);
  pthread_join(asker.thread, NULL);
  CU_ASSERT_EQUAL(asker.answer.version, 1);
  CU_ASSERT_EQUAL(one.instances, 0); /* destroyed by its last caller */
  hearth_slot_destroy(slot);
}

static void test_destroy_waits_for_callers(void) {
  hearth_slot *slot = slot_with(5000);
  aside asker = {.slot = slot}, ender = {.slot = slot};

  CU_ASSERT_EQUAL(counter_swap(slot, &two, NULL, NULL), HEARTH_OK);
  atomic_store(&two.block, 1);
  start(&asker, ask_aside);
  wait_until(&two.within, 1);
  start(&ender, destroy_aside);
  wait_until(&one.instances, 0); /* the previous one goes at once */
  for (int i = 0; i < 1000; ++i) {
    sched_yield();
  }
  CU_ASSERT_EQUAL(ender.done, 0);
  CU_ASSERT_EQUAL(two.instances, 1);
  atomic_store(&two.block, 0);
  pthread_join(asker.thread, NULL);
  pthread_join(ender.thread, NULL);
  CU_ASSERT_EQUAL(asker.answer.version, 2);
  CU_ASSERT_EQUAL(two.instances, 0);
}

static void test_destroy_waits_for_a_swap(void) {
  hearth_slot *slot = slot_with(5000);
  aside swap = {.slot = slot, .kind = &two}, ender = {.slot = slot};

  atomic_store(&two.block_load, 1);
  start(&swap, swap_aside);
  wait_until(&two.within, 1);
  start(&ender, destroy_aside);
  atomic_store(&two.block_load, 0);
  pthread_join(swap.thread, NULL);
  pthread_join(ender.thread, NULL);
  CU_ASSERT_EQUAL(swap.status, HEARTH_OK);
  CU_ASSERT_EQUAL(one.instances + two.instances, 0);
}

static void test_save_waits_for_a_swap(void) {
  hearth_slot *slot = slot_with(5000);
  aside swap = {.slot = slot, .kind = &two};
  hearth_output state = {0};
  uint64_t outcomes = 0;

  CU_ASSERT_EQUAL(counter_tell(slot, 0, 0), HEARTH_OK);
  two.slow = 1000;
  start(&swap, swap_aside);
  CU_ASSERT_EQUAL(hearth_slot_snapshot(slot, NULL, &state, &outcomes),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(outcomes, 1);
  CU_ASSERT_EQUAL(state.len, 36);
  pthread_join(swap.thread, NULL);
  hearth_output_free(&state);
  hearth_slot_destroy(slot);
}

static void *save_aside(void *user) {
  aside *self = user;
  hearth_output state = {0};

  self->status = hearth_slot_save_state(self->slot, NULL, &state);
  hearth_output_free(&state);
  return NULL;
}

static int sleepers(hearth_slot *slot) {
  int count;

  pthread_mutex_lock(&slot->lock);
  count = (int)slot->sleepers;
  pthread_mutex_unlock(&slot->lock);
  return count;
}

/* A save holds so many outcomes back; the next one waits for it. */
static void test_outcomes_during_a_save(void) {
  hearth_slot *slot = slot_with(5000);
  aside saver = {.slot = slot},
        teller = {.slot = slot, .sequence = HEARTH__HELD};
  hearth_slot_stats stats;

  atomic_store(&one.block_save, 1);
  start(&saver, save_aside);
  wait_until(&one.within, 1);
  for (uint32_t i = 0; i < HEARTH__HELD; ++i) {
    CU_ASSERT_EQUAL(counter_tell(slot, 0, i), HEARTH_OK);
  }
  start(&teller, tell_aside);
  while (!sleepers(slot) && !atomic_load(&teller.done)) {
    sched_yield();
  }
  CU_ASSERT_EQUAL(teller.done, 0);
  atomic_store(&one.block_save, 0);
  pthread_join(saver.thread, NULL);
  pthread_join(teller.thread, NULL);
  CU_ASSERT_EQUAL(saver.status, HEARTH_OK);
  CU_ASSERT_EQUAL(counter_total(slot), HEARTH__HELD + 1);
  CU_ASSERT_EQUAL(counter_ask(slot).wrong, 0);
  hearth_slot_get_stats(slot, &stats);
  CU_ASSERT(stats.longest_wait_ns > 0);
  hearth_slot_destroy(slot);
}

UNIT_MAIN("slot limits", UNIT(test_one_swap_at_a_time),
          UNIT(test_full_journal_ends_the_swap), UNIT(test_failing_replay),
          UNIT(test_outcome_that_stays), UNIT(test_caller_that_stays),
          UNIT(test_destroy_waits_for_callers),
          UNIT(test_destroy_waits_for_a_swap), UNIT(test_save_waits_for_a_swap),
          UNIT(test_outcomes_during_a_save))
