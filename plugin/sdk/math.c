/* SPDX-License-Identifier: MIT
   Elementary functions with the same result on every machine. */
#include "plugin/sdk/math.h"

#include <stdint.h>
#include <string.h>

#define LN2_HI 6.93147180369123816490e-01
#define LN2_LO 1.90821492927058770002e-10
#define LOG2_E 1.44269504088896338700e+00
#define MAX_DOUBLE 1.7976931348623157e308

static double from_bits(uint64_t bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static uint64_t to_bits(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

/* e^r * 2^k for |r| <= ln2 / 2: a Taylor polynomial, whose last term is below
   2^-53 there. */
static double exp_reduced(double r, int k) {
  static const double c[] = {1.0 / 6227020800.0, 1.0 / 479001600.0,
                             1.0 / 39916800.0,   1.0 / 3628800.0,
                             1.0 / 362880.0,     1.0 / 40320.0,
                             1.0 / 5040.0,       1.0 / 720.0,
                             1.0 / 120.0,        1.0 / 24.0,
                             1.0 / 6.0,          0.5,
                             1.0,                1.0};
  double p = c[0];
  for (unsigned i = 1; i < sizeof c / sizeof *c; i++) {
    p = p * r + c[i];
  }
  return p * from_bits((uint64_t)(k + 1023) << 52);
}

double hearth_exp(double x) {
  if (!(x > -708.0)) {
    return 0.0;
  }
  if (x > 709.0) {
    return MAX_DOUBLE;
  }
  const double scaled = x * LOG2_E;
  const int k = (int)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
  const double r = (x - k * LN2_HI) - k * LN2_LO;
  return exp_reduced(r, k);
}

double hearth_exp2(double x) {
  return hearth_exp(x * 6.93147180559945286227e-01);
}

double hearth_log(double x) {
  if (!(x > 0.0)) {
    return -745.0;
  }
  int k = 0;
  if (x < 2.2250738585072014e-308) { /* subnormal */
    x *= 18014398509481984.0;        /* 2^54 */
    k = -54;
  }
  uint64_t bits = to_bits(x);
  k += (int)(bits >> 52) - 1023;
  bits = (bits & 0x000fffffffffffffULL) | 0x3ff0000000000000ULL;
  double m = from_bits(bits);
  if (m > 1.41421356237309514547) {
    m *= 0.5;
    k++;
  }
  /* ln m = 2 atanh(s), s = (m - 1) / (m + 1), |s| <= 0.1716. */
  const double s = (m - 1.0) / (m + 1.0);
  const double z = s * s;
  double p = 1.0 / 19.0;
  for (int n = 17; n >= 1; n -= 2) {
    p = p * z + 1.0 / n;
  }
  return k * LN2_HI + (2.0 * s * p + k * LN2_LO);
}

double hearth_pow(double x, double y) {
  return x > 0.0 ? hearth_exp(y * hearth_log(x)) : 0.0;
}

double hearth_sqrt(double x) {
  if (!(x > 0.0)) {
    return 0.0;
  }
  return __builtin_sqrt(x);
}

double hearth_sigmoid(double x) {
  if (x < 0) {
    const double e = hearth_exp(x);
    return e / (1.0 + e);
  }
  return 1.0 / (1.0 + hearth_exp(-x));
}

double hearth_logit(double p) {
  const double q = hearth_clip(p, 1e-6, 1.0 - 1e-6);
  return hearth_log(q / (1.0 - q));
}
