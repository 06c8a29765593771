/* SPDX-License-Identifier: MIT
   What a comparison shows, and what it means in two sentences. */
#include "host-sdk/replay/meaning.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

int hearth_is_shown(const hearth_comparison *comparison, uint32_t s,
                    uint32_t p) {
  const hearth_policy *policy = &comparison->policies->items[p];
  if (!hearth_comparison_cell(comparison, s, p)->applies ||
      (policy->roles & HEARTH_POLICY_HIDDEN)) {
    return 0;
  }
  if (strncmp(policy->name, "ttl-", 4) != 0 ||
      !(policy->roles & HEARTH_POLICY_SIMPLE)) {
    return 1;
  }
  const hearth_setting *setting = &comparison->settings[s];
  const double mine =
      hearth_judged(setting, &hearth_comparison_cell(comparison, s, p)->result);
  for (uint32_t k = 0; k < comparison->policies->count; k++) {
    const hearth_cell *cell = hearth_comparison_cell(comparison, s, k);
    if (cell->applies &&
        strncmp(comparison->policies->items[k].name, "ttl-", 4) == 0 &&
        hearth_judged(setting, &cell->result) < mine) {
      return strcmp(policy->name, "ttl-300") == 0; /* the usual default */
    }
  }
  return 1;
}

int hearth_is_saturated(const hearth_comparison *comparison, uint32_t s) {
  const hearth_trace *trace = comparison->trace;
  const hearth_setting *setting = &comparison->settings[s];
  if (setting->load_lanes == 0 || trace->count < 2) {
    return 0;
  }
  const hearth_result *best =
      &hearth_comparison_cell(comparison, s,
                              comparison->yardsticks[s].clairvoyant_policy)
           ->result;
  return best->requests > 0 &&
         (double)best->delayed > 10.0 * (double)best->cold;
}

/* Sums over the settings of a regime that count; how many those are. */
static uint32_t add_up(const hearth_comparison *comparison, int price,
                       double *ours, double *best) {
  uint32_t n = 0;
  *ours = *best = 0;
  for (uint32_t s = 0; s < comparison->setting_count; s++) {
    const hearth_setting *setting = &comparison->settings[s];
    const hearth_cell *cell = hearth_comparison_cell(comparison, s, 0);
    if ((setting->idle_price > 0) == price && cell->applies &&
        !isnan(comparison->yardsticks[s].best) &&
        !hearth_is_saturated(comparison, s)) {
      *ours += hearth_judged(setting, &cell->result);
      *best += comparison->yardsticks[s].best;
      n++;
    }
  }
  return n;
}

static const char gap[] =
    "'gap' is the share of the\nway from that rule to a clairvoyant that loads "
    "on demand: 0 is no gain, 1 is as good as\nknowing the future, and more is "
    "possible, since a prewarm can do what it can't.";

void hearth_meaning(const hearth_comparison *comparison, char *out,
                    uint64_t cap) {
  const hearth_policies *policies = comparison->policies;
  double ours, best;
  snprintf(out, cap, "%s", "");
  if (policies->count == 0 ||
      (policies->items[0].roles &
       (HEARTH_POLICY_SIMPLE | HEARTH_POLICY_CLAIRVOYANT))) {
    return;
  }
  if (add_up(comparison, 0, &ours, &best) > 0) {
    if (best > 0) {
      snprintf(out, cap,
               "With the same memory, requests under %s waited %.0f s for "
               "models to load, against\n%.0f s under the best simple rule of "
               "each budget: %.1f %% %s.  %s",
               policies->items[0].name, ours, best,
               100.0 * fabs(best - ours) / best, ours <= best ? "less" : "more",
               gap);
    }
  } else if (add_up(comparison, 1, &ours, &best) > 0 && best > 0) {
    snprintf(out, cap,
             "Waiting and idle memory under %s cost %.0f s in all, against\n"
             "%.0f s under the best simple rule of each price: %.1f %% %s.  %s",
             policies->items[0].name, ours, best,
             100.0 * fabs(best - ours) / best, ours <= best ? "less" : "more",
             gap);
  }
}
