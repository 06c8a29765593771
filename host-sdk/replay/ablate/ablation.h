/* SPDX-License-Identifier: MIT
   Each signal of a plugin off in turn. */
#ifndef HEARTH_ABLATE_ABLATION_H
#define HEARTH_ABLATE_ABLATION_H

#include <jansson.h>
#include <stdio.h>

#include "host-sdk/replay/compare.h"

/* After the first policy, the whole: the same without each of its signals, by
   the configuration's key `ablate`.  What fails is as hearth_signals_ask has
   it. */
hearth_status hearth_ablate(hearth_policies *policies, char *err,
                            uint64_t err_cap);

/* A policy without a signal, less the whole, in one setting; NAN where either
   has no figure. */
typedef struct hearth_change {
  double judged_s, gap_closed;
  hearth_hits hit;
  double log_loss[HEARTH_HORIZONS];
} hearth_change;

hearth_change hearth_ablation_change(const hearth_comparison *comparison,
                                     uint32_t setting, uint32_t policy);

/* A table for each setting: the whole, then each signal's changes. */
void hearth_ablation_table(const hearth_comparison *comparison, FILE *out);

/* The change as JSON; owned by caller; NULL: no memory. */
json_t *hearth_ablation_json(const hearth_change *change);

#endif
