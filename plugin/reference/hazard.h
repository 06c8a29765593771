/* SPDX-License-Identifier: MIT
   The empirical hazard of a model's idle times: how likely its next request is
   as it has been idle for longer and longer. */
#ifndef HEARTH_REFERENCE_HAZARD_H
#define HEARTH_REFERENCE_HAZARD_H

#include <stdint.h>

/* Bins of age: from 0 to 1 s, then each wider by the square root of 2, up to
   34 days.  In each, how many idle times reached it and how many ended in it:
   the life-table estimate (Kaplan, Meier, "Nonparametric estimation from
   incomplete observations", JASA 1958). */
enum { HAZARD_BINS = 44 };

typedef struct hazard {
  double ended[HAZARD_BINS], reached[HAZARD_BINS];
} hazard;

/* That of all models together, with the probability of each bin at hand. */
typedef struct hazard_all {
  hazard counts;
  double p[HAZARD_BINS];
} hazard_all;

/* The age in ms at which a bin begins; HAZARD_BINS: the end of the last. */
double hazard_edge(int bin);
int hazard_bin(double age_ms);

/* An idle time came to its end. */
void hazard_learn(hazard *model, hazard_all *all, double idle_ms);

/* Fill p from the counts: at the beginning, and after they were restored. */
void hazard_refresh(hazard_all *all);

/* The probability that an idle time that reached `bin` ends in it: the model's
   own, drawn towards all models', drawn towards 0.3 (a hazard of 1 / age). */
double hazard_of(const hazard *model, const hazard_all *all, int bin);

/* The probability that an idle time of `age_ms` ends within ms[i] more, for
   each of `count` times, which grow. */
void hazard_within(const hazard *model, const hazard_all *all, double age_ms,
                   const double *ms, int count, double *p);

/* How long to keep a model that has just fallen idle: optimal stopping, where
   a load costs `load_ms` and holding costs `price` a ms.  At most `longest`. */
double hazard_stop(const hazard *model, const hazard_all *all, double load_ms,
                   double price, double longest);

/* The greatest chance of use for the time of holding, over all times to stop,
   for a model idle for `age_ms` (Gittins' index). */
double hazard_index(const hazard *model, const hazard_all *all, double age_ms);

#endif
