/* SPDX-License-Identifier: MIT
   Hot swaps under calling threads: no failed call, and every outcome told once.
   HEARTH_LONG=1: 10,000 swaps of each kind. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "host-sdk/slot/slot.h"
#include "tests/slot/counter.h"
#include "tests/unit.h"

enum { THREADS = 4, SWAPS = 300, SWAPS_LONG = 10000 };

typedef struct caller {
  pthread_t thread;
  hearth_slot *slot;
  atomic_int *stop;
  uint32_t number, told;
  uint64_t calls, failures, longest_ns;
} caller;

static int swaps_wanted(void) {
  const char *wanted = getenv("HEARTH_LONG");

  return wanted && *wanted && *wanted != '0' ? SWAPS_LONG : SWAPS;
}

static hearth_status one_call(caller *self, uint64_t turn,
                              hearth_output *output) {
  hearth_bytes bytes = {(const uint8_t *)"m", 1};

  switch (turn % 4) {
  case 0:
    return hearth_slot_prepare_models(self->slot, NULL, bytes, output);
  case 1:
    return hearth_slot_get_model_metadata(self->slot, NULL, bytes, output);
  default:
    return counter_tell(self->slot, self->number, self->told++);
  }
}

/* Every few hundred calls the thread rests, as a host does: without that the
   machine's few cores do nothing but tell outcomes, and swaps take for ever. */
static void *call_on(void *user) {
  static const struct timespec rest = {0, 20000};
  caller *self = user;
  hearth_output output = {0};

  for (uint64_t turn = 0; !atomic_load(self->stop); ++turn) {
    uint64_t began = hearth_monotonic_ns(), took;

    self->failures += one_call(self, turn, &output) != HEARTH_OK;
    took = hearth_monotonic_ns() - began;
    if (took > self->longest_ns) {
      self->longest_ns = took;
    }
    ++self->calls;
    if (turn % 64 == 0) {
      nanosleep(&rest, NULL);
    }
  }
  hearth_output_free(&output);
  return NULL;
}

/* What on_outcome saw. */
static void observe(void *user, hearth_bytes outcome) {
  (void)outcome;
  atomic_fetch_add((atomic_uint *)user, 1);
}

static void check_callers(const caller *callers, hearth_slot *slot,
                          uint32_t observed) {
  counter_answer answer = counter_ask(slot);
  uint64_t calls = 0, failures = 0, longest = 0;
  uint32_t told = 0;

  for (int i = 0; i < THREADS; ++i) {
    CU_ASSERT_EQUAL(answer.told[i], callers[i].told);
    calls += callers[i].calls;
    failures += callers[i].failures;
    told += callers[i].told;
    if (callers[i].longest_ns > longest) {
      longest = callers[i].longest_ns;
    }
  }
  CU_ASSERT_EQUAL(failures, 0);
  CU_ASSERT_EQUAL(answer.wrong, 0);
  CU_ASSERT_EQUAL(observed, told);
  printf("# %llu calls, %lu outcomes, %llu failed; the longest call %.3f ms\n",
         (unsigned long long)calls, (unsigned long)told,
         (unsigned long long)failures, (double)longest / 1e6);
}

/* Swap back and forth; now and then roll back, and save. */
static void change(hearth_slot *slot, counter_kind kinds[2], int swaps) {
  uint64_t longest_ns = 0, total_ns = 0, journaled = 0;
  hearth_output state = {0};
  hearth_swap_report report;

  for (int i = 0; i < swaps; ++i) {
    hearth_status status =
        counter_swap(slot, &kinds[(i + 1) % 2], NULL, &report);

    CU_ASSERT_EQUAL(status, HEARTH_OK);
    CU_ASSERT_EQUAL(report.handover, HEARTH_HANDOVER_STATE);
    total_ns += report.total_ns;
    journaled += report.journaled;
    if (report.longest_wait_ns > longest_ns) {
      longest_ns = report.longest_wait_ns;
    }
    if (i % 7 == 0) {
      CU_ASSERT_EQUAL(hearth_slot_rollback(slot, NULL, 0), HEARTH_OK);
    }
    if (i % 11 == 0) {
      CU_ASSERT_EQUAL(hearth_slot_save_state(slot, NULL, &state), HEARTH_OK);
    }
  }
  hearth_output_free(&state);
  printf("# %d swaps, %.3f ms each, %llu outcomes journaled; the longest that "
         "an outcome was held up: %.3f ms\n",
         swaps, (double)total_ns / 1e6 / swaps, (unsigned long long)journaled,
         (double)longest_ns / 1e6);
}

static void swap_under_load(uint64_t caps) {
  hearth_slot_options options;
  static counter_kind kinds[2];
  caller callers[THREADS];
  atomic_int stop = 0;
  atomic_uint observed = 0;
  hearth_slot *slot;

  counter_init(&kinds[0], "org.hearth.tests.counter", 1, caps);
  counter_init(&kinds[1], "org.hearth.tests.counter", 2, caps);
  kinds[0].slow = kinds[1].slow = 2;
  hearth_slot_options_init(&options);
  options.on_outcome = observe;
  options.user = &observed;
  slot = counter_slot(&kinds[0], &options);
  for (uint32_t i = 0; i < THREADS; ++i) {
    callers[i] = (caller){.slot = slot, .stop = &stop, .number = i};
    CU_ASSERT_EQUAL_FATAL(
        pthread_create(&callers[i].thread, NULL, call_on, &callers[i]), 0);
  }
  change(slot, kinds, swaps_wanted());
  atomic_store(&stop, 1);
  for (int i = 0; i < THREADS; ++i) {
    pthread_join(callers[i].thread, NULL);
  }
  check_callers(callers, slot, observed);
  /* The previous one learned all of it too. */
  CU_ASSERT_EQUAL(hearth_slot_rollback(slot, NULL, 0), HEARTH_OK);
  check_callers(callers, slot, observed);
  CU_ASSERT_EQUAL(kinds[0].instances + kinds[1].instances, 2);
  hearth_slot_destroy(slot);
  CU_ASSERT_EQUAL(kinds[0].instances + kinds[1].instances, 0);
}

static void test_locked_plugin(void) {
  swap_under_load(HEARTH_CAP_STATE);
}

static void test_reentrant_plugin(void) {
  swap_under_load(HEARTH_CAP_STATE | HEARTH_CAP_REENTRANT);
}

static void test_plugin_that_saves_beside_calls(void) {
  swap_under_load(HEARTH_CAP_STATE | HEARTH_CAP_REENTRANT |
                  HEARTH_CAP_CONCURRENT_SAVE);
}

/* What a call pays for the slot; nothing is asserted of times. */
static void test_cost_of_the_handle(void) {
  enum { CALLS = 200000 };
  counter_kind kind;
  hearth_slot *slot;
  hearth_slot_stats stats;
  hearth__use use;
  uint64_t began;

  counter_init(&kind, "org.hearth.tests.counter", 1, 0);
  slot = counter_slot(&kind, NULL);
  began = hearth_monotonic_ns();
  for (uint32_t i = 0; i < CALLS; ++i) {
    (void)counter_tell(slot, 0, i);
  }
  began = hearth_monotonic_ns() - began;
  hearth_slot_get_stats(slot, &stats);
  CU_ASSERT_EQUAL(stats.outcomes, CALLS);
  printf("# an outcome through the slot: %.1f ns, of which the plugin %.1f\n",
         (double)began / CALLS,
         (double)stats.calls.record_outcome.total_ns / CALLS);
  began = hearth_monotonic_ns();
  for (uint32_t i = 0; i < CALLS; ++i) {
    hearth__slot_get(slot, &use);
    (void)hearth__slot_put(slot, &use, HEARTH_OK);
  }
  printf("# a get and a put: %.1f ns\n",
         (double)(hearth_monotonic_ns() - began) / CALLS);
  hearth_slot_destroy(slot);
}

UNIT_MAIN("slot swap", UNIT(test_locked_plugin), UNIT(test_reentrant_plugin),
          UNIT(test_plugin_that_saves_beside_calls),
          UNIT(test_cost_of_the_handle))
