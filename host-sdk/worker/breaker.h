/* SPDX-License-Identifier: MIT
   When a worker that failed may be started again. */
#ifndef HEARTH_WORKER_BREAKER_H
#define HEARTH_WORKER_BREAKER_H

#include <stdint.h>

enum { HEARTH__BREAKER_MOST = 64 }; /* failures that are remembered */

typedef enum hearth__breaker_state {
  HEARTH__BREAKER_CLOSED,
  HEARTH__BREAKER_OPEN,
  HEARTH__BREAKER_HALF /* one try; its first call decides */
} hearth__breaker_state;

/* Pure: it is told the time, in ns, and draws its own jitter. */
typedef struct hearth__breaker {
  uint64_t first_ns, max_ns, window_ns, open_ns;
  uint32_t failures;
  uint64_t random; /* the seed; not 0 */
  hearth__breaker_state state;
  uint64_t at[HEARTH__BREAKER_MOST]; /* of the last failures, a ring */
  uint64_t count;                    /* of all failures */
} hearth__breaker;

/* A failure at `now`: returns when to start again. */
uint64_t hearth__breaker_failed(hearth__breaker *breaker, uint64_t now);
/* It is started (again): out of OPEN, this is the try. */
void hearth__breaker_started(hearth__breaker *breaker);
/* A call was answered. */
void hearth__breaker_answered(hearth__breaker *breaker);

#endif
