/* SPDX-License-Identifier: MIT
   A comparison as tables on a terminal. */
#include <inttypes.h>
#include <math.h>

#include "host-sdk/replay/meaning.h"
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
               "%9s %9s\n",
          "policy", "setting", "ask p50", "ask p99", "tell p50", "tell p99",
          "a request", "replay s");
  for (uint32_t s = 0; s < comparison->setting_count; s++) {
    char label[CELL];
    hearth_setting_label(&comparison->settings[s], label, sizeof label);
    for (uint32_t p = 0; p < comparison->policies->count; p++) {
      if (!hearth_is_shown(comparison, s, p)) {
        continue;
      }
      const hearth_result *r =
          &hearth_comparison_cell(comparison, s, p)->result;
      fprintf(out, "  %-21s %-8s %9.1f %9.1f %9.1f %9.1f %9.1f %9.2f\n",
              comparison->policies->items[p].name, label, r->prepare.p50_us,
              r->prepare.p99_us, r->record.p50_us, r->record.p99_us,
              hearth_us_per_request(r), r->seconds);
    }
  }
}

void hearth_present_table(const hearth_comparison *comparison, int timing,
                          FILE *out) {
  fprintf(out, "%s: %" PRIu32 " requests, %" PRIu32 " models\n",
          comparison->trace_name, comparison->trace->count,
          comparison->models->count);
  for (uint32_t s = 0; s < comparison->setting_count; s++) {
    heading(comparison, s, out);
    for (uint32_t p = 0; p < comparison->policies->count; p++) {
      if (hearth_is_shown(comparison, s, p)) {
        row(comparison, s, p, out);
      }
    }
  }
  if (timing) {
    timing_rows(comparison, out);
  }
  char text[1024];
  hearth_meaning(comparison, text, sizeof text);
  if (text[0] != '\0') {
    fprintf(out, "\n%s\n", text);
  }
}
