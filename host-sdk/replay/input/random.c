/* SPDX-License-Identifier: MIT
   Random numbers that are the same on every machine. */
#include "host-sdk/replay/input/random.h"

#include "plugin/sdk/math.h"

static uint64_t splitmix(uint64_t *state) {
  uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

void hearth__random_init(hearth__random *r, uint64_t seed, uint64_t stream) {
  uint64_t state = seed;
  state = splitmix(&state) ^ stream;
  for (int i = 0; i < 4; i++) {
    r->s[i] = splitmix(&state);
  }
}

static uint64_t rotate(uint64_t x, unsigned by) {
  return x << by | x >> (64 - by);
}

uint64_t hearth__random_next(hearth__random *r) {
  uint64_t result = rotate(r->s[1] * 5, 7) * 9;
  uint64_t t = r->s[1] << 17;
  r->s[2] ^= r->s[0];
  r->s[3] ^= r->s[1];
  r->s[1] ^= r->s[2];
  r->s[0] ^= r->s[3];
  r->s[2] ^= t;
  r->s[3] = rotate(r->s[3], 45);
  return result;
}

uint32_t hearth__random_below(hearth__random *r, uint32_t n) {
  return (uint32_t)((hearth__random_next(r) >> 32) * n >> 32);
}

double hearth__random_unit(hearth__random *r) {
  return (double)(hearth__random_next(r) >> 11) * 0x1p-53;
}

int hearth__random_chance(hearth__random *r, double p) {
  return hearth__random_unit(r) < p;
}

double hearth__random_normal(hearth__random *r) {
  for (;;) {
    double x = 2 * hearth__random_unit(r) - 1;
    double y = 2 * hearth__random_unit(r) - 1;
    double s = x * x + y * y;
    if (s > 0 && s < 1) {
      return x * hearth_sqrt(-2 * hearth_log(s) / s);
    }
  }
}

double hearth__random_lognormal(hearth__random *r, double median,
                                double sigma) {
  return median * hearth_exp(sigma * hearth__random_normal(r));
}

uint32_t hearth__random_run(hearth__random *r, double more, uint32_t max) {
  uint32_t n = 1;
  while (n < max && hearth__random_chance(r, more)) {
    n++;
  }
  return n;
}

uint32_t hearth__random_pick(hearth__random *r, const double *weights,
                             uint32_t count) {
  double total = 0;
  uint32_t last = count;
  for (uint32_t i = 0; i < count; i++) {
    total += weights[i];
    last = weights[i] > 0 ? i : last;
  }
  double at = hearth__random_unit(r) * total;
  for (uint32_t i = 0; i < last && last < count; i++) {
    at -= weights[i];
    if (at < 0 && weights[i] > 0) {
      return i;
    }
  }
  return last;
}
