/* SPDX-License-Identifier: MIT
   The paired bootstrap on constructed cases. */
#include "host-sdk/replay/accuracy/bootstrap.h"

#include <math.h>
#include <string.h>

#include "tests/unit.h"

enum { DAYS = 200 };

static hearth_user_day days[DAYS];
static hearth_margin over[HEARTH_GUESSERS][HEARTH_RANKS];

static void day(uint32_t i, uint32_t requests, uint32_t plugin, uint32_t last,
                uint32_t most) {
  days[i] = (hearth_user_day){.requests = requests};
  for (int k = 0; k < HEARTH_RANKS; k++) {
    days[i].hits[HEARTH_GUESS_PLUGIN][k] = plugin;
    days[i].hits[HEARTH_GUESS_LAST][k] = last;
    days[i].hits[HEARTH_GUESS_MOST][k] = most;
  }
}

/* Each day the same: no draw differs from another. */
static void test_no_spread(void) {
  for (uint32_t i = 0; i < 20; i++) {
    day(i, 10, 7, 5, 7);
  }
  CU_ASSERT_EQUAL_FATAL(hearth_bootstrap(days, 20, over), HEARTH_OK);
  const hearth_margin *m = &over[HEARTH_GUESS_LAST][0];
  CU_ASSERT_DOUBLE_EQUAL(m->margin, 0.2, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(m->low, 0.2, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(m->high, 0.2, 1e-12);
  CU_ASSERT_EQUAL(m->certain, 1);
  CU_ASSERT_EQUAL(over[HEARTH_GUESS_MOST][2].margin, 0);
  CU_ASSERT_EQUAL(over[HEARTH_GUESS_MOST][2].certain, 0);
}

/* Of 200 days of one request, 120 are won over `last` and 80 lost: the margin
   is 0.2, its standard error sqrt((1 - 0.04) / 200) = 0.0693, so 95 % lie
   within 0.064 and 0.336.  Over `most` 105 are won: 0.05, within -0.09 and
   0.19.  The percentiles of 1000 draws are off by less than 0.03. */
static void test_interval(void) {
  for (uint32_t i = 0; i < DAYS; i++) {
    day(i, 1, 0, 0, 0);
    for (int k = 0; k < HEARTH_RANKS; k++) {
      days[i].hits[HEARTH_GUESS_PLUGIN][k] = 1;
      days[i].hits[HEARTH_GUESS_LAST][k] = i < 120 ? 0 : 2;
      days[i].hits[HEARTH_GUESS_MOST][k] = i % 2 == 0 || i > 189 ? 0 : 2;
    }
  }
  CU_ASSERT_EQUAL_FATAL(hearth_bootstrap(days, DAYS, over), HEARTH_OK);
  const hearth_margin *m = &over[HEARTH_GUESS_LAST][1];
  CU_ASSERT_DOUBLE_EQUAL(m->margin, 0.2, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(m->low, 0.064, 0.03);
  CU_ASSERT_DOUBLE_EQUAL(m->high, 0.336, 0.03);
  CU_ASSERT_EQUAL(m->certain, 1);
  m = &over[HEARTH_GUESS_MOST][1];
  CU_ASSERT_DOUBLE_EQUAL(m->margin, 0.05, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(m->low, -0.09, 0.03);
  CU_ASSERT_DOUBLE_EQUAL(m->high, 0.19, 0.03);
  CU_ASSERT_EQUAL(m->certain, 0);
}

/* A margin that is the same, all from one day of one user, is not certain: days
   are what is drawn, not requests. */
static void test_one_heavy_day(void) {
  for (uint32_t i = 0; i < 50; i++) {
    day(i, 10, 5, 5, 6);
  }
  day(50, 500, 500, 250, 100);
  CU_ASSERT_EQUAL_FATAL(hearth_bootstrap(days, 51, over), HEARTH_OK);
  const hearth_margin *m = &over[HEARTH_GUESS_LAST][0];
  CU_ASSERT_DOUBLE_EQUAL(m->margin, 0.25, 1e-12);
  CU_ASSERT_EQUAL(m->low, 0); /* a third of the draws lack that day */
  CU_ASSERT_EQUAL(m->certain, 0);
  CU_ASSERT(over[HEARTH_GUESS_MOST][0].low < 0);
}

static void test_certain_below(void) {
  for (uint32_t i = 0; i < 30; i++) {
    day(i, 10, 3 + i % 2, 6, 3);
  }
  CU_ASSERT_EQUAL_FATAL(hearth_bootstrap(days, 30, over), HEARTH_OK);
  CU_ASSERT_EQUAL(over[HEARTH_GUESS_LAST][0].certain, -1);
  CU_ASSERT_EQUAL(over[HEARTH_GUESS_MOST][0].certain, 1);
}

static void test_few_days(void) {
  for (uint32_t i = 0; i < HEARTH_LEAST_USER_DAYS; i++) {
    day(i, 10, 9, 1, 1);
  }
  CU_ASSERT_EQUAL_FATAL(
      hearth_bootstrap(days, HEARTH_LEAST_USER_DAYS - 1, over), HEARTH_OK);
  CU_ASSERT_EQUAL(over[HEARTH_GUESS_LAST][0].certain, 0);
  CU_ASSERT_EQUAL_FATAL(hearth_bootstrap(days, HEARTH_LEAST_USER_DAYS, over),
                        HEARTH_OK);
  CU_ASSERT_EQUAL(over[HEARTH_GUESS_LAST][0].certain, 1);
  CU_ASSERT_EQUAL_FATAL(hearth_bootstrap(days, 0, over), HEARTH_OK);
  CU_ASSERT(isnan(over[HEARTH_GUESS_LAST][0].margin));
  CU_ASSERT(isnan(over[HEARTH_GUESS_LAST][0].low));
}

static void test_same_draws(void) {
  hearth_margin again[HEARTH_GUESSERS][HEARTH_RANKS];
  for (uint32_t i = 0; i < DAYS; i++) {
    day(i, 1 + i % 7, i % 3, i % 2, i % 5 / 4);
  }
  CU_ASSERT_EQUAL_FATAL(hearth_bootstrap(days, DAYS, over), HEARTH_OK);
  CU_ASSERT_EQUAL_FATAL(hearth_bootstrap(days, DAYS, again), HEARTH_OK);
  for (int g = 0; g < HEARTH_GUESSERS; g++) {
    for (int k = 0; k < HEARTH_RANKS; k++) {
      CU_ASSERT_EQUAL(over[g][k].low, again[g][k].low);
      CU_ASSERT_EQUAL(over[g][k].high, again[g][k].high);
    }
  }
}

UNIT_MAIN("replay: bootstrap", UNIT(test_no_spread), UNIT(test_interval),
          UNIT(test_one_heavy_day), UNIT(test_certain_below),
          UNIT(test_few_days), UNIT(test_same_draws))
