/* SPDX-License-Identifier: MIT
   "Used within h": what was said against what came. */
#ifndef HEARTH_REPLAY_HORIZONS_H
#define HEARTH_REPLAY_HORIZONS_H

#include "host-sdk/replay/future.h"
#include "host-sdk/replay/plan.h"
#include "host-sdk/replay/result.h"

/* Scores of p_within over samples of every model requested so far, one each
   minute of the trace (each fifth on traces over 60 days). */
typedef struct hearth_horizons {
  const hearth_uses *uses; /* borrowed */
  int64_t end_ms;          /* of the trace */
  int64_t every_ms, next_ms;
  double *p;               /* owned; by model and horizon, -1: not given */
  struct {
    uint64_t n, positive, said, right; /* `said`: p of 0.5 or more */
    double log_loss, brier;
    struct { uint64_t n, positive; double p; } bin[15];
  } score[HEARTH_HORIZONS];
} hearth_horizons;

hearth_status hearth_horizons_init(hearth_horizons *horizons,
                                   const hearth_trace *trace,
                                   const hearth_uses *uses);
void hearth_horizons_free(hearth_horizons *horizons);

/* When the next sample is due; HEARTH_NEVER: no more. */
int64_t hearth_horizons_due(const hearth_horizons *horizons);

/* Take the sample that is due: `plan` is predict/1's answer.  A model that was
   requested and is not in it counts as p = 0. */
void hearth_horizons_sample(hearth_horizons *horizons, const hearth_plan *plan);

void hearth_horizons_report(const hearth_horizons *horizons,
                            hearth_result *result);

#endif
