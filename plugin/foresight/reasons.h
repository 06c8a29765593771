/* SPDX-License-Identifier: MIT
   The signals that weighed in a decision, and how much. */
#ifndef FORESIGHT_REASONS_H
#define FORESIGHT_REASONS_H

#include "plugin/foresight/inside.h"

/* Weights are nats where nothing else is said: a weight of 1 makes what it
   speaks for e times as likely, or as worthwhile, against the mean of the
   models that were used.  Two kinds of line have them:

   A guess (which model comes next) has the groups of the head `next`, against
   the other candidates: popularity, user_habit, sequence, task, input_length,
   time_of_day, session_gap, project.

   Any other line is about holding.  What decided comes first:
     worth_per_mb    budget: load saved a second and MB held
     rule:lru, rule:lfu, rule:gdsf   budget, where a simple rule is followed:
                     its standing, from -1 (lowest) to 1
     hold_value      price: what holding it saves, in cold starts (-1 to 1)
     rule:breakeven  price, where that is followed: the share left of the time
                     for which holding costs no more than a load (-1 to 1)
   Then what that is made of, weightiest first:
     load_per_mb     the load saved by each MB
     waits_per_load  how many wait when it is loaded on demand (what else
                     worth_per_mb is made of is the chance of a use)
     prewarm_trust   how far its prewarms were used as foretold
     chance_against_price   price: the load that holding on may save now, over
                     what it costs
     and the groups of the head `within`, of the chance of a use within 1 h:
     own_gap_hazard, gaps_like_last, request_clock, similar_models,
     recent_rate, users_on_it, days_at_this_hour, like_situations,
     leading_models, traffic, time_since_use, calibration; or never_used. */

enum { FORESIGHT_SIGNALS = 32 };

/* What the lines of one answer share. */
typedef struct foresight_scale {
  const foresight_within_now *at;
  const foresight_budget *budget; /* NULL: not in that regime; both may be */
  const foresight_price *price;
  uint32_t used; /* models that were ever used, and means over them: */
  double within[FORESIGHT_WITHIN_SIGNALS], logit;
  double density, worth, waits;   /* natural logarithms */
  double rank, rank_span;         /* of the rule that is followed */
} foresight_scale;

void foresight__scale(const hearth_plugin *f, const hearth_context *context,
                      const foresight_within_now *at, foresight_scale *scale);

/* A line's signals; the first `decisive` stay where they are. */
typedef struct foresight_weights {
  hearth_reason of[FORESIGHT_SIGNALS];
  uint32_t count, decisive;
} foresight_weights;

/* Add what speaks for holding a model; for its being the next. */
void foresight__weigh_holding(const hearth_plugin *f,
                              const foresight_scale *scale, uint32_t model,
                              foresight_weights *weights);
void foresight__weigh_next(const hearth_plugin *f,
                           const foresight_next_request *request,
                           uint32_t model, foresight_weights *weights);

/* Line i gets the weightiest. */
void foresight__give(foresight_desk *desk, uint32_t i,
                     const foresight_weights *weights);

#endif
