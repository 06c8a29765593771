/* SPDX-License-Identifier: MIT
   Durations of many calls, for percentiles. */
#ifndef HEARTH_REPLAY_STOPWATCH_H
#define HEARTH_REPLAY_STOPWATCH_H

#include "host-sdk/replay/result.h"

/* Zero it to begin.  A lap that finds no memory is not kept. */
typedef struct hearth_stopwatch {
  uint64_t *laps_ns; /* owned */
  uint64_t count, cap, total_ns;
} hearth_stopwatch;

void hearth_stopwatch_lap(hearth_stopwatch *watch, uint64_t ns);
hearth_call_times hearth_stopwatch_times(hearth_stopwatch *watch);
void hearth_stopwatch_free(hearth_stopwatch *watch);

#endif
