/* SPDX-License-Identifier: MIT
   The functions of within_math.h, of four at once. */
#ifndef FORESIGHT_WITHIN_LANES_H
#define FORESIGHT_WITHIN_LANES_H

#include "plugin/foresight/within/within_math.h"

/* An input of each horizon, and one that nobody looks at: a vector. */
enum { LANES = 4 };
typedef float lanes[LANES];

/* Loops without branches, of which the compiler makes vectors.  The bits are
   those of within_math.h, for numbers that are normal. */
static inline void log2_four(float *x) {
  for (int h = 0; h < LANES; h++) {
    x[h] = hearth_log2_rough(x[h]);
  }
}

/* n is a multiple of four. */
static inline void log2_all(float *x, int n) {
  for (int i = 0; i < n; i += LANES) {
    log2_four(x + i);
  }
}

static inline void exp2_four(float *x) {
  hearth_clip_four(x, -126.0f, 126.0f);
  for (int h = 0; h < LANES; h++) {
    x[h] = hearth_exp2_rough(x[h]);
  }
}

/* within_squash. */
static inline void squash_four(const float *restrict x, float *restrict p) {
  for (int h = 0; h < LANES; h++) {
    p[h] = -1.44269504f * x[h];
  }
  exp2_four(p);
  for (int h = 0; h < LANES; h++) {
    p[h] = 1.0f / (1.0f + p[h]);
  }
}

/* within_logit_of_hazard: ln of the hazards into logits. */
static inline void logit_all(const lanes *restrict hazard, lanes *restrict x,
                             int n) {
  for (int i = 0; i < n; i++) {
    for (int h = 0; h < LANES; h++) {
      const float d = hazard[i][h], s = d * d;
      const float y =
          x[i][h] + 0.5f * d + s * (1.0f / 24.0f - s * (1.0f / 2880.0f));
      const uint32_t few = d < 4.0f ? UINT32_MAX : 0u;
      uint32_t of_d, of_y;
      memcpy(&of_d, &d, sizeof of_d);
      memcpy(&of_y, &y, sizeof of_y);
      of_y = (of_y & few) | (of_d & ~few);
      memcpy(&x[i][h], &of_y, sizeof of_y);
    }
    hearth_clip_four(x[i], -8.0f, 8.0f);
  }
}

/* All inputs but the base are differences from the base's logit, so that what
   knows nothing adds nothing. */
static inline void residual_four(float *restrict x,
                                 const float *restrict base) {
  for (int h = 0; h < LANES; h++) {
    x[h] -= base[h];
  }
  hearth_clip_four(x, -5.0f, 5.0f);
}

/* within_stretch: chances into logits, less the base's. */
static inline void stretch_all(lanes *x, int n, const float *base) {
  for (int i = 0; i < n; i++) {
    hearth_clip_four(x[i], 3e-4f, 1.0f - 3e-4f);
    for (int h = 0; h < LANES; h++) {
      x[i][h] = x[i][h] / (1.0f - x[i][h]);
    }
    log2_four(x[i]);
    for (int h = 0; h < LANES; h++) {
      x[i][h] = 0.69314718f * x[i][h];
    }
    residual_four(x[i], base);
  }
}

#endif
