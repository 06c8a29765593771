/* SPDX-License-Identifier: MIT
   The plan: the order to hold models in, and which to load ahead. */
#include "plugin/foresight/budget/budget_state.h"

/* How far the free memory and the lowest idle models reach. */
typedef struct {
  int64_t free_kb;
  uint32_t left; /* held[0 .. left - 1] are not given up yet */
} room;

/* Make room for `m` by giving up idle models that are worth less, one by one
   and in sum; 0: there is none. */
static int make_room(const foresight_budget *b, uint32_t m, room *r,
                     int *evicts) {
  const float value = b->models[m].prewarm;
  room try = *r;
  float lost = 0;
  *evicts = 0;
  while (try.free_kb < b->memory_kb[m]) {
    if (!try.left) {
      return 0;
    }
    const uint32_t v = b->held[--try.left];
    if (b->worth[v] >= value) {
      return 0;
    }
    if (b->running[v] || b->state[v] != BUDGET_READY) {
      continue;
    }
    try.free_kb += b->memory_kb[v];
    lost += b->worth[v] * (float)b->memory_kb[v];
    *evicts = 1;
  }
  if (lost > value * (float)b->memory_kb[m]) {
    return 0;
  }
  try.free_kb -= b->memory_kb[m];
  *r = try;
  return 1;
}

static int was_chosen(const foresight_budget *b, uint32_t m) {
  for (uint32_t i = 0; i < b->wishes; i++) {
    if (b->wished[i] == m) {
      return 1;
    }
  }
  return 0;
}

/* The absent model whose prewarm is worth most and may start; NONE. */
static uint32_t best_wish(const foresight_budget *b, const room *now,
                          float spent, room *after) {
  const float least =
      BUDGET_CHANCE + BUDGET_CHANCE_SPENT * spent * spent;
  uint32_t best = FORESIGHT_BUDGET_NONE;
  float most = 0;
  for (uint32_t i = 0; i < b->fresh_count; i++) {
    const uint32_t m = b->fresh[i];
    const budget_model *model = &b->models[m];
    room r = *now;
    int evicts;
    if (b->state[m] != BUDGET_ABSENT || model->prewarm < most ||
        (model->prewarm <= most && m > best) || was_chosen(b, m) ||
        !make_room(b, m, &r, &evicts)) {
      continue;
    }
    if (model->chance < (evicts ? least : least * spent * spent)) {
      continue;
    }
    best = m;
    most = model->prewarm;
    *after = r;
  }
  return best;
}

static void choose(foresight_budget *b, int64_t used_kb) {
  const float spent = foresight__budget_spent(b);
  const int64_t used = used_kb + b->asked_kb;
  room r = {b->world.budget_kb - (used > b->held_kb ? used : b->held_kb),
            b->held_count};
  b->wishes = 0;
  if (!foresight__budget_may_wish(b)) {
    return;
  }
  uint32_t lanes = b->world.lanes > b->demanded
                       ? b->world.lanes - b->demanded
                       : 0;
  lanes = lanes < BUDGET_WISHES ? lanes : BUDGET_WISHES;
  while (b->wishes < lanes) {
    room after;
    const uint32_t m = best_wish(b, &r, spent, &after);
    if (m == FORESIGHT_BUDGET_NONE) {
      return;
    }
    r = after;
    b->wished[b->wishes++] = m;
  }
}

static foresight_budget_entry entry_of(const foresight_budget *b, uint32_t m,
                                       int32_t warm) {
  enum { HORIZON_240_S = 2 };
  return (foresight_budget_entry){m, warm, b->models[m].within[HORIZON_240_S]};
}

/* Held models and wishes in one order; wishes taken back come last. */
static uint32_t write_plan(const foresight_budget *b, const uint32_t *before,
                           uint32_t befores, foresight_budget_entry *entries,
                           uint32_t cap) {
  uint32_t n = 0, w = 0;
  for (uint32_t i = 0; i <= b->held_count && n < cap; i++) {
    while (w < b->wishes && n < cap &&
           (i == b->held_count || b->models[b->wished[w]].prewarm >
                                      b->worth[b->held[i]])) {
      entries[n++] = entry_of(b, b->wished[w++], 1);
    }
    if (i < b->held_count && n < cap) {
      entries[n++] = entry_of(b, b->held[i], 0);
    }
  }
  for (uint32_t i = 0; i < befores && n < cap; i++) {
    if (!was_chosen(b, before[i]) && b->state[before[i]] == BUDGET_ABSENT) {
      entries[n++] = entry_of(b, before[i], 0);
    }
  }
  return n;
}

uint32_t foresight_budget_plan(foresight_budget *b, int64_t now,
                               int64_t used_kb,
                               foresight_budget_entry *entries, uint32_t cap) {
  uint32_t before[BUDGET_WISHES];
  const uint32_t befores = b->wishes;
  const int64_t learned = b->now; /* a question is no news: it is put back */
  b->now = now > b->now ? now : b->now;
  for (uint32_t i = 0; i < befores; i++) {
    before[i] = b->wished[i];
  }
  foresight__budget_refresh(b);
  foresight__budget_sort(b, b->following < FORESIGHT_BUDGET_LEARNED
                                ? (uint32_t)b->following
                                : (uint32_t)FORESIGHT_BUDGET_LEARNED);
  choose(b, used_kb);
  b->turn++;
  b->fresh_count = 0;
  b->now = learned;
  return write_plan(b, before, befores, entries, cap);
}
