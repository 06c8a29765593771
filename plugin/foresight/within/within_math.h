/* SPDX-License-Identifier: MIT
   Quick elementary functions for the inputs of the head `within`. */
#ifndef FORESIGHT_WITHIN_MATH_H
#define FORESIGHT_WITHIN_MATH_H

#include <stdint.h>
#include <string.h>

#include "plugin/sdk/math.h"

/* The inputs of a mixer need three digits, not fifteen, and there are dozens
   of them in a prediction, so these are short polynomials in single precision.
   They use only IEEE basic operations and so give the same bits everywhere
   when compiled with -ffp-contract=off.  Arguments are never NaN here. */

static inline float within_clip(float x, float lo, float hi) {
  return x < lo ? lo : x > hi ? hi : x;
}

/* log2(x); smaller x count as the smallest normal float. */
static inline float within_log2(float x) {
  return x > 1.2e-38f ? hearth_log2_rough(x) : -126.0f;
}

static inline float within_ln(float x) {
  return 0.69314718f * within_log2(x);
}

/* 2^x, x clipped to [-126, 126]. */
static inline float within_exp2(float x) {
  return hearth_exp2_rough(within_clip(x, -126.0f, 126.0f));
}

/* 1 / (1 + e^-x). */
static inline float within_squash(float x) {
  return 1.0f / (1.0f + within_exp2(-1.44269504f * x));
}

/* The logit of 1 - e^-d, that is ln(e^d - 1), given d > 0 and ln d: by the
   series of ln(2 sinh(d / 2)) + d / 2.  Clipped to +-8. */
static inline float within_logit_of_hazard(float d, float ln_d) {
  float x = d;
  if (d < 4.0f) {
    const float s = d * d;
    x = ln_d + 0.5f * d + s * (1.0f / 24.0f - s * (1.0f / 2880.0f));
  }
  return within_clip(x, -8.0f, 8.0f);
}

/* ln(p / (1 - p)) with p held within [3e-4, 1 - 3e-4]. */
static inline float within_stretch(float p) {
  const float q = within_clip(p, 3e-4f, 1.0f - 3e-4f);
  return within_ln(q / (1.0f - q));
}

#endif
