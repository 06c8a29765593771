/* SPDX-License-Identifier: MIT
   A comparison as tables on a terminal. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "host-sdk/replay/present.h"

enum { CELL = 32 };

/* A number, or "-" where it does not apply. */
static const char *number(double value, int decimals, char out[CELL]) {
  if (isnan(value)) {
    return "-";
  }
  snprintf(out, CELL, "%.*f", decimals, value);
  return out;
}

/* The best fixed time-out in hindsight stands for all thirteen. */
static int is_shown(const hearth_comparison *comparison, uint32_t s,
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
  const double mine = hearth_judged(
      setting, &hearth_comparison_cell(comparison, s, p)->result);
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

static void row(const hearth_comparison *comparison, uint32_t s, uint32_t p,
                FILE *out) {
  const hearth_cell *cell = hearth_comparison_cell(comparison, s, p);
  const hearth_result *r = &cell->result;
  char a[CELL], b[CELL], c[CELL], d[CELL], e[CELL], f[CELL];
  const double judged = hearth_judged(&comparison->settings[s], r);
  fprintf(out, "  %-21s %11s %6s %6" PRIu64 " %7" PRIu64 " %6s %6s %7" PRIu64
               " %7" PRIu64,
          comparison->policies->items[p].name, number(judged, 0, a),
          number(cell->gap_closed, 3, b), r->cold, r->delayed,
          number(r->wait.p95_s, 1, c), number(r->wait.p99_s, 1, d),
          r->loads.demand, r->loads.prewarm);
  fprintf(out, " %6s %6s\n",
          number(r->loads.prewarm == 0 ? NAN
                                       : 100.0 * (double)r->loads.prewarm_used /
                                             (double)r->loads.prewarm,
                 0, e),
          number(r->hit.at3, 3, f));
}

static void heading(const hearth_comparison *comparison, uint32_t s,
                    FILE *out) {
  const hearth_setting *setting = &comparison->settings[s];
  if (setting->idle_price > 0) {
    fprintf(out, "\nPrice: %g GB*s of idle memory cost as much as one second "
                 "of waiting\n",
            setting->idle_price);
  } else if (setting->share > 0) {
    fprintf(out, "\nBudget: %.0f MB, %g %% of all models; %u load lanes\n",
            setting->budget_mb, setting->share * 100, setting->load_lanes);
  } else {
    fprintf(out, "\nBudget: %.0f MB; %u load lanes\n", setting->budget_mb,
            setting->load_lanes);
  }
  fprintf(out, "  %-21s %11s %6s %6s %7s %6s %6s %7s %7s %6s %6s\n", "policy",
          setting->idle_price > 0 ? "cost s" : "cold wait s", "gap", "cold",
          "delayed", "p95 s", "p99 s", "loads", "prewarm", "used %", "hit@3");
}

static void timing_rows(const hearth_comparison *comparison, FILE *out) {
  fprintf(out, "\nCost of deciding (us a call)\n  %-21s %-8s %9s %9s %9s %9s "
               "%9s\n",
          "policy", "setting", "ask p50", "ask p99", "tell p50", "tell p99",
          "replay s");
  for (uint32_t s = 0; s < comparison->setting_count; s++) {
    char label[CELL];
    hearth_setting_label(&comparison->settings[s], label, sizeof label);
    for (uint32_t p = 0; p < comparison->policies->count; p++) {
      if (!is_shown(comparison, s, p)) {
        continue;
      }
      const hearth_result *r =
          &hearth_comparison_cell(comparison, s, p)->result;
      fprintf(out, "  %-21s %-8s %9.1f %9.1f %9.1f %9.1f %9.2f\n",
              comparison->policies->items[p].name, label, r->prepare.p50_us,
              r->prepare.p99_us, r->record.p50_us, r->record.p99_us,
              r->seconds);
    }
  }
}

/* Where the load lanes are busy nearly all the time, no order of eviction can
   help; EVALUATION leaves such a setting out of means. */
static int is_saturated(const hearth_comparison *comparison, uint32_t s) {
  const hearth_trace *trace = comparison->trace;
  const hearth_setting *setting = &comparison->settings[s];
  if (setting->load_lanes == 0 || trace->count < 2) {
    return 0;
  }
  const hearth_result *best =
      &hearth_comparison_cell(comparison, s,
                              comparison->yardsticks[s].clairvoyant_policy)
           ->result;
  return best->requests > 0 && (double)best->delayed > 10.0 * (double)best->cold;
}

static void meaning(const hearth_comparison *comparison, FILE *out) {
  const hearth_policies *policies = comparison->policies;
  double ours = 0, best = 0;
  uint32_t n = 0;
  if (policies->count == 0 ||
      (policies->items[0].roles &
       (HEARTH_POLICY_SIMPLE | HEARTH_POLICY_CLAIRVOYANT))) {
    return;
  }
  for (uint32_t s = 0; s < comparison->setting_count; s++) {
    if (comparison->settings[s].idle_price <= 0 &&
        !is_saturated(comparison, s)) {
      ours +=
          hearth_comparison_cell(comparison, s, 0)->result.cold_wait_s;
      best += comparison->yardsticks[s].best;
      n++;
    }
  }
  if (n == 0 || best <= 0) {
    return;
  }
  fprintf(out,
          "\nWith the same memory, requests under %s waited %.0f s for models "
          "to load, against\n%.0f s under the best simple rule of each budget: "
          "%.1f %% %s.  'gap' is the share of the\nway from that rule to a "
          "clairvoyant that loads on demand: 0 is no gain, 1 is as good as\n"
          "knowing the future, and more is possible, since a prewarm can do "
          "what it can't.\n",
          policies->items[0].name, ours, best,
          100.0 * fabs(best - ours) / best, ours <= best ? "less" : "more");
}

void hearth_present_table(const hearth_comparison *comparison, int timing,
                          FILE *out) {
  fprintf(out, "%s: %" PRIu32 " requests, %" PRIu32 " models\n",
          comparison->trace_name, comparison->trace->count,
          comparison->models->count);
  for (uint32_t s = 0; s < comparison->setting_count; s++) {
    heading(comparison, s, out);
    for (uint32_t p = 0; p < comparison->policies->count; p++) {
      if (is_shown(comparison, s, p)) {
        row(comparison, s, p, out);
      }
    }
  }
  if (timing) {
    timing_rows(comparison, out);
  }
  meaning(comparison, out);
}
