/* SPDX-License-Identifier: MIT
   A keep-alive from an exponential fitted to recent gaps (Yu et al.,
   "RainbowCake: mitigating cold-starts in serverless with layer-wise container
   caching and sharing", ASPLOS 2024, section 5): the 0.8 quantile of the last 6
   gaps between requests, at least 60 s, at most break-even. */
#include "plugin/reference/base.h"
#include "plugin/sdk/math.h"

enum { GAPS = 6 };
#define QUANTILE 0.8
#define FLOOR_MS 60000.0

struct own {
  double gap_ms[GAPS]; /* a ring */
  uint64_t count;
};

static hearth_status used(reference *ref, uint32_t model,
                          const hearth_outcome *outcome) {
  struct own *own = reference_own(ref, model);
  const int64_t last = reference_at(ref, model)->last_used;
  if (last != REFERENCE_NEVER) {
    own->gap_ms[own->count++ % GAPS] = (double)(outcome->at_ms - last);
  }
  return HEARTH_OK;
}

static int64_t keep_for(reference *ref, uint32_t model, int64_t now) {
  const struct own *own = reference_own(ref, model);
  const int64_t most = reference_break_even(ref, model);
  const uint64_t gaps = own->count < GAPS ? own->count : GAPS;
  double sum = 0;
  (void)now;
  for (uint64_t i = 0; i < gaps; i++) {
    sum += own->gap_ms[i];
  }
  if (gaps == 0 || most < 0) {
    return most;
  }
  double ms = -hearth_log(1 - QUANTILE) * sum / (double)gaps;
  ms = ms > FLOOR_MS ? ms : FLOOR_MS;
  return ms < (double)most ? (int64_t)ms : most;
}

static const reference_policy policy = {
    .model_words = sizeof(struct own) / 8,
    .used = used,
    .keep_for = keep_for,
};

REFERENCE_PLUGIN(policy, "org.hearth.exponential", "exponential",
                 "RainbowCake: keeps for the 0.8 quantile of an exponential "
                 "fitted to the last 6 gaps.",
                 REFERENCE_STATE);
