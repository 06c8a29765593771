/* SPDX-License-Identifier: MIT
   What the budget head learns once it is known whether a model was used. */
#include "plugin/foresight/budget/budget_mix.h"

#include "plugin/sdk/hint.h"
#include "plugin/sdk/math.h"

HEARTH_SELDOM void foresight__budget_learn_init(foresight_budget *b) {
  static const float start[BUDGET_INPUTS] = {.08f, .08f, .08f, .08f, .08f, .08f,
                                             0,    0,    0,    0,    .4f,  .1f,
                                             0,    .1f,  .1f,  .1f,  0};
  for (int i = 0; i < BUDGET_STRETCH; i++) {
    b->stretch[i] = (float)hearth_logit((i + .5) / BUDGET_STRETCH);
  }
  b->stretch[BUDGET_STRETCH] = b->stretch[BUDGET_STRETCH - 1]; /* p = 1 */
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    for (int i = 0; i < BUDGET_INPUTS; i++) {
      b->weights.shared[i][h] = start[i];
    }
    for (int c = 0; c < BUDGET_IDLE_CLASSES; c++) {
      for (int i = 0; i < BUDGET_TABLES; i++) {
        b->weights.tables[c][i][h] = .25f;
      }
    }
    for (int i = 0; i < 32 * 32; i++) {
      b->gap_idle[i].p[h] = b->rate_idle[i].p[h] = .5f;
      b->gap_ratio[i % (16 * 16)].p[h] = .5f;
    }
  }
  foresight__budget_learn_know(b);
}

static inline void know(const float *restrict table, const float *restrict p,
                        float *restrict logit) {
  int32_t place[BUDGET_LANES];
  for (int h = 0; h < BUDGET_LANES; h++) {
    place[h] = foresight__budget_place(p[h]);
  }
  for (int h = 0; h < BUDGET_LANES; h++) {
    logit[h] = table[place[h]];
  }
}

static void know_all(const foresight_budget *b, budget_population *t,
                     uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    for (uint32_t at = 0; at < BUDGET_HORIZONS; at += BUDGET_LANES) {
      know(b->stretch, t[i].p + at, t[i].logit + at);
    }
  }
}

HEARTH_SELDOM void foresight__budget_learn_know(foresight_budget *b) {
  know_all(b, b->gap_idle, 32 * 32);
  know_all(b, b->gap_ratio, 16 * 16);
  know_all(b, b->rate_idle, 32 * 32);
}

/* The step of each lane: none where there is no label. */
static void steps(const budget_lanes *x, int count, float rate,
                  const float *restrict p, const float *restrict y,
                  const float *restrict gate, float *restrict step) {
  budget_lanes norm;
  for (int h = 0; h < BUDGET_LANES; h++) {
    norm[h] = 1;
  }
  for (int i = 0; i < count; i++) {
    for (int h = 0; h < BUDGET_LANES; h++) {
      norm[h] += x[i][h] * x[i][h];
    }
  }
  for (int h = 0; h < BUDGET_LANES; h++) {
    step[h] = rate * (y[h] - p[h]) / norm[h] * gate[h];
  }
}

/* The three sets that a prediction adds up take the same step. */
static inline void add_step(float *restrict all, float *restrict idle,
                            float *restrict count, const float *restrict x,
                            const float *restrict step) {
  for (int h = 0; h < BUDGET_LANES; h++) {
    const float more = step[h] * x[h];
    all[h] += more;
    idle[h] += more;
    count[h] += more;
  }
}

static inline void add_product(float *restrict to, const float *restrict a,
                               const float *restrict b) {
  for (int h = 0; h < BUDGET_LANES; h++) {
    to[h] += a[h] * b[h];
  }
}

/* Four horizons from `at`, and what came of them. */
typedef struct {
  uint32_t at;
  budget_lanes gate, y; /* gate: 1 where there is a label, else 0 */
} labels;

static void train_weights(foresight_budget *b, const budget_sample *s,
                          const budget_mixed *m, const labels *l) {
  budget_weights *w = &b->weights;
  float(*all)[BUDGET_HORIZONS] = w->shared;
  float(*idle)[BUDGET_HORIZONS] = w->by_idle[s->idle_class];
  float(*count)[BUDGET_HORIZONS] = w->by_count[s->count_class];
  float(*tables)[BUDGET_HORIZONS] = w->tables[s->idle_class];
  const uint32_t at = l->at;
  budget_lanes step;
  steps(m->x, BUDGET_USED_INPUTS, BUDGET_BASE_STEP, m->base, l->y, l->gate,
        step);
  for (int i = 0; i < BUDGET_USED_INPUTS; i++) {
    add_step(all[i] + at, idle[i] + at, count[i] + at, m->x[i], step);
  }
  steps(m->r, BUDGET_TABLES, BUDGET_TABLE_STEP, m->p, l->y, l->gate, step);
  for (int i = 0; i < BUDGET_TABLES; i++) {
    add_product(tables[i] + at, step, m->r[i]);
  }
}

/* A gate of 0 leaves a lane's bits as they are: adding nothing is exact. */
static inline void move_towards(float *restrict p, float *restrict n,
                                const float *restrict y,
                                const float *restrict gate) {
  for (int h = 0; h < BUDGET_LANES; h++) {
    p[h] += (y[h] - p[h]) / (n[h] + 1.5f) * gate[h];
  }
  for (int h = 0; h < BUDGET_LANES; h++) {
    n[h] += gate[h];
  }
}

static void train_slot(budget_slot *slot, const labels *l) {
  budget_lanes n, p;
  foresight__budget_widen(slot, l->at, n, p);
  for (int h = 0; h < BUDGET_LANES; h++) {
    p[h] *= 1.0f / 65536;
  }
  move_towards(p, n, l->y, l->gate);
  for (int h = 0; h < BUDGET_LANES; h++) {
    p[h] = p[h] * 65536 + .5f;
  }
  hearth_clip_four(p, 0, 65535);
  hearth_clip_four(n, 0, BUDGET_TABLE_LIMIT);
  foresight__budget_to_u16(p, slot->p + l->at);
  foresight__budget_to_u8(n, slot->n + l->at);
}

static void train_population(const foresight_budget *b, budget_population *t,
                             const labels *l) {
  move_towards(t->p + l->at, t->n + l->at, l->y, l->gate);
  hearth_clip_four(t->n + l->at, 0, BUDGET_POPULATION_LIMIT);
  know(b->stretch, t->p + l->at, t->logit + l->at);
}

/* Horizons that have no label yet cost nothing, as far as none of their four
   has one. */
static void learn(foresight_budget *b, uint32_t model, const budget_sample *s,
                  const labels *l) {
  budget_mixed m;
  foresight__budget_mix(b, model, s, l->at, &m);
  train_weights(b, s, &m, l);
  for (int i = 0; i < BUDGET_TABLES - 1; i++) {
    if (s->slot[i] != BUDGET_NO_SLOT) {
      train_slot(&b->hash[s->slot[i]].slot, l);
      b->changed[s->slot[i] / 2] = 1;
    }
  }
  train_slot(&b->models[model].idle[s->idle_bin], l);
  train_population(b, &b->gap_idle[s->population[0]], l);
  train_population(b, &b->gap_ratio[s->population[1]], l);
  train_population(b, &b->rate_idle[s->population[2]], l);
}

/* How many horizons are over at an age. */
static uint32_t passed(float age) {
  uint32_t h = 0;
  while (h < BUDGET_HORIZONS && age > foresight__budget_horizon[h]) {
    h++;
  }
  return h;
}

/* Of the horizons in `due`: those that were over before the use say no. */
static void label(foresight_budget *b, uint32_t model, const budget_sample *s,
                  uint32_t due, uint32_t over) {
  foresight__budget_fetch(b, s);
  for (uint32_t at = 0; at < BUDGET_HORIZONS; at += BUDGET_LANES) {
    labels l = {.at = at};
    if (!(due >> at & ((1u << BUDGET_LANES) - 1))) {
      continue;
    }
    for (uint32_t h = 0; h < BUDGET_LANES; h++) {
      l.gate[h] = due >> (at + h) & 1 ? 1.0f : 0;
      l.y[h] = at + h < over ? 0 : 1.0f;
    }
    learn(b, model, s, &l);
  }
}

void foresight__budget_label(foresight_budget *b, uint32_t model, int used) {
  budget_model *m = &b->models[model];
  uint32_t kept = 0;
  for (uint32_t i = 0; i < m->samples; i++) {
    budget_sample *s = &m->sample[i];
    const float age = b->now > s->at ? (float)(b->now - s->at) * .001f : 0;
    const uint32_t over = passed(age);
    uint32_t due = used ? 255 : (1u << over) - 1;
    due &= ~(uint32_t)s->labelled;
    if (due) {
      label(b, model, s, due, over);
      s->labelled = (uint8_t)(s->labelled | due);
    }
    if (s->labelled == 255) {
      continue;
    }
    if (kept != i) {
      m->sample[kept] = *s;
    }
    kept++;
  }
  m->samples = kept;
}
