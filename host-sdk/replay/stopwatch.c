/* SPDX-License-Identifier: MIT
   Durations of many calls, for percentiles. */
#include "host-sdk/replay/stopwatch.h"

#include <math.h>
#include <stdlib.h>

void hearth_stopwatch_lap(hearth_stopwatch *watch, uint64_t ns) {
  if (watch->count == watch->cap) {
    const uint64_t cap = watch->cap == 0 ? 4096 : 2 * watch->cap;
    uint64_t *laps = realloc(watch->laps_ns, cap * sizeof *laps);
    if (laps == NULL) {
      return;
    }
    watch->laps_ns = laps;
    watch->cap = cap;
  }
  watch->laps_ns[watch->count++] = ns;
  watch->total_ns += ns;
}

static int by_value(const void *a, const void *b) {
  const uint64_t x = *(const uint64_t *)a;
  const uint64_t y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

hearth_call_times hearth_stopwatch_times(hearth_stopwatch *watch) {
  const uint64_t n = watch->count;
  if (n == 0) {
    return (hearth_call_times){NAN, NAN, NAN, 0};
  }
  qsort(watch->laps_ns, n, sizeof *watch->laps_ns, by_value);
  return (hearth_call_times){
      .calls_per_s = (double)n * 1e9 / (double)(watch->total_ns + 1),
      .p50_us = (double)watch->laps_ns[n / 2] / 1000.0,
      .p99_us = (double)watch->laps_ns[n * 99 / 100] / 1000.0,
      .total_us = (double)watch->total_ns / 1000.0};
}

void hearth_stopwatch_free(hearth_stopwatch *watch) {
  free(watch->laps_ns);
  *watch = (hearth_stopwatch){0};
}
