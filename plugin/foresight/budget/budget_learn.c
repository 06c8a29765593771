/* SPDX-License-Identifier: MIT
   P_H in two stages: a shared logit, then the model's tables as residuals. */
#include "plugin/foresight/budget/budget_math.h"
#include "plugin/foresight/budget/budget_state.h"

#include "plugin/sdk/math.h"

/* Rare models' own tables are noise, and decisions are about rare models: so
   the tables enter only as differences from the shared stage, weighed by how
   much their labels tell (n p (1 - p)), and each stage learns from its own
   error. */
const float foresight__budget_horizon[BUDGET_HORIZONS] = {
    10, 50, 240, 1200, 5800, 28000, 137000, 660000};

static const float ln_horizon[BUDGET_HORIZONS] = {
    2.302585f, 3.912023f,  5.480639f,  7.090077f,
    8.665613f, 10.239960f, 11.827736f, 13.399995f};

double foresight_budget_horizon(uint32_t i) {
  return i < BUDGET_HORIZONS ? (double)foresight__budget_horizon[i] : 0;
}

/* By horizon inside, so that all eight are lanes of vectors: the sums of each
   lane keep one fixed order, and the bits are the same on every machine. */
typedef float lanes[BUDGET_HORIZONS];

typedef struct {
  lanes x[BUDGET_USED_INPUTS], r[BUDGET_TABLES];
  lanes base, p; /* probabilities of the two stages */
} mixed;

void foresight__budget_learn_init(foresight_budget *b) {
  static const float start[BUDGET_INPUTS] = {.08f, .08f, .08f, .08f, .08f, .08f,
                                             0,    0,    0,    0,    .4f,  .1f,
                                             0,    .1f,  .1f,  .1f,  0};
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
  for (int i = 0; i < BUDGET_STRETCH; i++) {
    b->stretch[i] = (float)hearth_logit((i + .5) / BUDGET_STRETCH);
  }
}

static float stretch(const foresight_budget *b, float p) {
  const int i = (int)(p * BUDGET_STRETCH);
  return b->stretch[i < 0 ? 0 : i >= BUDGET_STRETCH ? BUDGET_STRETCH - 1 : i];
}

static void gather_population(const foresight_budget *b,
                              const budget_population *t, float *x) {
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    x[h] = stretch(b, t->p[h]);
  }
}

static void gather(const foresight_budget *b, const budget_sample *s,
                   lanes *x) {
  for (int i = 0; i < BUDGET_SIGNALS - 1; i++) {
    const float signal = (float)s->signal[i] * (1.0f / 1024);
    for (int h = 0; h < BUDGET_HORIZONS; h++) {
      x[i][h] = foresight__budget_clip(signal + ln_horizon[h], -8, 8);
    }
  }
  lanes *rest = x + BUDGET_SIGNALS;
  const float traffic = (float)s->signal[BUDGET_SIGNALS - 1] * (1.0f / 1024);
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    rest[-1][h] = traffic;
    rest[3][h] = 1;
  }
  gather_population(b, &b->gap_idle[s->population[0]], rest[0]);
  gather_population(b, &b->gap_ratio[s->population[1]], rest[1]);
  gather_population(b, &b->rate_idle[s->population[2]], rest[2]);
}

static const budget_slot *slot_of(const foresight_budget *b, uint32_t model,
                                  const budget_sample *s, int i) {
  if (i == BUDGET_TABLES - 1) {
    return &b->models[model].idle[s->idle_bin];
  }
  return s->slot[i] == BUDGET_NO_SLOT ? NULL : &b->hash[s->slot[i]].slot;
}

static int is_empty(const budget_slot *slot) {
  uint64_t n;
  memcpy(&n, slot->n, sizeof n);
  return n == 0;
}

/* A horizon without labels tells nothing: its residual is zero. */
static void residual(const foresight_budget *b, const budget_slot *slot,
                     const float *restrict base, const float *restrict logit,
                     float *restrict r) {
  lanes n, p, trust;
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    n[h] = slot->n[h];
    p[h] = slot->p[h];
  }
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    p[h] = (n[h] * p[h] * (1.0f / 65536) + base[h]) / (n[h] + 1);
    const float told = n[h] * p[h] * (1 - p[h]);
    trust[h] = told / (told + BUDGET_EVIDENCE);
  }
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    r[h] =
        trust[h] * foresight__budget_clip(stretch(b, p[h]) - logit[h], -6, 6);
  }
}

static void logits(const lanes *restrict all, const lanes *restrict idle,
                   const lanes *restrict count, lanes *restrict x,
                   float *restrict z) {
  lanes sum[4] = {{0}};
  for (int i = 0; i < BUDGET_USED_INPUTS; i++) {
    float *to = sum[i & 3];
    for (int h = 0; h < BUDGET_HORIZONS; h++) {
      to[h] += (all[i][h] + idle[i][h] + count[i][h]) * x[i][h];
    }
  }
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    z[h] = (sum[0][h] + sum[1][h]) + (sum[2][h] + sum[3][h]);
  }
}

static void sigmoids(float *restrict z, float *restrict p) {
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    z[h] = foresight__budget_clip(z[h], -9, 9);
  }
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    p[h] = 1 / (1 + foresight__budget_exp_small(-z[h]));
  }
}

static void mix(const foresight_budget *b, uint32_t model,
                const budget_sample *s, mixed *m) {
  const lanes *tables = b->weights.tables[s->idle_class];
  const uint32_t without = b->options.without;
  lanes z, logit;
  gather(b, s, m->x);
  logits(b->weights.shared, b->weights.by_idle[s->idle_class],
         b->weights.by_count[s->count_class], m->x, z);
  sigmoids(z, m->base);
  memcpy(logit, z, sizeof logit);
  for (int i = 0; i < BUDGET_TABLES; i++) {
    const int off =
        (without & FORESIGHT_BUDGET_NO_RESIDUALS) || (without >> (8 + i) & 1);
    const budget_slot *slot = slot_of(b, model, s, i);
    if (off || !slot || is_empty(slot)) {
      memset(m->r[i], 0, sizeof m->r[i]);
      continue;
    }
    residual(b, slot, m->base, logit, m->r[i]);
    for (int h = 0; h < BUDGET_HORIZONS; h++) {
      z[h] += tables[i][h] * m->r[i][h];
    }
  }
  sigmoids(z, m->p);
}

void foresight__budget_predict(const foresight_budget *b, uint32_t model,
                               const budget_sample *s, float *p) {
  mixed m;
  mix(b, model, s, &m);
  memcpy(p, m.p, sizeof m.p);
}

/* The step of each lane: none where there is no label. */
static void steps(const lanes *x, int count, float rate,
                  const float *restrict p, const float *restrict y,
                  const float *restrict gate, float *restrict step) {
  lanes norm;
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    norm[h] = 1;
  }
  for (int i = 0; i < count; i++) {
    for (int h = 0; h < BUDGET_HORIZONS; h++) {
      norm[h] += x[i][h] * x[i][h];
    }
  }
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    step[h] = rate * (y[h] - p[h]) / norm[h] * gate[h];
  }
}

static void add_steps(lanes *restrict weights, const lanes *restrict x,
                      int count, const float *restrict step) {
  for (int i = 0; i < count; i++) {
    for (int h = 0; h < BUDGET_HORIZONS; h++) {
      weights[i][h] += step[h] * x[i][h];
    }
  }
}

static void train_weights(foresight_budget *b, const budget_sample *s,
                          const mixed *m, const float *y, const float *gate) {
  budget_weights *w = &b->weights;
  lanes step;
  steps(m->x, BUDGET_USED_INPUTS, BUDGET_BASE_STEP, m->base, y, gate, step);
  add_steps(w->shared, m->x, BUDGET_USED_INPUTS, step);
  add_steps(w->by_idle[s->idle_class], m->x, BUDGET_USED_INPUTS, step);
  add_steps(w->by_count[s->count_class], m->x, BUDGET_USED_INPUTS, step);
  steps(m->r, BUDGET_TABLES, BUDGET_TABLE_STEP, m->p, y, gate, step);
  add_steps(w->tables[s->idle_class], m->r, BUDGET_TABLES, step);
}

static void train_slot(budget_slot *slot, uint32_t h, float y) {
  float p = (float)slot->p[h] * (1.0f / 65536);
  p += (y - p) / ((float)slot->n[h] + 1.5f);
  p = foresight__budget_clip(p * 65536 + .5f, 0, 65535);
  slot->p[h] = (uint16_t)p;
  slot->n[h] = (uint8_t)(slot->n[h] + (slot->n[h] < BUDGET_TABLE_LIMIT));
}

static void train_population(budget_population *t, uint32_t h, float y) {
  t->p[h] += (y - t->p[h]) / (t->n[h] + 1.5f);
  t->n[h] += t->n[h] < BUDGET_POPULATION_LIMIT ? 1.0f : 0;
}

/* Of the horizons in `due`; each is a lane that touches no other. */
static void learn(foresight_budget *b, uint32_t model, const budget_sample *s,
                  uint32_t due, const float *y) {
  mixed m;
  lanes gate;
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    gate[h] = due >> h & 1 ? 1.0f : 0;
  }
  mix(b, model, s, &m);
  train_weights(b, s, &m, y, gate);
  for (uint32_t h = 0; h < BUDGET_HORIZONS; h++) {
    if (!(due >> h & 1)) {
      continue;
    }
    for (int i = 0; i < BUDGET_TABLES - 1; i++) {
      if (s->slot[i] != BUDGET_NO_SLOT) {
        train_slot(&b->hash[s->slot[i]].slot, h, y[h]);
      }
    }
    train_slot(&b->models[model].idle[s->idle_bin], h, y[h]);
    train_population(&b->gap_idle[s->population[0]], h, y[h]);
    train_population(&b->gap_ratio[s->population[1]], h, y[h]);
    train_population(&b->rate_idle[s->population[2]], h, y[h]);
  }
}

void foresight__budget_label(foresight_budget *b, uint32_t model, int used) {
  budget_model *m = &b->models[model];
  uint32_t kept = 0;
  for (uint32_t i = 0; i < m->samples; i++) {
    budget_sample *s = &m->sample[i];
    const float age = b->now > s->at ? (float)(b->now - s->at) * .001f : 0;
    uint32_t due = 0;
    lanes y;
    for (uint32_t h = 0; h < BUDGET_HORIZONS; h++) {
      const int over = age > foresight__budget_horizon[h];
      y[h] = over ? 0 : 1.0f;
      due |= (uint32_t)(over || used) << h;
    }
    due &= ~(uint32_t)s->labelled;
    if (due) {
      learn(b, model, s, due, y);
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
