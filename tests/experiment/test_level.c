/* SPDX-License-Identifier: MIT
   How often the test errs when it may not, and how soon it finds what is there.
   HEARTH_LONG=1: 1,000 experiments of each kind. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/experiment/judge.h"
#include "host-sdk/experiment/split.h"
#include "host-sdk/replay/input/random.h"
#include "tests/experiment/stand.h"
#include "tests/unit.h"

static int is_long(void) {
  const char *text = getenv("HEARTH_LONG");
  return text != NULL && *text != '\0' && strcmp(text, "0") != 0;
}

/* What units cost under two plugins, on real traffic of the workload. */
typedef struct costs {
  double *pair[2];
  uint32_t count, cap;
  double most_s;   /* the cap of a unit's cost */
  double requests; /* a unit */
} costs;

static void note_unit(void *user, uint32_t arm, const double *cost_s) {
  costs *c = user;
  (void)arm;
  if (c->count == c->cap) {
    c->cap = c->cap == 0 ? 1024 : 2 * c->cap;
    for (int i = 0; i < 2; i++) {
      c->pair[i] = realloc(c->pair[i], c->cap * sizeof(double));
    }
  }
  for (int i = 0; i < 2; i++) {
    c->pair[i][c->count] = cost_s[i];
  }
  c->count++;
}

static double capped(const costs *c, double cost) {
  return cost < c->most_s ? cost : c->most_s;
}

static double mean(const costs *c, int arm, double times) {
  double sum = 0;
  for (uint32_t i = 0; i < c->count; i++) {
    sum += capped(c, times * c->pair[arm][i]);
  }
  return sum / c->count;
}

/* Under LRU and Foresight, and the latter's scaled so that its units cost 10 %
   less in the mean: what differs, and how differently, stays as it is. */
static costs measure(int32_t unit) {
  stand s;
  costs c = {{NULL, NULL}, 0, 0, 0, 0};
  hearth_experiment_report r;
  stand_begin(&s, 40, is_long() ? 14 : 6, 1);
  stand_arm(&s, "lru", "lru", 0.5);
  stand_arm(&s, "foresight", "foresight", 0.5);
  s.options.unit = unit;
  s.options.stop_worse = 0;
  s.options.closed = note_unit;
  s.options.user = &c;
  hearth_experiment *x = stand_create(&s);
  stand_play(&s, x);
  hearth_experiment_get_report(x, &r);
  c.most_s = r.cap_s;
  c.requests = (double)r.requests / (double)r.units;
  hearth_experiment_destroy(x);
  stand_end(&s);
  double low = 0.5, high = 2;
  const double want = 0.9 * mean(&c, 0, 1);
  for (int i = 0; i < 60; i++) {
    const double middle = (low + high) / 2;
    *(mean(&c, 1, middle) < want ? &low : &high) = middle;
  }
  for (uint32_t i = 0; i < c.count; i++) {
    c.pair[1][i] *= low;
  }
  printf("# %u units of %.1f requests; cost %.2f s and %.2f s, up to %.0f s\n",
         c.count, c.requests, mean(&c, 0, 1), mean(&c, 1, 1), c.most_s);
  return c;
}

static void forget(costs *c) {
  free(c->pair[0]);
  free(c->pair[1]);
}

static const char *unit_name(uint32_t i, char text[32]) {
  snprintf(text, 32, "unit-%u", i);
  return text;
}

static int arm_of(uint64_t salt, uint32_t i, double share) {
  const double shares[2] = {1 - share, share};
  char text[32];
  return hearth__split(salt, hearth_str_from(unit_name(i, text)), shares, 2) ==
         1;
}

typedef enum kind {
  RESAMPLED,  /* sessions drawn from the workload's */
  AS_IT_CAME, /* the workload's own, in its order: only the split is drawn */
  PARETO,     /* no mean but for the cap */
  SWAPPED,    /* paired: two plugins, whose labels a coin swaps */
  SKEWED      /* paired: a little saved often, as much lost at once, rarely */
} kind;

/* One A/A experiment, looked at after every unit; whether it ever declared. */
static int declares(const costs *c, kind which, uint32_t experiment,
                    uint32_t units, double share) {
  char name[32];
  hearth__random random;
  hearth__judge judge;
  snprintf(name, sizeof name, "aa-%u-%d", experiment, (int)which);
  const uint64_t salt = hearth__split_salt(name, 1);
  const double most = which == SKEWED ? 100 : c->most_s;
  hearth__random_init(&random, experiment, (uint64_t)which);
  hearth__judge_init(&judge, most, share, 0.05);
  if (which == AS_IT_CAME && units > c->count) {
    units = c->count;
  }
  for (uint32_t i = 0; i < units; i++) {
    const uint32_t at =
        which == AS_IT_CAME ? i : hearth__random_below(&random, c->count);
    const double u = 1 - hearth__random_unit(&random);
    if (which == SWAPPED) {
      const int swap = hearth__random_chance(&random, 0.5);
      hearth__judge_pair(&judge, c->pair[swap][at], c->pair[1 - swap][at]);
    } else if (which == SKEWED) {
      hearth__judge_pair(&judge, u < 0.99 ? 1 : 0, u < 0.99 ? 0 : 99);
    } else {
      hearth__judge_one(&judge, arm_of(salt, i, share),
                        which == PARETO ? 1 / (u * u) : c->pair[0][at]);
    }
    if (hearth__evidence_sign(which >= SWAPPED ? &judge.paired
                                               : &judge.split) != 0) {
      return 1;
    }
  }
  return 0;
}

static void level(const costs *c, kind which, const char *what, double share,
                  uint32_t units) {
  const uint32_t experiments = is_long() ? 1000 : 100;
  uint32_t declared = 0;
  for (uint32_t e = 0; e < experiments; e++) {
    declared += (uint32_t)declares(c, which, e, units, share);
  }
  printf("# A/A, %s: %u of %u declared a winner, looked at after each of %u "
         "units\n",
         what, declared, experiments, units);
  CU_ASSERT(declared * 20 <= experiments);
}

static void test_level(void) {
  costs c = measure(HEARTH_UNIT_SESSION);
  const uint32_t units = is_long() ? 20000 : 2000;
  level(&c, RESAMPLED, "split, sessions", 0.5, units);
  level(&c, RESAMPLED, "split, sessions, a share of 10 %", 0.1, units);
  level(&c, AS_IT_CAME, "split, the traffic as it came", 0.5, c.count);
  level(&c, PARETO, "split, a Pareto tail of 1/2", 0.5, units);
  level(&c, SWAPPED, "paired, plugins swapped by a coin", 0.5, units);
  level(&c, SKEWED, "paired, rare losses of all that was saved", 0.5, units);
  forget(&c);
}

static int by_value(const void *a, const void *b) {
  const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

/* Units until the better arm is found; `most` + 1: it is not. */
static uint32_t soon(const costs *c, int split, uint32_t experiment,
                     uint32_t most, int *wrong) {
  char name[32];
  hearth__random random;
  hearth__judge judge;
  snprintf(name, sizeof name, "ab-%u", experiment);
  const uint64_t salt = hearth__split_salt(name, 1);
  hearth__random_init(&random, experiment, 99);
  hearth__judge_init(&judge, c->most_s, 0.5, 0.05);
  for (uint32_t i = 0; i < most; i++) {
    const uint32_t at = hearth__random_below(&random, c->count);
    const int arm = split && arm_of(salt, i, 0.5);
    if (split) {
      hearth__judge_one(&judge, arm, c->pair[arm][at]);
    } else {
      hearth__judge_pair(&judge, c->pair[0][at], c->pair[1][at]);
    }
    const int sign =
        hearth__evidence_sign(split ? &judge.split : &judge.paired);
    *wrong += sign < 0;
    if (sign != 0) {
      return i + 1;
    }
  }
  return most + 1;
}

static uint32_t power(const costs *c, const char *unit, int split,
                      uint32_t most) {
  const uint32_t experiments = is_long() ? 1000 : split ? 10 : 100;
  uint32_t *taken = calloc(experiments, sizeof *taken), found = 0;
  int wrong = 0;
  for (uint32_t e = 0; e < experiments; e++) {
    taken[e] = soon(c, split, e, most, &wrong);
    found += taken[e] <= most;
  }
  qsort(taken, experiments, sizeof *taken, by_value);
  const uint32_t median = taken[experiments / 2];
  printf("# 10 %% better, %s, %s: found by %u of %u within %u; median %u units "
         "(%.0f requests), 90 %% within %u; the wrong one %d times\n",
         split ? "split" : "paired", unit, found, experiments, most, median,
         median * c->requests, taken[experiments * 9 / 10], wrong);
  CU_ASSERT(found * 10 >= experiments * 9);
  CU_ASSERT((uint32_t)wrong * 40 <= experiments);
  free(taken);
  return median;
}

static void test_power(void) {
  static const char *const names[] = {"users' days", "sessions"};
  for (int32_t unit = HEARTH_UNIT_USER; unit <= HEARTH_UNIT_SESSION; unit++) {
    costs c = measure(unit);
    const uint32_t paired = power(&c, names[unit], 0, 20000);
    const uint32_t split = power(&c, names[unit], 1, 100000);
    CU_ASSERT(paired < split);
    forget(&c);
  }
}

/* The whole engine, two arms alike, a split of their users each time anew. */
static void test_level_of_the_engine(void) {
  const uint32_t experiments = is_long() ? 1000 : 20;
  uint32_t declared = 0;
  uint64_t units = 0;
  stand s;
  stand_begin(&s, 20, is_long() ? 3 : 2, 5);
  stand_arm(&s, "a", "lru", 0.5);
  stand_arm(&s, "b", "lru", 0.5);
  s.options.design = HEARTH_DESIGN_SPLIT;
  for (uint32_t e = 0; e < experiments; e++) {
    char name[32];
    hearth_experiment_event event;
    hearth_experiment_report r;
    snprintf(name, sizeof name, "engine-%u", e);
    s.options.name = name;
    s.options.unit = e % 2 ? HEARTH_UNIT_SESSION : HEARTH_UNIT_REQUEST;
    hearth_experiment *x = stand_create(&s);
    stand_play(&s, x);
    declared += hearth_experiment_get_event(x, 0, &event) == HEARTH_OK;
    hearth_experiment_get_report(x, &r);
    CU_ASSERT_DOUBLE_EQUAL(r.arms[0].wait_s, r.arms[1].wait_s, 0);
    CU_ASSERT(r.comparisons[1].split.units > 10);
    units += r.comparisons[1].split.units;
    hearth_experiment_destroy(x);
  }
  printf("# A/A, the engine: %u of %u declared a winner, of %.0f units each\n",
         declared, experiments, (double)units / experiments);
  CU_ASSERT(declared * 20 <= experiments);
  stand_end(&s);
}

UNIT_MAIN("level and power", UNIT(test_level), UNIT(test_power),
          UNIT(test_level_of_the_engine))
