/* SPDX-License-Identifier: MIT
   Whether a margin is more than chance: a paired bootstrap (Efron 1979,
   percentile interval). */
#include "host-sdk/replay/accuracy/bootstrap.h"

#include <math.h>
#include <stdlib.h>

enum {
  DRAWS = 1000,
  LOW = 25, /* of the draws in order, from 0 */
  HIGH = 975,
  MARGINS = HEARTH_GUESSERS * HEARTH_RANKS
};

/* splitmix64 (Steele, Lea, Flood 2014): the same draws everywhere. */
static uint64_t draw(uint64_t *state) {
  uint64_t x = *state += UINT64_C(0x9E3779B97F4A7C15);
  x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
  x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
  return x ^ x >> 31;
}

/* A number below `count`. */
static uint32_t below(uint64_t *state, uint32_t count) {
  return (uint32_t)((draw(state) >> 32) * count >> 32);
}

typedef struct sums {
  int64_t requests, more[MARGINS]; /* hits of the plugin over the rule's */
} sums;

static void add(sums *to, const hearth_user_day *day) {
  to->requests += day->requests;
  for (int g = 0; g < HEARTH_GUESSERS; g++) {
    for (int k = 0; k < HEARTH_RANKS; k++) {
      to->more[g * HEARTH_RANKS + k] +=
          (int64_t)day->hits[HEARTH_GUESS_PLUGIN][k] - day->hits[g][k];
    }
  }
}

static double share(const sums *of, int which) {
  return (double)of->more[which] / (double)of->requests;
}

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

/* One draw of `count` days with replacement. */
static sums resample(const hearth_user_day *days, uint32_t count,
                     uint64_t *state) {
  sums drawn = {0};
  for (uint32_t i = 0; i < count; i++) {
    add(&drawn, &days[below(state, count)]);
  }
  return drawn;
}

static hearth_margin judge(double margin, double *drawn, uint32_t days) {
  qsort(drawn, DRAWS, sizeof *drawn, compare);
  hearth_margin m = {margin, drawn[LOW], drawn[HIGH], 0};
  if (days >= HEARTH_LEAST_USER_DAYS) {
    m.certain = m.low > 0 ? 1 : m.high < 0 ? -1 : 0;
  }
  return m;
}

hearth_status
hearth_bootstrap(const hearth_user_day *days, uint32_t count,
                 hearth_margin over[HEARTH_GUESSERS][HEARTH_RANKS]) {
  double(*drawn)[DRAWS] = calloc(MARGINS, sizeof *drawn);
  uint64_t state = 1;
  sums all = {0};
  if (drawn == NULL) {
    return HEARTH_NO_MEMORY;
  }
  for (uint32_t i = 0; i < count; i++) {
    add(&all, &days[i]);
  }
  for (int d = 0; count > 0 && d < DRAWS; d++) {
    const sums one = resample(days, count, &state);
    for (int j = 0; j < MARGINS; j++) {
      drawn[j][d] = share(&one, j);
    }
  }
  for (int j = 0; j < MARGINS; j++) {
    over[j / HEARTH_RANKS][j % HEARTH_RANKS] =
        count > 0 ? judge(share(&all, j), drawn[j], count)
                  : (hearth_margin){NAN, NAN, NAN, 0};
  }
  free(drawn);
  return HEARTH_OK;
}
