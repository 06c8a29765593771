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
  const uint32_t e = next_bits(x) >> 22;
  return e < low ? 0 : e - low < classes ? e - low : classes - 1;
}

static inline uint32_t next_octave(float x) {
  const uint32_t e = next_bits(x) >> 23;
  return e < 126 ? 0 : e - 126 < 8 ? e - 126 : 7;
}

/* Rows of the adaptive probabilities: of entry i of a bucket; `total` is the
   octave of the bucket's. */
static inline uint32_t next_evidence_state(const next_bucket *b, uint32_t i,
                                           uint32_t total) {
  /* From 1/4 on: 254 is the half octave of 1. */
  const uint32_t count = next_half_octave(b->count[i], 250, 16);
  const uint32_t last = b->last != b->model[i] ? 0 : b->run < 2 ? 1 : 2;
  return (count * 8 + total) * 3 + last;
}

/* Of a model not in the bucket. */
static inline uint32_t next_evidence_escape(const next_bucket *b) {
  return next_octave(b->total) * 17 + b->size;
}

/* Of a model used `since_s` ago by the user, the rank-th of its models by
   recency. */
uint32_t next_evidence_since(float since_s, uint32_t rank);

#endif
