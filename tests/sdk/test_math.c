/* SPDX-License-Identifier: MIT */
#include "plugin/sdk/math.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "tests/unit.h"

#define MAX_DOUBLE 1.7976931348623157e308

/* Relative error under `bound`. */
static int near(double got, double want, double bound) {
  const double error = got < want ? want - got : got - want;
  return error <= bound * (want < 0 ? -want : want);
}

static uint64_t bits(double x) {
  uint64_t b;
  memcpy(&b, &x, sizeof b);
  return b;
}

static void test_exp(void) {
  CU_ASSERT_EQUAL(hearth_exp(0), 1);
  CU_ASSERT(near(hearth_exp(1), 2.718281828459045, 1e-14));
  CU_ASSERT(near(hearth_exp(-1), 0.36787944117144233, 1e-14));
  for (double x = -707; x < 709; x += 0.37) {
    CU_ASSERT(near(hearth_exp(x), exp(x), 1e-14));
  }
  CU_ASSERT_EQUAL(hearth_exp(-708.1), 0);
  CU_ASSERT_EQUAL(hearth_exp(-INFINITY), 0);
  CU_ASSERT_EQUAL(hearth_exp(709.1), MAX_DOUBLE);
  CU_ASSERT_EQUAL(hearth_exp(INFINITY), MAX_DOUBLE);
  CU_ASSERT_EQUAL(hearth_exp(NAN), 0);
}

static void test_exp2(void) {
  for (int n = -100; n <= 100; n++) {
    CU_ASSERT(near(hearth_exp2(n), ldexp(1, n), 1e-13));
  }
  CU_ASSERT(near(hearth_exp2(0.5), 1.4142135623730951, 1e-14));
  CU_ASSERT_EQUAL(hearth_exp2(2000), MAX_DOUBLE);
  CU_ASSERT_EQUAL(hearth_exp2(-2000), 0);
}

static void test_log(void) {
  CU_ASSERT_EQUAL(hearth_log(1), 0);
  CU_ASSERT(near(hearth_log(2), 0.6931471805599453, 1e-14));
  CU_ASSERT(near(hearth_log(10), 2.302585092994046, 1e-14));
  for (double x = 1e-300; x < 1e300; x *= 7.3) {
    CU_ASSERT(near(hearth_log(x), log(x), 1e-14));
  }
  for (double x = 0.5; x < 2; x += 0.001) {
    CU_ASSERT(near(hearth_log(x), log(x), 1e-14));
  }
  CU_ASSERT(
      near(hearth_log(4.9406564584124654e-324), -744.4400719213812, 1e-14));
  CU_ASSERT_EQUAL(hearth_log(0), -745);
  CU_ASSERT_EQUAL(hearth_log(-1), -745);
  CU_ASSERT_EQUAL(hearth_log(NAN), -745);
}

static void test_pow_and_sqrt(void) {
  CU_ASSERT(near(hearth_pow(2, 10), 1024, 1e-13));
  CU_ASSERT(near(hearth_pow(9, 0.5), 3, 1e-13));
  CU_ASSERT_EQUAL(hearth_pow(5, 0), 1);
  CU_ASSERT_EQUAL(hearth_pow(0, 2), 0);
  CU_ASSERT_EQUAL(hearth_pow(-2, 2), 0);
  CU_ASSERT_EQUAL(hearth_sqrt(2), 1.4142135623730951);
  CU_ASSERT_EQUAL(hearth_sqrt(0), 0);
  CU_ASSERT_EQUAL(hearth_sqrt(-4), 0);
  CU_ASSERT_EQUAL(hearth_sqrt(NAN), 0);
}

static void test_sigmoid_and_logit(void) {
  CU_ASSERT_EQUAL(hearth_sigmoid(0), 0.5);
  CU_ASSERT(near(hearth_sigmoid(2), 0.8807970779778823, 1e-14));
  CU_ASSERT(near(hearth_sigmoid(-2), 0.11920292202211755, 1e-14));
  CU_ASSERT_EQUAL(hearth_sigmoid(1000), 1);
  CU_ASSERT_EQUAL(hearth_sigmoid(-1000), 0);
  CU_ASSERT_EQUAL(hearth_logit(0.5), 0);
  CU_ASSERT(near(hearth_logit(0.9), 2.1972245773362196, 1e-13));
  CU_ASSERT(near(hearth_logit(0), -13.815509557963773, 1e-9));
  CU_ASSERT(near(hearth_logit(2), 13.815509557963773, 1e-9));
  for (double p = 0.01; p < 1; p += 0.01) {
    CU_ASSERT(near(hearth_sigmoid(hearth_logit(p)), p, 1e-13));
  }
  CU_ASSERT_EQUAL(hearth_clip(5, 0, 1), 1);
  CU_ASSERT_EQUAL(hearth_clip(-5, 0, 1), 0);
  CU_ASSERT_EQUAL(hearth_clip(0.25, 0, 1), 0.25);
}

/* The same bits on every machine: these were computed on one. */
static void test_bits(void) {
  CU_ASSERT_EQUAL(bits(hearth_exp(0.1)), 0x3ff1aec7b35a00d4u);
  CU_ASSERT_EQUAL(bits(hearth_exp(-123.456)), 0x34cda9fb9e4ee720u);
  CU_ASSERT_EQUAL(bits(hearth_exp2(0.3)), 0x3ff3b2c47bff8329u);
  CU_ASSERT_EQUAL(bits(hearth_log(3.7)), 0x3ff4eeee650ae550u);
  CU_ASSERT_EQUAL(bits(hearth_log(1e-200)), 0xc07cc845b54b54f2u);
  CU_ASSERT_EQUAL(bits(hearth_pow(1.7, 3.3)), 0x40170b0a6f6eccfau);
  CU_ASSERT_EQUAL(bits(hearth_sigmoid(-0.77)), 0x3fd4413194d144f2u);
  CU_ASSERT_EQUAL(bits(hearth_logit(0.123)), 0xbfff6ddd92cb4db6u);
}

UNIT_MAIN("math", UNIT(test_exp), UNIT(test_exp2), UNIT(test_log),
          UNIT(test_pow_and_sqrt), UNIT(test_sigmoid_and_logit),
          UNIT(test_bits))
