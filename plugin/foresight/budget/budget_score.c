/* SPDX-License-Identifier: MIT
   What holding a model, or loading it ahead, is worth. */
#include "plugin/foresight/budget/budget_math.h"
#include "plugin/foresight/budget/budget_state.h"

/* P_H of a model never used: new models come at a rate, and any of those unseen
   may be the next. */
static void predict_unseen(foresight_budget *b, budget_model *m) {
  const float span = (float)(b->now - b->start) * .001f + 60;
  const float over = span < BUDGET_DAY_S ? span : BUDGET_DAY_S;
  const float unseen = (float)(b->count - b->seen);
  const float rate = b->novel / (over * (unseen < 1 ? 1 : unseen));
  const int off = b->options.without & FORESIGHT_BUDGET_NO_UNSEEN;
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    const float x = -rate * foresight__budget_horizon[h];
    m->within[h] = off ? 0 : 1 - foresight__budget_exp(x);
  }
}

/* A prediction; and to `learn`, a sample. */
static void predict_seen(foresight_budget *b, uint32_t id, int learn) {
  budget_model *m = &b->models[id];
  budget_sample s;
  if (learn) {
    foresight__budget_label(b, id, 0);
  }
  foresight__budget_signals(b, id, &s, learn);
  if (learn) {
    const float idle = (float)(b->now - m->last) * .001f;
    m->next_sample_s = idle < 4 ? 4 : idle * BUDGET_SAMPLE_GROWTH;
    b->due[id] = m->last + (int64_t)(m->next_sample_s * 1000);
    if (m->samples < BUDGET_SAMPLES) {
      m->sample[m->samples++] = s;
    }
  }
  float most = 0, p[BUDGET_HORIZONS];
  foresight__budget_predict(b, id, &s, p);
  for (uint32_t h = 0; h < BUDGET_HORIZONS; h++) {
    most = p[h] > most ? p[h] : most;
    m->within[h] = most;
  }
}

/* max over H of P_H / (E_H + wait for the freed memory's next use). */
static float best_rate(const foresight_budget *b, const budget_model *m) {
  const float freed_s = BUDGET_FREED * b->eviction_gap_s;
  float held[BUDGET_HORIZONS], rate[BUDGET_HORIZONS];
  float sum = 0, from = 0, before = 0, best = 0;
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    const float p = m->within[h], to = foresight__budget_horizon[h];
    sum += (to - from) * (1 - .5f * (p + before));
    held[h] = sum;
    from = to;
    before = p;
  }
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    const float p = m->within[h];
    rate[h] = p / (held[h] + freed_s * (1 - p));
  }
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    best = rate[h] > best ? rate[h] : best;
  }
  return best;
}

static uint32_t horizon_over(float seconds) {
  uint32_t h = 0;
  while (h < BUDGET_HORIZONS - 1 && foresight__budget_horizon[h] < seconds) {
    h++;
  }
  return h;
}

static float trust(const foresight_budget *b, const budget_model *m) {
  if (b->options.without & FORESIGHT_BUDGET_NO_TRUST) {
    return 1;
  }
  const float t = (m->came + BUDGET_TRUST_PRIOR) /
                  (m->foretold + BUDGET_TRUST_PRIOR);
  return t < 1 ? t : 1;
}

static void score(foresight_budget *b, uint32_t id, int learn) {
  budget_model *m = &b->models[id];
  const float load_s = (float)b->load_ms[id] * .001f;
  const float density = load_s / (float)b->memory_kb[id];
  if (m->count) {
    predict_seen(b, id, learn);
  } else {
    predict_unseen(b, m);
  }
  b->worth[id] = density * foresight__budget_burst(b, id) * best_rate(b, m);
  const uint32_t soon = horizon_over(4 * load_s);
  const float longer = 4 * load_s > BUDGET_CHANCE_S ? 4 * load_s
                                                    : BUDGET_CHANCE_S;
  const float ahead =
      density * m->within[soon] / foresight__budget_horizon[soon];
  m->prewarm = b->options.boldness * (b->worth[id] < ahead ? b->worth[id]
                                                           : ahead);
  m->chance = m->within[horizon_over(longer)] * trust(b, m);
  if (m->scored != b->turn) {
    m->scored = b->turn;
    b->fresh[b->fresh_count++] = id;
  }
  foresight__budget_placed(b, id);
}

/* Score the first `most` of a heap that were not scored this turn. */
static void refresh(foresight_budget *b, hearth__heap *heap, int most) {
  uint32_t aside = 0;
  for (int k = 0; k < most && heap->count > 0;) {
    const uint32_t m = hearth__heap_top(heap);
    if (b->models[m].scored == b->turn) {
      hearth__heap_remove(heap, m);
      b->aside[aside++] = m;
    } else {
      score(b, m, 0);
      k++;
    }
  }
  while (aside > 0) { /* the heap still has their keys */
    const uint32_t m = b->aside[--aside];
    hearth__heap_put(heap, m, heap->key[m]);
  }
}

/* Samples are taken at growing ages; in the order of the models' numbers. */
void foresight__budget_sample_due(foresight_budget *b) {
  uint32_t count = 0;
  while (b->by_due.count > 0 && hearth__heap_top_key(&b->by_due) <= b->now) {
    const uint32_t m = hearth__heap_top(&b->by_due);
    uint32_t i = count++;
    for (; i > 0 && b->aside[i - 1] > m; i--) {
      b->aside[i] = b->aside[i - 1];
    }
    b->aside[i] = m;
    hearth__heap_remove(&b->by_due, m);
  }
  for (uint32_t i = 0; i < count; i++) {
    score(b, b->aside[i], 1);
  }
}

/* Those worth most matter where one of them may be loaded. */
void foresight__budget_refresh(foresight_budget *b) {
  refresh(b, &b->lowest, BUDGET_LOWEST);
  if (foresight__budget_may_wish(b)) {
    refresh(b, &b->highest, BUDGET_HIGHEST);
  }
  if (!(b->options.without & FORESIGHT_BUDGET_NO_PREWARM)) {
    b->unseen_turn = b->unseen_turn + 1 < b->count ? b->unseen_turn + 1 : 0;
    if (b->count > 0 && !b->models[b->unseen_turn].count) {
      score(b, b->unseen_turn, 0);
    }
  }
}
