/* SPDX-License-Identifier: MIT
   The sequential test: an empirical-Bernstein confidence sequence. */
#include "host-sdk/experiment/evidence.h"

#include <math.h>

#include "plugin/sdk/math.h"

void hearth__evidence_init(hearth__evidence *e, double scale, double alpha) {
  *e = (hearth__evidence){.scale = scale};
  e->target = hearth_log(2 / alpha) + hearth_log(HEARTH__EVIDENCE_GRID);
  /* From 0.9 by steps of 1.6 down to 0.002.  The best l for an effect m and a
     deviation s is m c / s^2, so the grid reaches from effects that a dozen
     units show to those that take some millions. */
  for (int i = 0; i < HEARTH__EVIDENCE_GRID; i++) {
    const double l = 0.9 * hearth_exp2(-0.68 * i);
    e->l[i] = l;
    /* For small l the difference of its terms is lost in rounding; k falls to
       1/4 with l, and 1/4 + l/3 is over it up to there. */
    e->k[i] = l < 0.1 ? 0.25 + l / 3
                      : (-hearth_log(1 - l) - l - l * l / 2 - l * l * l / 3) /
                            (l * l * l * l);
  }
}

void hearth__evidence_add(hearth__evidence *e, double sample, double guess) {
  const double y = (sample - guess) / e->scale;
  e->sum += sample / e->scale;
  e->square += y * y;
  e->cube += y * y * y;
  e->fourth += y * y * y * y;
  e->count++;
}

/* What is taken off l times the sum; `side` 1 for a sum over 0, -1 under it. */
static double toll(const hearth__evidence *e, int i, int side) {
  const double l = e->l[i];
  return l * l *
         (e->square / 2 - side * l * e->cube / 3 + l * l * e->k[i] * e->fourth);
}

/* Whether a sum of `s` on that side would be too much for a mean of 0. */
static int exceeds(const hearth__evidence *e, double s, int side) {
  double most = -HUGE_VAL, exponents[HEARTH__EVIDENCE_GRID], total = 0;
  for (int i = 0; i < HEARTH__EVIDENCE_GRID; i++) {
    exponents[i] = e->l[i] * s - toll(e, i, side);
    most = exponents[i] > most ? exponents[i] : most;
  }
  if (most >= e->target) {
    return 1;
  }
  if (most + hearth_log(HEARTH__EVIDENCE_GRID) < e->target) {
    return 0;
  }
  for (int i = 0; i < HEARTH__EVIDENCE_GRID; i++) {
    total += hearth_exp(exponents[i] - most);
  }
  return most + hearth_log(total) >= e->target;
}

int hearth__evidence_sign(const hearth__evidence *e) {
  return exceeds(e, e->sum, 1) ? 1 : exceeds(e, -e->sum, -1) ? -1 : 0;
}

/* The least sum that is too much: between where one point of the grid alone
   says so, and where it would if all the others said the same. */
static double boundary(const hearth__evidence *e, int side) {
  double high = HUGE_VAL, low = 0;
  for (int i = 0; i < HEARTH__EVIDENCE_GRID; i++) {
    const double alone = (e->target + toll(e, i, side)) / e->l[i];
    high = alone < high ? alone : high;
  }
  high = high > 0 ? high : 0;
  for (int i = 0; i < 48; i++) {
    const double middle = 0.5 * (low + high);
    if (exceeds(e, middle, side)) {
      high = middle;
    } else {
      low = middle;
    }
  }
  return high;
}

void hearth__evidence_interval(const hearth__evidence *e, double *mean,
                               double *low, double *high) {
  if (e->count == 0) {
    *mean = NAN;
    *low = -HUGE_VAL;
    *high = HUGE_VAL;
    return;
  }
  const double to = e->scale / (double)e->count;
  *mean = e->sum * to;
  *low = (e->sum - boundary(e, 1)) * to;
  *high = (e->sum + boundary(e, -1)) * to;
}
