/* SPDX-License-Identifier: MIT
   The empirical hazard of a model's idle times. */
#include "plugin/reference/hazard.h"

#include "plugin/sdk/math.h"

#define PRIOR 0.3
#define PRIOR_WEIGHT 40.0
#define ALL_WEIGHT 4.0
#define MOST_GAPS 400.0 /* then all counts halve, so that old ones fade */

double hazard_edge(int bin) {
  const double sqrt2 = 1.41421356237309504880;
  const double whole =
      1000 * (double)((uint64_t)1 << (bin > 0 ? (bin - 1) / 2 : 0));
  return bin == 0 ? 0 : bin % 2 == 1 ? whole : whole * sqrt2;
}

int hazard_bin(double age_ms) {
  int bin = 0;
  while (bin + 1 < HAZARD_BINS && age_ms >= hazard_edge(bin + 1)) {
    bin++;
  }
  return bin;
}

static void count_in(hazard *h, int last) {
  for (int bin = 0; bin <= last; bin++) {
    h->reached[bin] += 1;
  }
  h->ended[last] += 1;
  if (h->reached[0] > MOST_GAPS) {
    for (int bin = 0; bin < HAZARD_BINS; bin++) {
      h->reached[bin] *= 0.5;
      h->ended[bin] *= 0.5;
    }
  }
}

void hazard_refresh(hazard_all *all) {
  for (int bin = 0; bin < HAZARD_BINS; bin++) {
    all->p[bin] = (all->counts.ended[bin] + PRIOR_WEIGHT * PRIOR) /
                  (all->counts.reached[bin] + PRIOR_WEIGHT);
  }
}

void hazard_learn(hazard *model, hazard_all *all, double idle_ms) {
  const int last = hazard_bin(idle_ms);
  count_in(model, last);
  count_in(&all->counts, last);
  hazard_refresh(all);
}

double hazard_of(const hazard *model, const hazard_all *all, int bin) {
  return (model->ended[bin] + ALL_WEIGHT * all->p[bin]) /
         (model->reached[bin] + ALL_WEIGHT);
}

/* The chance to last from `age_ms`, or the bin's begin, to `until` within it.
 */
static double lasting(const hazard *model, const hazard_all *all, int bin,
                      double age_ms, double until) {
  const double begin = hazard_edge(bin);
  const double from = begin > age_ms ? begin : age_ms;
  const double part = (until - from) / (hazard_edge(bin + 1) - begin);
  const double lasts = 1 - hazard_of(model, all, bin);
  return part < 1 ? hearth_pow(lasts, part > 0 ? part : 0) : lasts;
}

void hazard_within(const hazard *model, const hazard_all *all, double age_ms,
                   const double *ms, int count, double *p) {
  double survived = 1; /* up to the bin's begin, or age_ms */
  int bin = hazard_bin(age_ms);
  for (int i = 0; i < count; i++) {
    const double until = age_ms + ms[i];
    while (bin < HAZARD_BINS && hazard_edge(bin + 1) <= until) {
      survived *= lasting(model, all, bin, age_ms, hazard_edge(bin + 1));
      bin++;
    }
    p[i] = bin == HAZARD_BINS
               ? 1 - survived
               : 1 - survived * lasting(model, all, bin, age_ms, until);
  }
}

double hazard_stop(const hazard *model, const hazard_all *all, double load_ms,
                   double price, double longest) {
  double value = 0; /* of still having it at the bin's end */
  double stop = longest;
  for (int bin = hazard_bin(longest); bin >= 0; bin--) {
    const double p = hazard_of(model, all, bin);
    const double width = hazard_edge(bin + 1) - hazard_edge(bin);
    value = p * load_ms - price * width * (1 - p / 2) + (1 - p) * value;
    if (value <= 0) {
      value = 0;
      stop = hazard_edge(bin);
    }
  }
  return stop < longest ? stop : longest;
}

double hazard_index(const hazard *model, const hazard_all *all, double age_ms) {
  double survived = 1;
  double held = 0;
  double best = 0;
  for (int bin = hazard_bin(age_ms); bin < HAZARD_BINS; bin++) {
    const double p = hazard_of(model, all, bin);
    const double from = hazard_edge(bin) > age_ms ? hazard_edge(bin) : age_ms;
    const double left = hazard_edge(bin + 1) - from;
    held += survived * (left > 1 ? left : 1) * (1 - p / 2);
    survived *= 1 - p;
    if (1 - survived > best * held) {
      best = (1 - survived) / held;
    }
  }
  return best;
}
