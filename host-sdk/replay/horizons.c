/* SPDX-License-Identifier: MIT
   "Used within h": what was said against what came. */
#include "host-sdk/replay/horizons.h"

#include <math.h>
#include <stdlib.h>

#include "plugin/sdk/math.h"

enum { BINS = 15 };
#define MINUTE_MS INT64_C(60000)
#define LONG_TRACE_MS (INT64_C(60) * 24 * 60 * MINUTE_MS)
#define LEAST_P 1e-4 /* log loss clips here */

hearth_status hearth_horizons_init(hearth_horizons *horizons,
                                   const hearth_trace *trace,
                                   const hearth_uses *uses) {
  *horizons = (hearth_horizons){.uses = uses, .next_ms = HEARTH_NEVER};
  if (trace->count == 0) {
    return HEARTH_OK;
  }
  horizons->p = calloc((size_t)uses->models->count * HEARTH_HORIZONS + 1,
                       sizeof *horizons->p);
  if (horizons->p == NULL) {
    return HEARTH_NO_MEMORY;
  }
  const int64_t start = trace->ts_ms[0];
  horizons->end_ms = trace->ts_ms[trace->count - 1];
  horizons->every_ms =
      horizons->end_ms - start > LONG_TRACE_MS ? 5 * MINUTE_MS : MINUTE_MS;
  horizons->next_ms = start + horizons->every_ms;
  return HEARTH_OK;
}

void hearth_horizons_free(hearth_horizons *horizons) {
  free(horizons->p);
  horizons->p = NULL;
}

int64_t hearth_horizons_due(const hearth_horizons *horizons) {
  const int64_t last = horizons->end_ms - hearth_horizon_s[0] * 1000;
  return horizons->next_ms <= last ? horizons->next_ms : HEARTH_NEVER;
}

static void score(hearth_horizons *horizons, int h, double p, int used) {
  const double clipped = hearth_clip(p, LEAST_P, 1 - LEAST_P);
  horizons->score[h].n++;
  horizons->score[h].positive += (uint64_t)used;
  horizons->score[h].said += p >= 0.5;
  horizons->score[h].right += p >= 0.5 && used;
  horizons->score[h].log_loss -= hearth_log(used ? clipped : 1 - clipped);
  horizons->score[h].brier += (p - used) * (p - used);
  int bin = (int)(p * BINS);
  bin = bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin;
  horizons->score[h].bin[bin].n++;
  horizons->score[h].bin[bin].positive += (uint64_t)used;
  horizons->score[h].bin[bin].p += p;
}

void hearth_horizons_sample(hearth_horizons *horizons,
                            const hearth_plan *plan) {
  const hearth_uses *uses = horizons->uses;
  const uint32_t models = uses->models->count;
  const int64_t now = horizons->next_ms;
  horizons->next_ms += horizons->every_ms;
  for (uint32_t k = 0; k < models * HEARTH_HORIZONS; k++) {
    horizons->p[k] = 0;
  }
  for (uint32_t k = 0; k < plan->count; k++) {
    double *p = &horizons->p[plan->lines[k].entry.model * HEARTH_HORIZONS];
    for (int h = 0; h < HEARTH_HORIZONS; h++) {
      p[h] = hearth_clip(plan->lines[k].p_within[h], 0, 1);
    }
  }
  for (uint32_t m = 0; m < models; m++) {
    const uint32_t first = uses->start[m];
    if (first == uses->start[m + 1] || uses->at_ms[first] > now) {
      continue; /* not requested so far */
    }
    const int64_t next = hearth_uses_next(uses, m, now);
    for (int h = 0; h < HEARTH_HORIZONS; h++) {
      const int64_t until = now + hearth_horizon_s[h] * INT64_C(1000);
      if (until <= horizons->end_ms) {
        score(horizons, h, horizons->p[m * HEARTH_HORIZONS + (uint32_t)h],
              next <= until);
      }
    }
  }
}

static double ratio(double part, double whole) {
  return whole > 0 ? part / whole : NAN;
}

static hearth_horizon_score report_one(const hearth_horizons *horizons,
                                       int h) {
  const double n = (double)horizons->score[h].n;
  const double right = (double)horizons->score[h].right;
  const double said = (double)horizons->score[h].said;
  const double positive = (double)horizons->score[h].positive;
  double error = 0;
  for (int b = 0; b < BINS; b++) {
    const double gap = horizons->score[h].bin[b].p -
                       (double)horizons->score[h].bin[b].positive;
    error += gap < 0 ? -gap : gap;
  }
  return (hearth_horizon_score){
      .samples = horizons->score[h].n,
      .log_loss = ratio(horizons->score[h].log_loss, n),
      .brier = ratio(horizons->score[h].brier, n),
      .calibration_error = ratio(error, n),
      .precision = ratio(right, said),
      .recall = ratio(right, positive),
      .f1 = ratio(2 * right, said + positive)};
}

void hearth_horizons_report(const hearth_horizons *horizons,
                            hearth_result *result) {
  for (int h = 0; h < HEARTH_HORIZONS; h++) {
    result->horizon[h] = report_one(horizons, h);
  }
}
