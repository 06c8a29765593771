/* SPDX-License-Identifier: MIT
   A challenger against the champion, unit by unit. */
#ifndef HEARTH_EXPERIMENT_JUDGE_H
#define HEARTH_EXPERIMENT_JUDGE_H

#include "hearth/experiment.h"
#include "host-sdk/experiment/evidence.h"

/* Both designs, side by side.

   Paired: a sample is the unit's capped cost under the champion less that under
   the challenger, so within +-cap; the guess is the mean of the samples before,
   held within a tenth of the cap.  What is estimated is the running mean of
   the conditional means: the saving on the traffic as it came.

   Split: a unit counts under its own arm z alone.  With the challenger's share
   p of the two, a sample is (y - m) / (1 - p) for a unit of the champion and
   -(y - m) / p for one of the challenger, where y is its capped cost and m the
   mean of those before.  Its mean over the draw of z is the unit's true saving,
   whatever the costs are: the hash is all that is random (Howard et al. 2021,
   on the Neyman-Rubin model).  Within +-cap / min(p, 1 - p) of its guess 0. */
typedef struct hearth__judge {
  double cap, share; /* p; 0 or 1: there is no split */
  hearth__evidence paired, split;
  double champion_sum, challenger_sum; /* capped, of the paired units */
  double split_sum;
} hearth__judge;

void hearth__judge_init(hearth__judge *judge, double cap, double share,
                        double alpha);
/* A unit's costs under both, capped here. */
void hearth__judge_pair(hearth__judge *judge, double champion,
                        double challenger);
/* A unit's cost under its arm: the challenger's or the champion's. */
void hearth__judge_one(hearth__judge *judge, int is_challenger, double cost);

void hearth__judge_estimate(const hearth__evidence *evidence,
                            hearth_experiment_estimate *out);

#endif
