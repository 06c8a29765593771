/* SPDX-License-Identifier: MIT
   "Used within h" against the plain rule "used within the last h". */
#ifndef HEARTH_ACCURACY_WITHIN_H
#define HEARTH_ACCURACY_WITHIN_H

#include "host-sdk/replay/accuracy/figures.h"
#include "host-sdk/replay/future.h"
#include "host-sdk/replay/plan.h"

typedef struct hearth_yes_no { /* of one rule at one horizon */
  uint64_t n, yes, used, right_yes, right_no;
} hearth_yes_no;

/* The samples are those of replay/horizons.h. */
typedef struct hearth_within {
  const hearth_uses *uses; /* borrowed */
  int64_t end_ms;          /* of the trace */
  double *p;               /* owned; by model and horizon */
  hearth_yes_no plugin[HEARTH_HORIZONS], plain[HEARTH_HORIZONS];
} hearth_within;

hearth_status hearth_within_init(hearth_within *within, const hearth_uses *uses,
                                 int64_t end_ms);
void hearth_within_free(hearth_within *within);

/* `plan` is what predict/1 answered at `now`.  The plugin says yes from 0.5. */
void hearth_within_sample(hearth_within *within, int64_t now,
                          const hearth_plan *plan);

/* Yes or no, against what came. */
hearth_rates hearth_yes_no_rates(const hearth_yes_no *counts);

void hearth_within_report(const hearth_within *within,
                          hearth_within_rates out[HEARTH_HORIZONS]);

#endif
