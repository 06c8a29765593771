/* SPDX-License-Identifier: MIT
   How good the predictions were: hits, tasks, availability. */
#ifndef HEARTH_REPLAY_SCORES_H
#define HEARTH_REPLAY_SCORES_H

#include "host-sdk/replay/future.h"
#include "host-sdk/replay/input/trace.h"
#include "host-sdk/replay/plan.h"
#include "host-sdk/replay/result.h"

/* docs/evaluation.md defines every figure. */
typedef struct hearth_scores hearth_scores;

/* The threshold of the production profile, over which a plan promises. */
#define HEARTH_PROMISE 0.8

/* Owned by caller; NULL: no memory.  `threshold`: what p_next a model of a plan
   must have to count as predicted for its task. */
hearth_scores *hearth_scores_new(const hearth_trace *trace, uint32_t models,
                                 double threshold);
void hearth_scores_free(hearth_scores *scores);

/* Count for --accuracy too, from now on: predict/1's answers, and each request
   beside the plain guesses.  `uses` is borrowed. */
hearth_status hearth_scores_measure(hearth_scores *scores,
                                    const hearth_uses *uses);
/* predict/1 answered `plan` at `now`; nothing without hearth_scores_measure. */
void hearth_scores_sample(hearth_scores *scores, int64_t now,
                          const hearth_plan *plan);

/* Request `i` came, and `plan` was made before its model was known. */
void hearth_scores_request(hearth_scores *scores, uint32_t i,
                           const hearth_plan *plan, hearth_found found);

/* A plan was adopted, whose promises hold until the next. */
void hearth_scores_plan(hearth_scores *scores, const hearth_plan *plan);

hearth_status hearth_scores_report(hearth_scores *scores,
                                   hearth_result *result);

#endif
