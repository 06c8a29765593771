/* SPDX-License-Identifier: MIT
   When a worker that failed may be started again. */
#include "host-sdk/worker/breaker.h"

/* xorshift64*; a number in [half, 1] of `span`. */
static uint64_t jitter(hearth__breaker *breaker, uint64_t span) {
  uint64_t x = breaker->random;

  x ^= x >> 12;
  x ^= x << 25;
  x ^= x >> 27;
  breaker->random = x;
  x *= UINT64_C(2685821657736338717);
  return span / 2 + (span ? (x >> 11) % (span - span / 2 + 1) : 0);
}

/* Failures within the window that ends now, this one included. */
static uint32_t recent(const hearth__breaker *breaker, uint64_t now) {
  uint32_t found = 0;

  for (uint64_t i = 0; i < HEARTH__BREAKER_MOST && i < breaker->count; ++i) {
    uint64_t at = breaker->at[(breaker->count - 1 - i) % HEARTH__BREAKER_MOST];

    if (now - at > breaker->window_ns) {
      break;
    }
    ++found;
  }
  return found;
}

uint64_t hearth__breaker_failed(hearth__breaker *breaker, uint64_t now) {
  uint64_t delay = breaker->first_ns;
  uint32_t failures;

  breaker->at[breaker->count++ % HEARTH__BREAKER_MOST] = now;
  failures = recent(breaker, now);
  if (breaker->state == HEARTH__BREAKER_HALF || failures >= breaker->failures) {
    breaker->state = HEARTH__BREAKER_OPEN;
    return now + breaker->open_ns;
  }
  while (--failures && delay < breaker->max_ns) {
    delay *= 2;
  }
  if (delay > breaker->max_ns) {
    delay = breaker->max_ns;
  }
  return now + jitter(breaker, delay);
}

void hearth__breaker_started(hearth__breaker *breaker) {
  if (breaker->state == HEARTH__BREAKER_OPEN) {
    breaker->state = HEARTH__BREAKER_HALF;
  }
}

void hearth__breaker_answered(hearth__breaker *breaker) {
  if (breaker->state == HEARTH__BREAKER_HALF) {
    breaker->state = HEARTH__BREAKER_CLOSED;
    breaker->count = 0;
  }
}
