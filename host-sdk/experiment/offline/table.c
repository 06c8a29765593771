/* SPDX-License-Identifier: MIT
   An experiment's result for people at a terminal. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "host-sdk/experiment/offline/offline.h"

void hearth__offline_setting(const hearth__offline *run, char *out,
                             uint64_t cap) {
  const hearth__experiment_file *f = run->file;
  if (f->idle_price > 0) {
    snprintf(out, cap, "Price: %g GB\xc2\xb7s idle for 1 s of waiting",
             f->idle_price);
  } else if (f->budget_share > 0) {
    snprintf(out, cap, "Budget: %g %% of all models, %.0f MB",
             100 * f->budget_share, run->budget_mb);
  } else {
    snprintf(out, cap, "Budget: %.0f MB", run->budget_mb);
  }
}

static void percent(double share, FILE *out) {
  if (isnan(share)) {
    fprintf(out, "%9s", "-");
  } else {
    fprintf(out, "%8.1f%%", 100 * share);
  }
}

static void arm_row(const hearth__offline *run, uint32_t a, FILE *out) {
  const hearth_experiment_figures *f = &run->report.arms[a];
  const char *role = f->stopped                  ? "stopped"
                     : a == run->report.champion ? "champion"
                     : f->shadow                 ? "shadow"
                                                 : "challenger";
  fprintf(out, "  %-20.20s %-10s %5.0f%% %9.0f %7" PRIu64 " %7" PRIu64, f->name,
          role, 100 * f->share, f->wait_s, f->cold, f->delayed);
  percent(f->hit1, out);
  fprintf(out, " %10.1f", f->idle_gb_s / 3600);
  percent(f->loads_ahead == 0
              ? NAN
              : 1 - (double)f->ahead_used / (double)f->loads_ahead,
          out);
  fprintf(out, " %8.1f %8.1f %7" PRIu64 "\n", f->p50_us, f->p99_us, f->errors);
}

static void estimate(const char *design, const hearth_experiment_estimate *e,
                     double champion_s, int decides, FILE *out) {
  static const char *const verdicts[] = {"worse", "not known", "better"};
  fprintf(out, "    %-6s %7" PRIu64 " units  ", design, e->units);
  if (e->units == 0) {
    fputs("  -\n", out);
    return;
  }
  fprintf(out, "saves %+9.3f s a unit (%+.3f to %+.3f), %+.1f %%: %s%s\n",
          e->saved_s, e->low_s, e->high_s,
          champion_s > 0 ? 100 * e->saved_s / champion_s : 0.0,
          verdicts[e->verdict + 1], decides ? "  <- decides" : "");
}

static void comparisons(const hearth__offline *run, FILE *out) {
  const hearth_experiment_report *r = &run->report;
  for (uint32_t a = 0; a < r->arm_count; a++) {
    const hearth_experiment_comparison *c = &r->comparisons[a];
    if (a == r->champion) {
      continue;
    }
    fprintf(out, "  %s against %s%s\n", r->arms[a].name,
            r->arms[r->champion].name,
            r->arms[a].stopped ? ", until it was stopped" : "");
    estimate("paired", &c->paired, c->champion_s,
             run->file->design == HEARTH_DESIGN_PAIRED, out);
    estimate("split", &c->split, c->champion_s,
             run->file->design == HEARTH_DESIGN_SPLIT, out);
  }
}

static void events(const hearth__offline *run, FILE *out) {
  hearth_experiment_event event;
  for (uint32_t i = 0;
       hearth_experiment_get_event(run->experiment, i, &event) == HEARTH_OK;
       i++) {
    fprintf(out,
            "%s  after %" PRIu64 " units (%" PRIu64 " requests, %.1f h): %s\n",
            i == 0 ? "\nWhat happened\n" : "", event.units, event.requests,
            (double)(event.at_ms - run->trace.ts_ms[0]) / 3.6e6, event.text);
  }
}

void hearth__offline_table(const hearth__offline *run, FILE *out) {
  static const char *const units[] = {"users", "sessions", "requests"};
  const hearth_experiment_report *r = &run->report;
  char setting[128];
  hearth__offline_setting(run, setting, sizeof setting);
  fprintf(out, "%s: %" PRIu64 " requests, %" PRIu32 " models\n%s\n\n",
          run->file->name, r->requests, run->models.count, setting);
  fprintf(out, "  %-20s %-10s %6s %9s %7s %7s %9s %10s %9s %8s %8s %7s\n",
          "arm", "role", "share", "wait s", "cold", "delayed", "hit@1",
          "idle GB*h", "wasted", "p50 us", "p99 us", "errors");
  for (uint32_t a = 0; a < r->arm_count; a++) {
    arm_row(run, a, out);
  }
  fprintf(out,
          "\nThe test: %s, costs up to %g s (%.1f %% of units were over it), "
          "alpha %g\n",
          units[run->file->unit], r->cap_s,
          r->units > 0 ? 100 * (double)r->capped / (double)r->units : 0.0,
          run->file->alpha);
  comparisons(run, out);
  events(run, out);
}
