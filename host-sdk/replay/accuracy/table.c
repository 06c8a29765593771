/* SPDX-License-Identifier: MIT
   The accuracy of a comparison's plugins, as tables. */
#include <inttypes.h>
#include <math.h>

#include "host-sdk/replay/accuracy/present.h"
#include "host-sdk/replay/meaning.h"

/* Six columns wide; "-" where it does not apply. */
static void number(double value, FILE *out) {
  if (isnan(value)) {
    fprintf(out, " %9s", "-");
  } else {
    fprintf(out, " %9.3f", value);
  }
}

static void rates(const hearth_rates *r, FILE *out) {
  number(r->accuracy, out);
  number(r->precision, out);
  number(r->recall, out);
  number(r->f1, out);
}

static void head(const char *what, FILE *out) {
  fprintf(out, "\n  %-20s %9s %9s %9s %9s %9s %9s %9s\n", what, "requests",
          "accuracy", "precision", "recall", "F1", "last used", "most used");
}

static void row(const hearth_accuracy_row *r, FILE *out) {
  fprintf(out, "  %-20.40s %9" PRIu64, r->name, r->requests);
  rates(&r->by[HEARTH_GUESS_PLUGIN], out);
  number(r->by[HEARTH_GUESS_LAST].accuracy, out);
  number(r->by[HEARTH_GUESS_MOST].accuracy, out);
  fputc('\n', out);
}

static void margin(const hearth_margin *m, FILE *out) {
  static const char *const verdict[] = {"certain below", "not certain",
                                        "certain"};
  fprintf(out, "  %+.3f [%+.3f, %+.3f] %-13s", m->margin, m->low, m->high,
          verdict[m->certain + 1]);
}

static void hits(const hearth_accuracy *a, FILE *out) {
  static const char *const rival[HEARTH_GUESSERS] = {NULL, "last used",
                                                     "most used"};
  fprintf(out,
          "\n  margin over a plain guess, 95 %% by %" PRIu32 " user-days\n",
          a->user_days);
  fprintf(out, "  %-20s %9s %9s %9s\n", "", "plugin", "plain", "margin");
  for (int g = HEARTH_GUESS_LAST; g < HEARTH_GUESSERS; g++) {
    for (int k = 0; k < HEARTH_RANKS; k++) {
      fprintf(out, "  %-14s hit@%" PRIu32, rival[g], hearth_rank[k]);
      number(a->hit[HEARTH_GUESS_PLUGIN][k], out);
      number(a->hit[g][k], out);
      margin(&a->over[g][k], out);
      fputc('\n', out);
    }
  }
}

static void within(const hearth_accuracy *a, FILE *out) {
  if (a->within[0].samples == 0) {
    return; /* no predict/1, or too short a trace */
  }
  fprintf(out, "\n  %-20s %9s %9s %9s %9s %9s\n", "used within", "samples",
          "accuracy", "precision", "recall", "F1");
  for (int h = 0; h < HEARTH_HORIZONS; h++) {
    const hearth_within_rates *w = &a->within[h];
    fprintf(out, "  %6" PRId32 " s             %9" PRIu64,
            hearth_horizon_s[h], w->samples);
    rates(&w->plugin, out);
    fprintf(out, "\n  %6s %-13s %9s", "", "if in the last", "");
    rates(&w->plain, out);
    fputc('\n', out);
  }
}

static void tables(const hearth_accuracy *a, FILE *out) {
  head("task", out);
  for (uint32_t i = 0; i < a->task_count; i++) {
    row(&a->tasks[i], out);
  }
  row(&a->all, out);
  head("category", out);
  for (int c = 0; c < HEARTH_CATEGORIES; c++) {
    if (a->categories[c].requests > 0) {
      row(&a->categories[c], out);
    }
  }
  head("since last request", out);
  for (int d = 0; d < HEARTH_DISTANCES; d++) {
    row(&a->distances[d], out);
  }
  hits(a, out);
  within(a, out);
}

void hearth_accuracy_table(const hearth_comparison *comparison, FILE *out) {
  for (uint32_t s = 0; s < comparison->setting_count; s++) {
    char label[64];
    hearth_setting_label(&comparison->settings[s], label, sizeof label);
    for (uint32_t p = 0; p < comparison->policies->count; p++) {
      const hearth_accuracy *a =
          hearth_comparison_cell(comparison, s, p)->result.accuracy;
      if (a != NULL && a->probabilities &&
          hearth_is_shown(comparison, s, p)) {
        fprintf(out, "\nAccuracy of %s (%s)\n",
                comparison->policies->items[p].name, label);
        tables(a, out);
      }
    }
  }
}
