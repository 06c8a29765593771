/* SPDX-License-Identifier: MIT
   A count of requests that halves every hour. */
#ifndef HEARTH_REFERENCE_DECAY_H
#define HEARTH_REFERENCE_DECAY_H

#include "plugin/reference/base.h"
#include "plugin/sdk/math.h"

#define DECAY_HALF_LIFE_MS 3600000.0

/* What is left of `count` after a time, `from` to `to`. */
static inline double decayed(double count, int64_t from, int64_t to) {
  return from == REFERENCE_NEVER
             ? 0
             : count * hearth_exp2((double)(from - to) / DECAY_HALF_LIFE_MS);
}

/* A number that grows with the count and does not change with time, so that
   counts of different times compare. */
static inline double decay_rank(double count, int64_t at) {
  const double ln2 = 0.69314718055994530942;
  return hearth_log(count) / ln2 + (double)at / DECAY_HALF_LIFE_MS;
}

#endif
