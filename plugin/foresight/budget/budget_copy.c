/* SPDX-License-Identifier: MIT
   A copy of the budget head, for a state to be saved from. */
#include "plugin/sdk/cold.h"

#include "plugin/foresight/budget/budget_state.h"
#include "plugin/foresight/parts.h"

static const size_t pair = 2 * sizeof(budget_hashed);

int foresight_budget_copy_ahead(foresight_budget *to, foresight_budget *from,
                                uint32_t part) {
  enum { SOME = 1024 };
  const uint32_t first = part * SOME;
  foresight_parts_copy_all(to->hash, from->hash, pair, from->changed, first,
                           SOME);
  return first + SOME < BUDGET_PAIRS;
}

/* What stands by model. */
static void copy_models(foresight_budget *to, const foresight_budget *from) {
  const size_t n = from->count;
  memcpy(to->due, from->due, n * sizeof *to->due);
  memcpy(to->worth, from->worth, n * sizeof *to->worth);
  memcpy(to->frequency, from->frequency, n * sizeof *to->frequency);
  memcpy(to->running, from->running, n * sizeof *to->running);
  memcpy(to->held, from->held, from->held_count * sizeof *to->held);
  memcpy(to->state, from->state, n);
  for (int i = 0; i < FORESIGHT_BUDGET_LEARNED; i++) {
    memcpy(to->rank[i], from->rank[i], n * sizeof *to->rank[i]);
  }
  for (size_t m = 0; m < n; m++) {
    const budget_model *model = &from->models[m];
    memcpy(&to->models[m], model,
           offsetof(budget_model, sample) +
               model->samples * sizeof *model->sample);
  }
}

int foresight_budget_copy(foresight_budget *to, foresight_budget *from) {
  const size_t first = offsetof(foresight_budget, now);
  if (from->count > to->room) {
    return -1;
  }
  to->count = from->count;
  to->start = from->start;
  if (from->count > 0) {
    copy_models(to, from);
  }
  for (int i = 0; i <= FORESIGHT_BUDGET_LEARNED && from->count > 0; i++) {
    foresight_ghost_copy(to->ghost[i], from->ghost[i], from->count);
  }
  memcpy((char *)to + first, (const char *)from + first,
         offsetof(foresight_budget, hash) - first);
  foresight_parts_copy(to->hash, from->hash, pair, from->changed,
                       BUDGET_PAIRS);
  return 0;
}
