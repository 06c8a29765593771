/* SPDX-License-Identifier: MIT
   Backoff, jitter and the circuit breaker. */
#include "host-sdk/worker/breaker.h"

#include "tests/unit.h"

static hearth__breaker fresh(void) {
  hearth__breaker breaker = {0};

  breaker.first_ns = 100;
  breaker.max_ns = 1000;
  breaker.window_ns = 100000;
  breaker.open_ns = 5000;
  breaker.failures = 8;
  breaker.random = 42;
  return breaker;
}

static void test_backoff_doubles_up_to_its_most(void) {
  static const uint64_t spans[] = {100, 200, 400, 800, 1000, 1000, 1000};
  hearth__breaker breaker = fresh();

  for (uint64_t i = 0; i < 7; ++i) {
    uint64_t delay = hearth__breaker_failed(&breaker, i) - i;

    CU_ASSERT(delay >= spans[i] / 2 && delay <= spans[i]);
    CU_ASSERT_EQUAL(breaker.state, HEARTH__BREAKER_CLOSED);
  }
}

static void test_jitter_differs_and_repeats(void) {
  hearth__breaker one = fresh(), other = fresh(), third = fresh();
  int differ = 0;

  third.random = 43;
  one.first_ns = other.first_ns = third.first_ns = 1000000;
  one.max_ns = other.max_ns = third.max_ns = 1000000;
  for (int i = 0; i < 7; ++i) {
    uint64_t delay = hearth__breaker_failed(&one, 0);

    CU_ASSERT_EQUAL(delay, hearth__breaker_failed(&other, 0));
    differ |= delay != hearth__breaker_failed(&third, 0);
  }
  CU_ASSERT(differ);
}

static void test_opens_tries_once_and_closes(void) {
  hearth__breaker breaker = fresh();

  for (uint64_t i = 0; i < 7; ++i) {
    (void)hearth__breaker_failed(&breaker, i);
  }
  CU_ASSERT_EQUAL(hearth__breaker_failed(&breaker, 10), 5010);
  CU_ASSERT_EQUAL(breaker.state, HEARTH__BREAKER_OPEN);
  hearth__breaker_started(&breaker);
  CU_ASSERT_EQUAL(breaker.state, HEARTH__BREAKER_HALF);
  /* The try fails: open again at once, although the window is over. */
  CU_ASSERT_EQUAL(hearth__breaker_failed(&breaker, 1000000), 1005000);
  CU_ASSERT_EQUAL(breaker.state, HEARTH__BREAKER_OPEN);
  hearth__breaker_started(&breaker);
  hearth__breaker_answered(&breaker);
  CU_ASSERT_EQUAL(breaker.state, HEARTH__BREAKER_CLOSED);
  CU_ASSERT(hearth__breaker_failed(&breaker, 1000001) <= 1000101);
}

static void test_old_failures_are_forgotten(void) {
  hearth__breaker breaker = fresh();

  for (uint64_t i = 0; i < 200; ++i) {
    uint64_t now = i * 50001;

    CU_ASSERT(hearth__breaker_failed(&breaker, now) - now <= 200);
    CU_ASSERT_EQUAL(breaker.state, HEARTH__BREAKER_CLOSED);
  }
}

UNIT_MAIN("worker breaker", UNIT(test_backoff_doubles_up_to_its_most),
          UNIT(test_jitter_differs_and_repeats),
          UNIT(test_opens_tries_once_and_closes),
          UNIT(test_old_failures_are_forgotten))
