/* SPDX-License-Identifier: MIT
   Float exp and log that vectorise and give the same bits everywhere. */
#ifndef FORESIGHT_NEXT_MATH_H
#define FORESIGHT_NEXT_MATH_H

/* Only IEEE basic operations on float and on 32-bit integers, no tables, no
   branches: gcc turns a loop over them into vector code without any licence
   to reorder, so the result is the same at -O0, -O2, with gcc, clang or
   WebAssembly (compile with -ffp-contract=off).  Polynomials after Cephes
   (expf, logf); relative error about 2e-7, ample for a mixer's inputs. */

#include <stdint.h>
#include <string.h>

static inline uint32_t next_bits(float x) {
  uint32_t u;
  memcpy(&u, &x, sizeof u);
  return u;
}

static inline float next_float(uint32_t u) {
  float x;
  memcpy(&x, &u, sizeof x);
  return x;
}

/* 2^x for x <= 126; below -126, 2^-126.  The bound is set on the bits (among
   negative floats the greater bits are the lesser number): a comparison of
   floats gcc turns into a branch, and a loop with a branch stays scalar. */
static inline float next_exp2(float wide) {
  const uint32_t low = 0xc2fc0000u; /* -126 */
  const uint32_t bits = next_bits(wide);
  const uint32_t below = 0u - (uint32_t)(bits > low);
  const float x = next_float((bits & ~below) | (low & below));
  /* Adding 1.5 * 2^23 leaves the nearest integer in the low bits. */
  const float shifted = x + 12582912.0f;
  const float f = (x - (shifted - 12582912.0f)) * 0.69314718f;
  float y = 1.9875691500e-4f;
  y = y * f + 1.3981999507e-3f;
  y = y * f + 8.3334519073e-3f;
  y = y * f + 4.1665795894e-2f;
  y = y * f + 1.6666665459e-1f;
  y = y * f + 5.0000001201e-1f;
  y = y * f * f + f + 1.0f;
  return y * next_float((next_bits(shifted) << 23) + 0x3f800000u);
}

/* e^x, with the range of next_exp2. */
static inline float next_exp(float x) {
  return next_exp2(x * 1.44269504f);
}

/* Natural logarithm of a positive normal float. */
static inline float next_log(float x) {
  /* Split so that the mantissa lies in [sqrt(1/2), sqrt(2)). */
  const uint32_t u = next_bits(x) + (0x3f800000u - 0x3f3504f3u);
  const int32_t e = (int32_t)(u >> 23) - 127;
  const float f = next_float((u & 0x007fffffu) + 0x3f3504f3u) - 1.0f;
  const float z = f * f;
  float y = 7.0376836292e-2f;
  y = y * f - 1.1514610310e-1f;
  y = y * f + 1.1676998740e-1f;
  y = y * f - 1.2420140846e-1f;
  y = y * f + 1.4249322787e-1f;
  y = y * f - 1.6668057665e-1f;
  y = y * f + 2.0000714765e-1f;
  y = y * f - 2.4999993993e-1f;
  y = y * f + 3.3333331174e-1f;
  const float k = (float)e;
  return f * z * y - 2.12194440e-4f * k - 0.5f * z + f + 0.693359375f * k;
}

/* Likewise within 2e-5, for half of the work: for what is weighed and held
   against what is as rough. */
static inline float next_log_fast(float x) {
  const uint32_t u = next_bits(x) + (0x3f800000u - 0x3f3504f3u);
  const int32_t e = (int32_t)(u >> 23) - 127;
  const float f = next_float((u & 0x007fffffu) + 0x3f3504f3u) - 1.0f;
  float y = 0.17968687f;
  y = y * f - 0.27226066f;
  y = y * f + 0.33587309f;
  y = y * f - 0.49933230f;
  return y * f * f + f + 0.69314718f * (float)e;
}

static inline float next_clip(float x, float lo, float hi) {
  /* Two steps, so that neither comparison depends on the other. */
  const float y = x < lo ? lo : x;
  return y > hi ? hi : y;
}

/* The sum of `n` floats, a multiple of 16: sixteen sums side by side, so that
   no addition waits for the one before it. */
static inline float next_sum(const float *restrict x, uint32_t n) {
  float sum[16] = {0};
  for (uint32_t i = 0; i < n; i += 16)
    for (uint32_t k = 0; k < 16; ++k)
      sum[k] += x[i + k];
  for (uint32_t k = 0; k < 8; ++k)
    sum[k] += sum[k + 8];
  for (uint32_t k = 0; k < 4; ++k)
    sum[k] += sum[k + 4];
  return (sum[0] + sum[2]) + (sum[1] + sum[3]);
}

/* A 64-bit finaliser (splitmix64, public domain, S. Vigna). */
static inline uint64_t next_mix(uint64_t x) {
  x += UINT64_C(0x9e3779b97f4a7c15);
  x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
  return x ^ (x >> 31);
}

#endif
