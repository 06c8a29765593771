/* SPDX-License-Identifier: MIT
   "Used within h" against the plain rule "used within the last h". */
#include "host-sdk/replay/accuracy/within.h"

#include <math.h>
#include <stdlib.h>

hearth_status hearth_within_init(hearth_within *within, const hearth_uses *uses,
                                 int64_t end_ms) {
  *within = (hearth_within){.uses = uses, .end_ms = end_ms};
  within->p = calloc((size_t)uses->models->count * HEARTH_HORIZONS + 1,
                     sizeof *within->p);
  return within->p == NULL ? HEARTH_NO_MEMORY : HEARTH_OK;
}

void hearth_within_free(hearth_within *within) {
  free(within->p);
  within->p = NULL;
}

/* How many of the model's uses came at `now` or before; from its first. */
static uint32_t uses_until(const hearth_uses *uses, uint32_t model,
                           int64_t now) {
  uint32_t low = uses->start[model], high = uses->start[model + 1];
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (uses->at_ms[middle] <= now) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - uses->start[model];
}

static void count(hearth_yes_no *counts, int yes, int used) {
  counts->n++;
  counts->yes += (uint64_t)yes;
  counts->used += (uint64_t)used;
  counts->right_yes += yes && used;
  counts->right_no += !yes && !used;
}

static void sample_model(hearth_within *within, int64_t now, uint32_t model) {
  const hearth_uses *uses = within->uses;
  const uint32_t before = uses_until(uses, model, now);
  if (before == 0) {
    return; /* not requested so far */
  }
  const uint32_t at = uses->start[model] + before;
  const int64_t last = uses->at_ms[at - 1];
  for (int h = 0; h < HEARTH_HORIZONS; h++) {
    const int64_t span = hearth_horizon_s[h] * INT64_C(1000);
    if (now + span > within->end_ms) {
      return;
    }
    const int used =
        at < uses->start[model + 1] && uses->at_ms[at] <= now + span;
    const double p = within->p[model * HEARTH_HORIZONS + (uint32_t)h];
    count(&within->plugin[h], p >= 0.5, used);
    count(&within->plain[h], last > now - span, used);
  }
}

void hearth_within_sample(hearth_within *within, int64_t now,
                          const hearth_plan *plan) {
  const uint32_t models = within->uses->models->count;
  for (uint32_t k = 0; k < models * HEARTH_HORIZONS; k++) {
    within->p[k] = 0;
  }
  for (uint32_t k = 0; k < plan->count; k++) {
    const hearth_plan_line *line = &plan->lines[k];
    for (int h = 0; h < HEARTH_HORIZONS; h++) {
      within->p[line->entry.model * HEARTH_HORIZONS + (uint32_t)h] =
          line->p_within[h];
    }
  }
  for (uint32_t m = 0; m < models; m++) {
    sample_model(within, now, m);
  }
}

static double ratio(uint64_t part, uint64_t whole) {
  return whole == 0 ? NAN : (double)part / (double)whole;
}

hearth_rates hearth_yes_no_rates(const hearth_yes_no *counts) {
  return (hearth_rates){
      .accuracy = ratio(counts->right_yes + counts->right_no, counts->n),
      .precision = ratio(counts->right_yes, counts->yes),
      .recall = ratio(counts->right_yes, counts->used),
      .f1 = ratio(2 * counts->right_yes, counts->yes + counts->used)};
}

void hearth_within_report(const hearth_within *within,
                          hearth_within_rates out[HEARTH_HORIZONS]) {
  for (int h = 0; h < HEARTH_HORIZONS; h++) {
    out[h] = (hearth_within_rates){
        .samples = within->plugin[h].n,
        .plugin = hearth_yes_no_rates(&within->plugin[h]),
        .plain = hearth_yes_no_rates(&within->plain[h])};
  }
}
