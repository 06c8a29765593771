/* SPDX-License-Identifier: MIT
   Durations by the million, in constant memory. */
#ifndef HEARTH_EXPERIMENT_LATENCY_H
#define HEARTH_EXPERIMENT_LATENCY_H

#include <stdint.h>

/* Counts by size: 32 bins an octave, so a percentile is right within 3 %. */
enum { HEARTH__LATENCY_BINS = 32 * 40 };

typedef struct hearth__latency {
  uint64_t count;
  uint32_t bins[HEARTH__LATENCY_BINS];
} hearth__latency;

void hearth__latency_add(hearth__latency *latency, uint64_t ns);
/* In microseconds; NAN where there is nothing. */
double hearth__latency_percentile(const hearth__latency *latency,
                                  uint32_t hundredths);

#endif
