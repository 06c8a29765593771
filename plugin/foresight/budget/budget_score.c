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

/* A prediction, and at growing ages a sample to learn from. */
static void predict_seen(foresight_budget *b, uint32_t id) {
  budget_model *m = &b->models[id];
  budget_sample s;
  const int due = b->now >= b->due[id];
  if (due) {
    foresight__budget_label(b, id, 0);
  }
  foresight__budget_signals(b, id, &s, due);
  if (due) {
    const float idle = (float)(b->now - m->last) * .001f;
    m->next_sample_s = idle < 4 ? 4 : idle * BUDGET_SAMPLE_GROWTH;
    b->due[id] = m->last + (int64_t)(m->next_sample_s * 1000);
    if (m->samples < BUDGET_SAMPLES) {
      m->sample[m->samples++] = s;
    }
  }
  float most = 0;
  for (uint32_t h = 0; h < BUDGET_HORIZONS; h++) {
    const float p = foresight__budget_predict(b, id, &s, h);
    most = p > most ? p : most;
    m->within[h] = most;
  }
}

/* max over H of P_H / (E_H + wait for the freed memory's next use). */
static float best_rate(const foresight_budget *b, const budget_model *m) {
  float held = 0, from = 0, before = 0, best = 0;
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    const float p = m->within[h], to = foresight__budget_horizon[h];
    held += (to - from) * (1 - .5f * (p + before));
    const float unused = BUDGET_FREED * b->eviction_gap_s * (1 - p);
    const float rate = p / (held + unused);
    best = rate > best ? rate : best;
    from = to;
    before = p;
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

void foresight__budget_score(foresight_budget *b, uint32_t id) {
  budget_model *m = &b->models[id];
  const float load_s = (float)b->load_ms[id] * .001f;
  const float density = load_s / (float)b->memory_kb[id];
  if (m->count) {
    predict_seen(b, id);
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
  m->scored = b->turn;
}

/* Those next to be evicted. */
static void refresh_lowest(foresight_budget *b) {
  for (int k = 0; k < BUDGET_LOWEST; k++) {
    uint32_t best = UINT32_MAX;
    for (uint32_t i = 0; i < b->held_count; i++) {
      const uint32_t m = b->held[i];
      if (!b->running[m] && b->models[m].scored != b->turn &&
          (best == UINT32_MAX || b->worth[m] < b->worth[best])) {
        best = m;
      }
    }
    if (best == UINT32_MAX) {
      return;
    }
    foresight__budget_score(b, best);
  }
}

/* Those first to be prewarmed. */
static void refresh_highest(foresight_budget *b) {
  for (int k = 0; k < BUDGET_HIGHEST; k++) {
    uint32_t best = UINT32_MAX;
    float most = 0;
    for (uint32_t m = 0; m < b->count; m++) {
      if (b->state[m] == BUDGET_ABSENT && b->models[m].scored != b->turn &&
          b->models[m].prewarm > most) {
        best = m;
        most = b->models[m].prewarm;
      }
    }
    if (best == UINT32_MAX) {
      return;
    }
    foresight__budget_score(b, best);
  }
}

void foresight__budget_refresh(foresight_budget *b) {
  b->turn++;
  for (uint32_t m = 0; m < b->count; m++) {
    if (b->due[m] <= b->now) {
      foresight__budget_score(b, m);
    }
  }
  refresh_lowest(b);
  if (!(b->options.without & FORESIGHT_BUDGET_NO_PREWARM)) {
    refresh_highest(b);
    b->unseen_turn = b->unseen_turn + 1 < b->count ? b->unseen_turn + 1 : 0;
    if (!b->models[b->unseen_turn].count) {
      foresight__budget_score(b, b->unseen_turn);
    }
  }
}
