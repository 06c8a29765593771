/* SPDX-License-Identifier: MIT
   Each signal of a plugin off in turn. */
#include "host-sdk/replay/ablate/ablation.h"

#include <math.h>
#include <string.h>

#include "host-sdk/replay/ablate/signals.h"

hearth_status hearth_ablate(hearth_policies *policies, char *err,
                            uint64_t err_cap) {
  hearth_signals signals;
  hearth_status status = hearth_signals_ask(policies->items[0].library,
                                            &signals, err, err_cap);
  for (uint32_t i = 0; status == HEARTH_OK && i < signals.count; i++) {
    status = hearth_policies_add_without(policies, 0, signals.names[i], err,
                                         err_cap);
  }
  hearth_signals_free(&signals);
  return status;
}

hearth_change hearth_ablation_change(const hearth_comparison *comparison,
                                     uint32_t setting, uint32_t policy) {
  const hearth_cell *whole = hearth_comparison_cell(comparison, setting, 0);
  const hearth_cell *cell = hearth_comparison_cell(comparison, setting, policy);
  const hearth_setting *s = &comparison->settings[setting];
  const hearth_hits *a = &cell->result.hit, *b = &whole->result.hit;
  hearth_change change = {
      .judged_s = hearth_judged(s, &cell->result) -
                  hearth_judged(s, &whole->result),
      .gap_closed = cell->gap_closed - whole->gap_closed,
      .hit = {a->at1 - b->at1, a->at3 - b->at3, a->at5 - b->at5}};
  for (int h = 0; h < HEARTH_HORIZONS; h++) {
    change.log_loss[h] = cell->result.horizon[h].log_loss -
                         whole->result.horizon[h].log_loss;
  }
  return change;
}

/* A change of nothing is a point, so that the others are seen. */
static void number(double value, int width, int decimals, int sign,
                   FILE *out) {
  if (isnan(value)) {
    fprintf(out, " %*s", width, "-");
  } else if (sign && fabs(value) < 1e-12) {
    fprintf(out, " %*s", width, ".");
  } else if (sign) {
    fprintf(out, " %+*.*f", width, decimals, value);
  } else {
    fprintf(out, " %*.*f", width, decimals, value);
  }
}

static void rest(const hearth_hits *hit, const double log_loss[],
                 int sign, FILE *out) {
  number(hit->at1, 7, 4, sign, out);
  number(hit->at3, 7, 4, sign, out);
  number(hit->at5, 7, 4, sign, out);
  for (int h = 0; h < HEARTH_HORIZONS; h++) {
    number(log_loss[h], 8, 4, sign, out);
  }
  fputc('\n', out);
}

static void whole_row(const hearth_comparison *comparison, uint32_t s,
                      FILE *out) {
  const hearth_cell *cell = hearth_comparison_cell(comparison, s, 0);
  double log_loss[HEARTH_HORIZONS];
  for (int h = 0; h < HEARTH_HORIZONS; h++) {
    log_loss[h] = cell->result.horizon[h].log_loss;
  }
  fprintf(out, "  %-22s", "(whole)");
  number(hearth_judged(&comparison->settings[s], &cell->result), 11, 0, 0, out);
  fprintf(out, " %8s", "");
  number(cell->gap_closed, 6, 3, 0, out);
  fprintf(out, " %7s", "");
  rest(&cell->result.hit, log_loss, 0, out);
}

static void row(const hearth_comparison *comparison, uint32_t s, uint32_t p,
                FILE *out) {
  const hearth_cell *cell = hearth_comparison_cell(comparison, s, p);
  const hearth_change change = hearth_ablation_change(comparison, s, p);
  fprintf(out, "  %-22s", comparison->policies->items[p].without);
  number(hearth_judged(&comparison->settings[s], &cell->result), 11, 0, 0, out);
  number(change.judged_s, 8, 0, 1, out);
  number(cell->gap_closed, 6, 3, 0, out);
  number(change.gap_closed, 7, 3, 1, out);
  rest(&change.hit, change.log_loss, 1, out);
}

static int is_nothing(const hearth_change *change) {
  const double all[] = {change->judged_s,    change->hit.at1,
                        change->hit.at3,     change->hit.at5,
                        change->log_loss[0], change->log_loss[1],
                        change->log_loss[2]};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    if (fabs(all[i]) >= 1e-12) {
      return 0;
    }
  }
  return 1;
}

/* What makes no difference here, on lines of its own. */
static void idle_signals(const hearth_comparison *comparison, uint32_t s,
                         FILE *out) {
  size_t column = 0;
  for (uint32_t p = 1; p < comparison->policies->count; p++) {
    const char *name = comparison->policies->items[p].without;
    const hearth_change change = hearth_ablation_change(comparison, s, p);
    if (name == NULL || !is_nothing(&change)) {
      continue;
    }
    if (column == 0 || column + strlen(name) > 78) {
      fprintf(out, "%s%s", column == 0 ? "" : ",\n",
              column == 0 ? "  no difference:" : "   ");
      column = column == 0 ? 16 : 3;
      column += (size_t)fprintf(out, " %s", name);
    } else {
      column += (size_t)fprintf(out, ", %s", name);
    }
  }
  fputs(column > 0 ? "\n" : "", out);
}

static void heading(const hearth_comparison *comparison, uint32_t s,
                    FILE *out) {
  const hearth_setting *setting = &comparison->settings[s];
  char label[64];
  hearth_setting_label(setting, label, sizeof label);
  fprintf(out,
          "\n%s without each signal, %s %s; hit and log loss below the whole: "
          "the change\n",
          comparison->policies->items[0].name,
          setting->idle_price > 0 ? "price" : "budget", label);
  fprintf(out, "  %-22s %11s %8s %6s %7s %7s %7s %7s %8s %8s %8s\n", "without",
          setting->idle_price > 0 ? "cost s" : "cold wait s", "change", "gap",
          "change", "hit@1", "hit@3", "hit@5", "ll 300", "ll 3600", "ll 21600");
}

void hearth_ablation_table(const hearth_comparison *comparison, FILE *out) {
  for (uint32_t s = 0; s < comparison->setting_count; s++) {
    heading(comparison, s, out);
    whole_row(comparison, s, out);
    for (uint32_t p = 1; p < comparison->policies->count; p++) {
      const hearth_change change = hearth_ablation_change(comparison, s, p);
      if (comparison->policies->items[p].without != NULL &&
          !is_nothing(&change)) {
        row(comparison, s, p, out);
      }
    }
    idle_signals(comparison, s, out);
  }
}

static json_t *real(double value) {
  return isnan(value) ? json_null() : json_real(value);
}

json_t *hearth_ablation_json(const hearth_change *change) {
  return json_pack("{s:o, s:o, s:{s:o, s:o, s:o}, s:{s:o, s:o, s:o}}",
                   "judged_s", real(change->judged_s), "gap_closed",
                   real(change->gap_closed), "hit", "1", real(change->hit.at1),
                   "3", real(change->hit.at3), "5", real(change->hit.at5),
                   "log_loss", "300", real(change->log_loss[0]), "3600",
                   real(change->log_loss[1]), "21600",
                   real(change->log_loss[2]));
}
