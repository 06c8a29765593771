/* SPDX-License-Identifier: MIT
   The weights of the budget head, with their names. */
#include "plugin/sdk/cold.h"

#include "plugin/foresight/budget/budget_state.h"

enum { SHARED = BUDGET_SIGNALS + BUDGET_POPULATIONS + 1 };

/* Those that all models share, and the tables' in the mean over idle times. */
void foresight_budget_weights(const foresight_budget *b, foresight_dump *d) {
  static const foresight_dump_key horizon[BUDGET_HORIZONS] = {
      "10", "50", "240", "1200", "5800", "28000", "137000", "660000"};
  static const foresight_dump_key name[SHARED + BUDGET_TABLES] = {
      "rate_433s",    "rate_1732s",   "rate_6928s",    "rate_27712s",
      "rate_110848s", "rate_443392s", "users_87s",     "users_696s",
      "users_5568s",  "users_44544s", "idle",          "gap",
      "traffic",      "all_gap_idle", "all_gap_ratio", "all_rate_idle",
      "bias",         "table_minute", "table_after",   "table_habit",
      "table_left",   "table_idle"};
  foresight_dump_map(d, BUDGET_HORIZONS);
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    float all[SHARED + BUDGET_TABLES] = {0};
    for (int i = 0; i < SHARED; i++) {
      all[i] = b->weights.shared[i][h];
    }
    for (int c = 0; c < BUDGET_IDLE_CLASSES; c++) {
      for (int i = 0; i < BUDGET_TABLES; i++) {
        all[SHARED + i] += b->weights.tables[c][i][h] / BUDGET_IDLE_CLASSES;
      }
    }
    foresight_dump_name(d, horizon[h]);
    foresight_dump_numbers(d, name, all, SHARED + BUDGET_TABLES);
  }
}
