/* SPDX-License-Identifier: MIT
   Ghosts of the simple rules, and whose order to follow. */
#include "plugin/foresight/budget/budget_math.h"
#include "plugin/foresight/budget/budget_state.h"

#include "plugin/sdk/math.h"

enum { GHOSTS = FORESIGHT_BUDGET_LEARNED + 1 };

int foresight__budget_follow_reserve(foresight_budget *b, uint32_t count) {
  for (int i = 0; i < GHOSTS; i++) {
    if (foresight_ghost_reserve(b->ghost[i], count)) {
      return -1;
    }
  }
  return 0;
}

/* The rules' ranks change only for the model that was used. */
static void rank(foresight_budget *b, uint32_t m) {
  const float hours = (float)(b->now - b->start) * (1.0f / 3600000);
  const double gap_h = (double)(b->now - b->models[m].last) / 3600000;
  const float f = b->frequency[m] * (float)hearth_exp2(-gap_h) + 1;
  const int64_t uses = b->models[m].count + 1;
  b->frequency[m] = f;
  b->rank[FORESIGHT_BUDGET_LRU][m] = (float)++b->sequence;
  b->rank[FORESIGHT_BUDGET_LFU][m] =
      hours + foresight__budget_ln(f) * 1.442695f;
  b->rank[FORESIGHT_BUDGET_GDSF][m] =
      b->gdsf_clock + (float)((double)uses * (double)b->load_ms[m] * 1024 /
                              (double)b->memory_kb[m]);
}

/* Prewarming loses what really was waited while it is followed, and else is
   held to lose a little less than the learned order, so that it is tried
   again. */
void foresight__budget_follow_wait(foresight_budget *b, double wait_s) {
  if (b->following == FORESIGHT_BUDGET_AHEAD) {
    b->loss[FORESIGHT_BUDGET_AHEAD] += wait_s;
  }
}

static void switch_over(foresight_budget *b) {
  int best = FORESIGHT_BUDGET_AHEAD;
  if (b->options.without & FORESIGHT_BUDGET_NO_GHOSTS) {
    return;
  }
  for (int i = FORESIGHT_BUDGET_LEARNED; i >= 0; i--) {
    best = b->loss[i] < b->loss[best] ? i : best;
  }
  const double mean_s = .001 * (double)b->load_sum_ms / b->count;
  if (BUDGET_SWITCH * b->loss[best] + 2 * mean_s < b->loss[b->following]) {
    b->following = (foresight_budget_rule)best;
  }
}

/* Before the use is noted: the ghosts live through it. */
void foresight__budget_follow_use(foresight_budget *b, uint32_t m) {
  double learned = 0;
  rank(b, m);
  for (int i = 0; i < GHOSTS; i++) {
    double wait_s;
    float left = 0;
    double lost = foresight_ghost_advance(b->ghost[i], b->now, b->rank[i],
                                          &left);
    foresight_ghost_request(b->ghost[i], m, b->now, &wait_s);
    lost += wait_s;
    if (i == FORESIGHT_BUDGET_GDSF && left > b->gdsf_clock) {
      b->gdsf_clock = left;
    }
    b->loss[i] += lost;
    learned = lost;
  }
  if (b->following != FORESIGHT_BUDGET_AHEAD) {
    b->loss[FORESIGHT_BUDGET_AHEAD] += BUDGET_RETRY * learned;
  }
  switch_over(b);
}

float foresight__budget_spent(const foresight_budget *b) {
  const float limit = b->options.loads_limit;
  if (limit <= 0) {
    return 0;
  }
  const uint64_t loads =
      foresight_ghost_loads(b->ghost[FORESIGHT_BUDGET_GDSF]);
  const float theirs = (float)loads;
  const float extra = BUDGET_ALLOWANCE * (limit - 1) * theirs;
  const float spent = (float)b->own_loads - theirs;
  return extra <= 0 ? 1 : spent <= 0 ? 0 : spent / extra;
}

int foresight__budget_may_wish(const foresight_budget *b) {
  return b->following == FORESIGHT_BUDGET_AHEAD &&
         !(b->options.without & FORESIGHT_BUDGET_NO_PREWARM) &&
         foresight__budget_spent(b) < 1;
}
