/* SPDX-License-Identifier: MIT
   The sequential test: an empirical-Bernstein confidence sequence. */
#ifndef HEARTH_EXPERIMENT_EVIDENCE_H
#define HEARTH_EXPERIMENT_EVIDENCE_H

#include <stdint.h>

/* After Howard, Ramdas, McAuliffe, Sekhon, "Time-uniform, nonparametric,
   nonasymptotic confidence sequences", Annals of Statistics 49(2), 2021,
   Theorem 4.  For samples x_i whose guesses g_i are made before they are seen,
   with y_i = (x_i - g_i) / c, |y_i| <= 1, and m_n the mean of the samples'
   conditional means: for each l in (0, 1)

     exp(sum l (x_i - m_i) / c - l^2 y_i^2 / 2 + l^3 y_i^3 / 3 - k l^4 y_i^4)

   is a supermartingale, k = (-log(1-l) - l - l^2/2 - l^3/3) / l^4, since for
   y >= -1 log(1 + l y) is no less than what stands there for y (its remainder
   over y^4 grows with y, so its least is at -1).  The theorem's own bound, by
   Fan, Grama, Liu 2015, ends a power earlier and is looser for large l.  So is
   a mixture over l: by Ville's inequality it exceeds 2 / alpha with probability
   alpha / 2 at most, ever.  Nothing else is assumed: no law, no independence,
   no moments but the bound.  The mixture is over a fixed grid, evenly weighted
   in log l, so that no size of effect has to be guessed. */
enum { HEARTH__EVIDENCE_GRID = 14 };

typedef struct hearth__evidence {
  double scale, target; /* c; log(2 / alpha) + log of the grid's size */
  double l[HEARTH__EVIDENCE_GRID], k[HEARTH__EVIDENCE_GRID];
  double sum;                  /* of x_i / c */
  double square, cube, fourth; /* of y_i */
  uint64_t count;
} hearth__evidence;

/* `scale` > 0: |sample - guess| never exceeds it. */
void hearth__evidence_init(hearth__evidence *evidence, double scale,
                           double alpha);
void hearth__evidence_add(hearth__evidence *evidence, double sample,
                          double guess);
/* 1: the mean is over 0, -1: under it, 0: not known. */
int hearth__evidence_sign(const hearth__evidence *evidence);
/* The mean, and all that it may be.  Infinite while there are no samples. */
void hearth__evidence_interval(const hearth__evidence *evidence, double *mean,
                               double *low, double *high);

#endif
