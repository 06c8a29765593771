/* SPDX-License-Identifier: MIT
   Elementary functions with the same result on every machine. */
#ifndef HEARTH_SDK_MATH_H
#define HEARTH_SDK_MATH_H

/* The C library's exp and log differ by an ulp between versions and between
   vector paths, and one ulp is enough to turn a decision.  These use only the
   IEEE basic operations, so with -ffp-contract=off they give the same bits
   everywhere.  No state, no errno, safe in any thread. */

/* e^x.  Relative error under 1e-14.  Below -708 the result is 0, above 709 it
   is the largest finite double; NaN gives 0. */
double hearth_exp(double x);

/* 2^x, with the same range rules as hearth_exp. */
double hearth_exp2(double x);

/* Natural logarithm.  Relative error under 1e-14.  x <= 0 (and NaN) gives
   -745, the logarithm of the smallest double, never an infinity. */
double hearth_log(double x);

/* x^y for x > 0; 0 for x <= 0. */
double hearth_pow(double x, double y);

/* Square root, correctly rounded; 0 for x <= 0. */
double hearth_sqrt(double x);

/* 1 / (1 + e^-x) and its inverse.  hearth_logit clips p to [1e-6, 1 - 1e-6],
   so its result lies within +-13.8. */
double hearth_sigmoid(double x);
double hearth_logit(double p);

#include <stdint.h>
#include <string.h>
#ifdef __SSE__
#include <xmmintrin.h>
#endif

/* 2^x for x within [-126, 126], relative error under 2e-4: without a branch, so
   that a loop over it becomes vectors. */
static inline float hearth_exp2_rough(float x) {
  const int32_t k = (int32_t)(x + 127.0f) - 127; /* floor: the sum is positive */
  const float f = x - (float)k;
  const float p =
      1.0f +
      f * (0.6931472f + f * (0.2401597f + f * (0.0558263f + f * 0.0108668f)));
  const uint32_t bits = (uint32_t)(k + 127) << 23;
  float s;
  memcpy(&s, &bits, sizeof s);
  return s * p;
}

/* log2(x) for normal x > 0, absolute error under 3e-5; likewise. */
static inline float hearth_log2_rough(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  const float e = (float)((int32_t)(bits >> 23) - 127);
  bits = (bits & 0x007fffffu) | 0x3f800000u;
  float m;
  memcpy(&m, &bits, sizeof m);
  /* Minimax of log2(1 + m) on [0, 1), with the ends exact. */
  const float z = m - 1.0f;
  const float p =
      z * (1.4424894f +
           z * (-0.7181452f +
                z * (0.4575485f +
                     z * (-0.2779042f + z * (0.1218642f + z * -0.0258527f)))));
  return e + p;
}

/* x held within [lo, hi]. */
static inline double hearth_clip(double x, double lo, double hi) {
  return x < lo ? lo : x > hi ? hi : x;
}

/* Four of them.  Compilers know no vector instruction for it that is right for
   NaN too; there are two, with the very same result. */
static inline void hearth_clip_four(float *x, float lo, float hi) {
#ifdef __SSE__
  const __m128 up = _mm_max_ps(_mm_set1_ps(lo), _mm_loadu_ps(x));
  _mm_storeu_ps(x, _mm_min_ps(_mm_set1_ps(hi), up));
#else
  for (int i = 0; i < 4; i++) {
    x[i] = x[i] < lo ? lo : x[i];
    x[i] = x[i] > hi ? hi : x[i];
  }
#endif
}

#endif
