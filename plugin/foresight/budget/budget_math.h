/* SPDX-License-Identifier: MIT
   Fast single-precision ln and exp with the same bits everywhere. */
#ifndef FORESIGHT_BUDGET_MATH_H
#define FORESIGHT_BUDGET_MATH_H

/* IEEE basic operations only (compile with -ffp-contract=off).  Relative error
   under 1e-5: they feed a mixer that learns; plugin/sdk/math is exact. */
#include <stdint.h>
#include <string.h>

static inline float foresight__budget_float(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/* ln x, for a normal x > 0. */
static inline float foresight__budget_ln(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  int k = (int)(bits >> 23) - 127;
  float m = foresight__budget_float((bits & 0x7fffffu) | 0x3f800000u);
  if (m > 1.41421356f) {
    m *= .5f;
    k++;
  }
  const float s = (m - 1) / (m + 1), z = s * s;
  const float p = 1 + z * (.33333333f + z * (.2f + z * .142857f));
  return (float)k * .69314718f + 2 * s * p;
}

/* The same bits without a branch, so that a loop over it becomes vectors. */
static inline float foresight__budget_ln_plain(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  const uint32_t mantissa = (bits & 0x7fffffu) | 0x3f800000u;
  const uint32_t high = (0x3fb504f3u - mantissa) >> 31; /* over sqrt(2) */
  const float m = foresight__budget_float(mantissa - (high << 23));
  const float k = (float)((int32_t)(bits >> 23) - 127 + (int32_t)high);
  const float s = (m - 1) / (m + 1), z = s * s;
  const float p = 1 + z * (.33333333f + z * (.2f + z * .142857f));
  return k * .69314718f + 2 * s * p;
}

/* e^x; 0 below -80, e^80 above 80. */
static inline float foresight__budget_exp(float x) {
  if (!(x > -80)) {
    return 0;
  }
  x = (x > 80 ? 80 : x) * 1.44269504f;
  const int k = (int)(x < 0 ? x - .5f : x + .5f);
  const float f = (x - (float)k) * .69314718f;
  const float p =
      1 + f * (1 + f * (.5f + f * (.16666667f +
                                   f * (.041666667f +
                                        f * (.0083333333f +
                                             f * .0013888889f)))));
  return p * foresight__budget_float((uint32_t)(k + 127) << 23);
}

/* The same bits as foresight__budget_exp for |x| < 80, without a branch, so
   that a loop over it becomes vectors: it rounds by adding a half of its
   sign. */
static inline float foresight__budget_exp_small(float wide) {
  const float x = wide * 1.44269504f;
  uint32_t sign;
  memcpy(&sign, &x, sizeof sign);
  const float half =
      foresight__budget_float((sign & 0x80000000u) | 0x3f000000u);
  const int32_t k = (int32_t)(x + half);
  const float f = (x - (float)k) * .69314718f;
  const float p =
      1 + f * (1 + f * (.5f + f * (.16666667f +
                                   f * (.041666667f +
                                        f * (.0083333333f +
                                             f * .0013888889f)))));
  return p * foresight__budget_float((uint32_t)(k + 127) << 23);
}

static inline float foresight__budget_clip(float x, float lo, float hi) {
  /* Two steps, so that neither comparison depends on the other. */
  const float y = x < lo ? lo : x;
  return y > hi ? hi : y;
}

#endif
