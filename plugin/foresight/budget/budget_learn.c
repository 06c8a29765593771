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

typedef struct {
  float x[BUDGET_INPUTS], r[BUDGET_TABLES];
  float base, p; /* probabilities of the two stages */
} mixed;

void foresight__budget_learn_init(foresight_budget *b) {
  static const float start[BUDGET_INPUTS] = {
      .08f, .08f, .08f, .08f, .08f, .08f, 0, 0, 0, 0, .4f, .1f, 0,
      .1f,  .1f,  .1f,  0};
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    for (int i = 0; i < BUDGET_INPUTS; i++) {
      b->weights.shared[h][i] = start[i];
    }
    for (int c = 0; c < BUDGET_IDLE_CLASSES; c++) {
      for (int i = 0; i < BUDGET_TABLES; i++) {
        b->weights.tables[c][h][i] = .25f;
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

static void gather(const foresight_budget *b, const budget_sample *s,
                   uint32_t h, float *x) {
  for (int i = 0; i < BUDGET_SIGNALS - 1; i++) {
    const float v = (float)s->signal[i] * (1.0f / 1024) + ln_horizon[h];
    x[i] = foresight__budget_clip(v, -8, 8);
  }
  float *rest = x + BUDGET_SIGNALS;
  rest[-1] = (float)s->signal[BUDGET_SIGNALS - 1] * (1.0f / 1024);
  rest[0] = stretch(b, b->gap_idle[s->population[0]].p[h]);
  rest[1] = stretch(b, b->gap_ratio[s->population[1]].p[h]);
  rest[2] = stretch(b, b->rate_idle[s->population[2]].p[h]);
  rest[3] = 1;
  for (int i = BUDGET_SIGNALS + 4; i < BUDGET_INPUTS; i++) {
    x[i] = 0;
  }
}

static const budget_slot *slot_of(const foresight_budget *b, uint32_t model,
                                  const budget_sample *s, int i) {
  if (i == BUDGET_TABLES - 1) {
    return &b->models[model].idle[s->idle_bin];
  }
  return s->slot[i] == BUDGET_NO_SLOT ? NULL : &b->hash[s->slot[i]].slot;
}

static float residual(const foresight_budget *b, const budget_slot *slot,
                      uint32_t h, float base, float logit) {
  if (!slot || !slot->n[h]) {
    return 0;
  }
  const float n = slot->n[h];
  const float p = (n * (float)slot->p[h] * (1.0f / 65536) + base) / (n + 1);
  const float told = n * p * (1 - p);
  return told / (told + BUDGET_EVIDENCE) *
         foresight__budget_clip(stretch(b, p) - logit, -6, 6);
}

static void mix(const foresight_budget *b, uint32_t model,
                const budget_sample *s, uint32_t h, mixed *m) {
  const float *all = b->weights.shared[h];
  const float *idle = b->weights.by_idle[s->idle_class][h];
  const float *count = b->weights.by_count[s->count_class][h];
  const float *tables = b->weights.tables[s->idle_class][h];
  const uint32_t without = b->options.without;
  float z = 0;
  gather(b, s, h, m->x);
  float sum[4] = {0, 0, 0, 0}; /* in a fixed order that suits the machine */
  for (int i = 0; i < BUDGET_INPUTS; i += 4) {
    for (int k = 0; k < 4; k++) {
      sum[k] += (all[i + k] + idle[i + k] + count[i + k]) * m->x[i + k];
    }
  }
  z = (sum[0] + sum[1]) + (sum[2] + sum[3]);
  z = foresight__budget_clip(z, -9, 9);
  m->base = foresight__budget_sigmoid(z);
  const float logit = z;
  for (int i = 0; i < BUDGET_TABLES; i++) {
    const int off = (without & FORESIGHT_BUDGET_NO_RESIDUALS) ||
                    (without >> (8 + i) & 1);
    m->r[i] = off ? 0
                  : residual(b, slot_of(b, model, s, i), h, m->base, logit);
    z += tables[i] * m->r[i];
  }
  m->p = foresight__budget_sigmoid(foresight__budget_clip(z, -9, 9));
}

float foresight__budget_predict(const foresight_budget *b, uint32_t model,
                                const budget_sample *s, uint32_t h) {
  mixed m;
  mix(b, model, s, h, &m);
  return m.p;
}

static void train_weights(foresight_budget *b, const budget_sample *s,
                          uint32_t h, const mixed *m, float y) {
  float *all = b->weights.shared[h];
  float *idle = b->weights.by_idle[s->idle_class][h];
  float *count = b->weights.by_count[s->count_class][h];
  float *tables = b->weights.tables[s->idle_class][h];
  float norm = 1;
  for (int i = 0; i < BUDGET_INPUTS; i++) {
    norm += m->x[i] * m->x[i];
  }
  float step = BUDGET_BASE_STEP * (y - m->base) / norm;
  for (int i = 0; i < BUDGET_INPUTS; i++) {
    const float d = step * m->x[i];
    all[i] += d;
    idle[i] += d;
    count[i] += d;
  }
  norm = 1;
  for (int i = 0; i < BUDGET_TABLES; i++) {
    norm += m->r[i] * m->r[i];
  }
  step = BUDGET_TABLE_STEP * (y - m->p) / norm;
  for (int i = 0; i < BUDGET_TABLES; i++) {
    tables[i] += step * m->r[i];
  }
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

static void learn(foresight_budget *b, uint32_t model, const budget_sample *s,
                  uint32_t h, float y) {
  mixed m;
  mix(b, model, s, h, &m);
  train_weights(b, s, h, &m, y);
  for (int i = 0; i < BUDGET_TABLES - 1; i++) {
    if (s->slot[i] != BUDGET_NO_SLOT) {
      train_slot(&b->hash[s->slot[i]].slot, h, y);
    }
  }
  train_slot(&b->models[model].idle[s->idle_bin], h, y);
  train_population(&b->gap_idle[s->population[0]], h, y);
  train_population(&b->gap_ratio[s->population[1]], h, y);
  train_population(&b->rate_idle[s->population[2]], h, y);
}

void foresight__budget_label(foresight_budget *b, uint32_t model, int used) {
  budget_model *m = &b->models[model];
  uint32_t kept = 0;
  for (uint32_t i = 0; i < m->samples; i++) {
    budget_sample *s = &m->sample[i];
    const float age = b->now > s->at ? (float)(b->now - s->at) * .001f : 0;
    for (uint32_t h = 0; h < BUDGET_HORIZONS; h++) {
      const int over = age > foresight__budget_horizon[h];
      if (!(s->labelled >> h & 1) && (over || used)) {
        learn(b, model, s, h, over ? 0 : 1.0f);
        s->labelled = (uint8_t)(s->labelled | 1u << h);
      }
    }
    if (s->labelled != 255) {
      m->sample[kept++] = *s;
    }
  }
  m->samples = kept;
}
