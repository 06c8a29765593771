/* SPDX-License-Identifier: MIT
   Random numbers that are the same on every machine. */
#ifndef HEARTH_REPLAY_RANDOM_H
#define HEARTH_REPLAY_RANDOM_H

#include <stdint.h>

/* xoshiro256** (Blackman, Vigna 2018), seeded by splitmix64.  A value; each
   user of a workload has one, so that no two disturb each other. */
typedef struct hearth__random {
  uint64_t s[4];
} hearth__random;

/* `stream`: independent sequences of one seed. */
void hearth__random_init(hearth__random *r, uint64_t seed, uint64_t stream);

uint64_t hearth__random_next(hearth__random *r);

/* In [0, n), n > 0. */
uint32_t hearth__random_below(hearth__random *r, uint32_t n);

/* In [0, 1). */
double hearth__random_unit(hearth__random *r);

/* True with probability p. */
int hearth__random_chance(hearth__random *r, double p);

/* Standard normal, by Marsaglia's polar method. */
double hearth__random_normal(hearth__random *r);

/* median * e^(sigma * normal). */
double hearth__random_lognormal(hearth__random *r, double median, double sigma);

/* 1, and one more with probability `more` again and again, at most `max`. */
uint32_t hearth__random_run(hearth__random *r, double more, uint32_t max);

/* A place in `weights`, by weight; `count` where all are 0. */
uint32_t hearth__random_pick(hearth__random *r, const double *weights,
                             uint32_t count);

#endif
