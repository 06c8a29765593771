/* SPDX-License-Identifier: MIT
   Every figure, as tables. */
#include <math.h>
#include <string.h>

#include "host-sdk/replay/report/page.h"
#include "host-sdk/replay/report/svg.h"

static void figure(FILE *out, double value, int decimals) {
  char text[HEARTH__FIGURE];
  fprintf(out, "<td>%s</td>", hearth__figure(value, decimals, text));
}

static void count(FILE *out, uint64_t value) {
  figure(out, (double)value, 0);
}

static void row_begins(const hearth_comparison *comparison, uint32_t p,
                       FILE *out) {
  const char *name = comparison->policies->items[p].name;
  fprintf(out, "<tr class=\"%s\"><th>", hearth__policy_class(comparison, p));
  hearth__escape(out, name, strlen(name), 0);
  fputs("</th>", out);
}

static void table_begins(const char *const *columns, FILE *out) {
  fputs("<div class=\"wide\"><table><thead><tr>", out);
  for (; *columns != NULL; columns++) {
    fprintf(out, "<th>%s</th>", *columns);
  }
  fputs("</tr></thead><tbody>\n", out);
}

static void table_ends(FILE *out) {
  fputs("</tbody></table></div>\n", out);
}

static int is_listed(const hearth_comparison *comparison, uint32_t s,
                     uint32_t p) {
  return hearth_comparison_cell(comparison, s, p)->applies &&
         !(comparison->policies->items[p].roles & HEARTH_POLICY_HIDDEN);
}

static void cost_row(const hearth_comparison *comparison, uint32_t s,
                     uint32_t p, FILE *out) {
  const hearth_cell *cell = hearth_comparison_cell(comparison, s, p);
  const hearth_result *r = &cell->result;
  row_begins(comparison, p, out);
  figure(out, r->cold_wait_s, 0);
  figure(out, r->total_cost_s, 0);
  figure(out, cell->gap_closed, 3);
  count(out, r->cold);
  count(out, r->delayed);
  count(out, r->warm);
  figure(out, r->wait.mean_s, 2);
  figure(out, r->wait.p50_s, 1);
  figure(out, r->wait.p95_s, 1);
  figure(out, r->wait.p99_s, 1);
  figure(out, r->cold_rate_p75_over_models, 3);
  figure(out, r->idle_gb_s / 3600, 0);
  count(out, r->loads.demand);
  count(out, r->loads.prewarm);
  count(out, r->loads.prewarm_used);
  count(out, r->loads.cancelled);
  count(out, r->plugin_bytes);
  fputs("</tr>\n", out);
}

static void costs(const hearth_comparison *comparison, uint32_t s, FILE *out) {
  static const char *const columns[] = {"policy",
                                        "cold wait, s",
                                        "total cost, s",
                                        "gap closed",
                                        "cold",
                                        "delayed",
                                        "warm",
                                        "wait mean, s",
                                        "p50",
                                        "p95",
                                        "p99",
                                        "cold rate p75<br>over models",
                                        "idle GB\xc2\xb7h",
                                        "demand<br>loads",
                                        "pre-<br>warms",
                                        "of those<br>used",
                                        "can-<br>celled",
                                        "plugin<br>bytes",
                                        NULL};
  table_begins(columns, out);
  for (uint32_t p = 0; p < comparison->policies->count; p++) {
    if (is_listed(comparison, s, p)) {
      cost_row(comparison, s, p, out);
    }
  }
  table_ends(out);
}

static void hits(const hearth_hits *hit, FILE *out) {
  figure(out, hit->at1, 3);
  figure(out, hit->at3, 3);
  figure(out, hit->at5, 3);
}

static void task_rows(const hearth_comparison *comparison, uint32_t s,
                      uint32_t p, FILE *out) {
  const hearth_result *r = &hearth_comparison_cell(comparison, s, p)->result;
  for (uint32_t i = 0; i < r->task_count; i++) {
    const hearth_task_score *t = &r->tasks[i];
    row_begins(comparison, p, out);
    fputs("<td>", out);
    hearth__escape(out, t->task, strlen(t->task), 0);
    fputs("</td>", out);
    count(out, t->requests);
    hits(&t->hit, out);
    figure(out, t->precision, 3);
    figure(out, t->recall, 3);
    figure(out, t->f1, 3);
    fputs("<td></td></tr>\n", out);
  }
}

/* All requests, then each task's, of those who gave probabilities. */
static void predictions(const hearth_comparison *comparison, uint32_t s,
                        FILE *out) {
  static const char *const columns[] = {
      "policy",    "task",   "requests", "hit@1",        "hit@3", "hit@5",
      "precision", "recall", "F1",       "availability", NULL};
  table_begins(columns, out);
  for (uint32_t p = 0; p < comparison->policies->count; p++) {
    const hearth_result *r = &hearth_comparison_cell(comparison, s, p)->result;
    if (!is_listed(comparison, s, p) || isnan(r->hit.at1)) {
      continue;
    }
    row_begins(comparison, p, out);
    fputs("<td>all</td>", out);
    count(out, r->requests);
    hits(&r->hit, out);
    fputs("<td></td><td></td><td></td>", out);
    figure(out, r->availability, 3);
    fputs("</tr>\n", out);
    task_rows(comparison, s, p, out);
  }
  table_ends(out);
}

static void horizon_row(const hearth_comparison *comparison, uint32_t p,
                        const hearth_horizon_score *score, const char *within,
                        FILE *out) {
  row_begins(comparison, p, out);
  fprintf(out, "<td>%s</td>", within);
  count(out, score->samples);
  figure(out, score->log_loss, 4);
  figure(out, score->brier, 4);
  figure(out, score->calibration_error, 4);
  figure(out, score->precision, 3);
  figure(out, score->recall, 3);
  figure(out, score->f1, 3);
  fputs("</tr>\n", out);
}

static void horizons(const hearth_comparison *comparison, uint32_t s,
                     FILE *out) {
  static const char *const columns[] = {"policy",    "used within",
                                        "samples",   "log loss",
                                        "Brier",     "calibration error",
                                        "precision", "recall",
                                        "F1",        NULL};
  static const char *const within[HEARTH_HORIZONS] = {"5 min", "1 h", "6 h"};
  table_begins(columns, out);
  for (uint32_t p = 0; p < comparison->policies->count; p++) {
    const hearth_result *r = &hearth_comparison_cell(comparison, s, p)->result;
    for (int h = 0; h < HEARTH_HORIZONS && is_listed(comparison, s, p); h++) {
      if (r->horizon[h].samples > 0) {
        horizon_row(comparison, p, &r->horizon[h], within[h], out);
      }
    }
  }
  table_ends(out);
}

void hearth__page_figures(const hearth_comparison *comparison, FILE *out) {
  fputs("<section><h2>All figures</h2>\n"
        "<p class=\"dim\">What does not apply is a dash. Of the requests: cold "
        "found no model, delayed found it loading, warm found it ready.</p>\n",
        out);
  for (uint32_t s = 0; s < comparison->setting_count; s++) {
    char title[96];
    hearth__setting_title(&comparison->settings[s], title, sizeof title);
    fprintf(out, "<h3>%s</h3>\n", title);
    costs(comparison, s, out);
    fputs("<details><summary>The next model, by task</summary>\n", out);
    predictions(comparison, s, out);
    fputs("</details>\n<details><summary>Used within a horizon</summary>\n",
          out);
    horizons(comparison, s, out);
    fputs("</details>\n", out);
  }
  fputs("</section>\n", out);
}
