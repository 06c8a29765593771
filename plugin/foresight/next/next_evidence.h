/* SPDX-License-Identifier: MIT
   How often what is known of a candidate came true, whatever the model. */
#ifndef FORESIGHT_NEXT_EVIDENCE_H
#define FORESIGHT_NEXT_EVIDENCE_H

#include "plugin/foresight/next/next_features.h"
#include "plugin/foresight/next/next_math.h"

/* The exponent of a float, with one bit of the mantissa, is a logarithm in
   half octaves, for nothing. */
static inline uint32_t next_half_octave(float x, uint32_t low,
                                        uint32_t classes) {
  const int32_t e = (int32_t)(next_bits(x) >> 22) - (int32_t)low;
  const int32_t most = (int32_t)classes - 1;
  const int32_t above = e & ~(e >> 31); /* 0 at least */
  const int32_t over = above - most;
  return (uint32_t)(most + (over & (over >> 31)));
}

static inline uint32_t next_octave(float x) {
  const uint32_t e = next_bits(x) >> 23;
  return e < 126 ? 0 : e - 126 < 8 ? e - 126 : 7;
}

/* Rows of the adaptive probabilities: of each entry of a bucket, and of nothing
   behind them. */
static inline void next_evidence_states(const next_bucket *b,
                                        uint16_t *restrict state) {
  /* A bucket's lie close. */
  const uint32_t total = next_octave(b->total) * 48;
  const uint32_t run = b->run < 2 ? 16 : 32, last = b->last;
  for (uint32_t i = 0; i < NEXT_ENTRIES; ++i) {
    /* From 1/4 on: 254 is the half octave of 1. */
    const uint32_t count = next_half_octave(b->count[i], 250, 16);
    const uint32_t is_last = 0u - (uint32_t)(b->model[i] == last);
    state[i] = (uint16_t)(total + (is_last & run) + count);
  }
}

/* Of a model not in the bucket. */
static inline uint32_t next_evidence_escape(const next_bucket *b) {
  return next_octave(b->total) * 17 + b->size;
}

/* Of a model used `since_s` ago by the user, the rank-th of its models by
   recency. */
uint32_t next_evidence_since(float since_s, uint32_t rank);

#endif
