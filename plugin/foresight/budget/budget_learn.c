/* SPDX-License-Identifier: MIT
   P_H in two stages: a shared logit, then the model's tables as residuals. */
#include "plugin/foresight/budget/budget_math.h"
#include "plugin/foresight/budget/budget_state.h"

#include "plugin/sdk/hint.h"
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
   lane keep one fixed order, and the bits are the same on every machine.  A
   loop over four of them is one vector and no loop. */
typedef float lanes[BUDGET_HORIZONS];
enum { FOUR = 4 };
_Static_assert((int)BUDGET_HORIZONS == 2 * (int)FOUR, "lanes are two vectors");

typedef struct {
  lanes x[BUDGET_USED_INPUTS], r[BUDGET_TABLES];
  lanes base, p; /* probabilities of the two stages */
} mixed;

HEARTH_SELDOM void foresight__budget_learn_init(foresight_budget *b) {
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
  b->stretch[BUDGET_STRETCH] = b->stretch[BUDGET_STRETCH - 1]; /* p = 1 */
}

/* Where p's logit is in the table, for p within [0, 1]; of what is no number,
   0.  The mask costs less than two bounds. */
static inline int32_t place_of(float p) {
  return (int32_t)(p * BUDGET_STRETCH) & (2 * BUDGET_STRETCH - 1);
}

static void gather_population(const foresight_budget *b,
                              const budget_population *t, float *restrict x) {
  int32_t place[BUDGET_HORIZONS];
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    place[h] = place_of(t->p[h]);
  }
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    x[h] = b->stretch[place[h]];
  }
}

static inline void add_horizon(float signal, const float *restrict ln,
                               float *restrict x) {
  for (int h = 0; h < FOUR; h++) {
    x[h] = signal + ln[h];
  }
  hearth_clip_four(x, -8, 8);
}

static void gather(const foresight_budget *b, const budget_sample *s,
                   lanes *x) {
  enum { TIMED = BUDGET_SIGNALS - 1 }; /* all but the traffic */
  float signal[TIMED];
  int32_t whole[TIMED];
  for (int i = 0; i < TIMED; i++) {
    whole[i] = s->signal[i];
  }
  for (int i = 0; i < TIMED; i++) {
    signal[i] = (float)whole[i] * (1.0f / 1024);
  }
  for (int i = 0; i < TIMED; i++) {
    add_horizon(signal[i], ln_horizon, x[i]);
    add_horizon(signal[i], ln_horizon + FOUR, x[i] + FOUR);
  }
  lanes *rest = x + BUDGET_SIGNALS;
  const float traffic = (float)s->signal[TIMED] * (1.0f / 1024);
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

/* The slots are far apart, and wanted only after the shared stage. */
static void fetch(const foresight_budget *b, const budget_sample *s) {
  for (int i = 0; i < BUDGET_TABLES - 1; i++) {
    hearth_fetch(&b->hash[s->slot[i] & (BUDGET_HASH_SIZE - 1)]);
  }
}

static int is_empty(const budget_slot *slot) {
  uint64_t n;
  memcpy(&n, slot->n, sizeof n);
  return n == 0;
}

/* A slot's labels and probabilities as floats: step by step, for each step to
   be a loop of one width. */
static inline void widen(const budget_slot *restrict slot, float *restrict n,
                         float *restrict p) {
  uint16_t few[BUDGET_HORIZONS];
  int32_t labels[BUDGET_HORIZONS], parts[BUDGET_HORIZONS];
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    few[h] = slot->n[h];
  }
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    labels[h] = few[h];
  }
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    parts[h] = slot->p[h];
  }
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    n[h] = (float)labels[h];
  }
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    p[h] = (float)parts[h];
  }
}

/* A horizon without labels tells nothing: its residual is zero. */
static inline void residual(const float *restrict table,
                            const float *restrict n, const float *restrict part,
                            const float *restrict base,
                            const float *restrict logit, float *restrict r) {
  float p[FOUR], trust[FOUR], x[FOUR];
  int32_t place[FOUR];
  for (int h = 0; h < FOUR; h++) {
    p[h] = (n[h] * part[h] * (1.0f / 65536) + base[h]) / (n[h] + 1);
  }
  for (int h = 0; h < FOUR; h++) {
    const float told = n[h] * p[h] * (1 - p[h]);
    trust[h] = told / (told + BUDGET_EVIDENCE);
  }
  for (int h = 0; h < FOUR; h++) {
    place[h] = place_of(p[h]);
  }
  for (int h = 0; h < FOUR; h++) {
    x[h] = table[place[h]];
  }
  for (int h = 0; h < FOUR; h++) {
    x[h] -= logit[h];
  }
  hearth_clip_four(x, -6, 6);
  for (int h = 0; h < FOUR; h++) {
    r[h] = trust[h] * x[h];
  }
}

static inline void add_input(float *restrict to, const float *restrict all,
                             const float *restrict idle,
                             const float *restrict count,
                             const float *restrict x) {
  for (int h = 0; h < FOUR; h++) {
    to[h] += (all[h] + idle[h] + count[h]) * x[h];
  }
}

/* Four sums of every fourth input: they do not wait for each other. */
static void logits(const lanes *restrict all, const lanes *restrict idle,
                   const lanes *restrict count, const lanes *restrict x,
                   float *restrict z) {
  enum { LAST = BUDGET_USED_INPUTS - 1 };
  _Static_assert(LAST % 4 == 0, "one input is left over");
  for (int at = 0; at < BUDGET_HORIZONS; at += FOUR) {
    float a[FOUR] = {0}, b[FOUR] = {0}, c[FOUR] = {0}, d[FOUR] = {0};
    for (int i = 0; i < LAST; i += 4) {
      add_input(a, all[i] + at, idle[i] + at, count[i] + at, x[i] + at);
      add_input(b, all[i + 1] + at, idle[i + 1] + at, count[i + 1] + at,
                x[i + 1] + at);
      add_input(c, all[i + 2] + at, idle[i + 2] + at, count[i + 2] + at,
                x[i + 2] + at);
      add_input(d, all[i + 3] + at, idle[i + 3] + at, count[i + 3] + at,
                x[i + 3] + at);
    }
    add_input(a, all[LAST] + at, idle[LAST] + at, count[LAST] + at,
              x[LAST] + at);
    for (int h = 0; h < FOUR; h++) {
      z[at + h] = (a[h] + b[h]) + (c[h] + d[h]);
    }
  }
}

static void sigmoids(float *restrict z, float *restrict p) {
  hearth_clip_four(z, -9, 9);
  hearth_clip_four(z + FOUR, -9, 9);
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    p[h] = 1 / (1 + foresight__budget_exp_small(-z[h]));
  }
}

static void mix(const foresight_budget *b, uint32_t model,
                const budget_sample *s, mixed *m) {
  const lanes *tables = b->weights.tables[s->idle_class];
  const uint32_t without = b->options.without;
  lanes z, logit;
  fetch(b, s);
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
    lanes n, p;
    widen(slot, n, p);
    residual(b->stretch, n, p, m->base, logit, m->r[i]);
    residual(b->stretch, n + FOUR, p + FOUR, m->base + FOUR, logit + FOUR,
             m->r[i] + FOUR);
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
    for (int h = 0; h < FOUR; h++) {
      norm[h] += x[i][h] * x[i][h];
    }
    for (int h = FOUR; h < BUDGET_HORIZONS; h++) {
      norm[h] += x[i][h] * x[i][h];
    }
  }
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    step[h] = rate * (y[h] - p[h]) / norm[h] * gate[h];
  }
}

/* The three sets that a prediction adds up take the same step. */
static inline void add_step(float *restrict all, float *restrict idle,
                            float *restrict count, const float *restrict x,
                            const float *restrict step) {
  for (int h = 0; h < FOUR; h++) {
    const float more = step[h] * x[h];
    all[h] += more;
    idle[h] += more;
    count[h] += more;
  }
}

static void train_weights(foresight_budget *b, const budget_sample *s,
                          const mixed *m, const float *y, const float *gate) {
  budget_weights *w = &b->weights;
  lanes *all = w->shared, *idle = w->by_idle[s->idle_class];
  lanes *count = w->by_count[s->count_class];
  lanes *tables = w->tables[s->idle_class], step;
  steps(m->x, BUDGET_USED_INPUTS, BUDGET_BASE_STEP, m->base, y, gate, step);
  for (int i = 0; i < BUDGET_USED_INPUTS; i++) {
    add_step(all[i], idle[i], count[i], m->x[i], step);
    add_step(all[i] + FOUR, idle[i] + FOUR, count[i] + FOUR, m->x[i] + FOUR,
             step + FOUR);
  }
  steps(m->r, BUDGET_TABLES, BUDGET_TABLE_STEP, m->p, y, gate, step);
  for (int i = 0; i < BUDGET_TABLES; i++) {
    for (int h = 0; h < BUDGET_HORIZONS; h++) {
      tables[i][h] += step[h] * m->r[i][h];
    }
  }
}

/* A gate of 0 leaves a lane's bits as they are: adding nothing is exact. */
static void train_slot(budget_slot *slot, const float *restrict gate,
                       const float *restrict y) {
  lanes n, p;
  int32_t labels[BUDGET_HORIZONS], parts[BUDGET_HORIZONS];
  widen(slot, n, p);
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    const float old = p[h] * (1.0f / 65536);
    const float now = old + (y[h] - old) / (n[h] + 1.5f) * gate[h];
    p[h] = now * 65536 + .5f;
  }
  hearth_clip_four(p, 0, 65535);
  hearth_clip_four(p + FOUR, 0, 65535);
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    n[h] += gate[h];
  }
  hearth_clip_four(n, 0, BUDGET_TABLE_LIMIT);
  hearth_clip_four(n + FOUR, 0, BUDGET_TABLE_LIMIT);
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    parts[h] = (int32_t)p[h];
  }
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    labels[h] = (int32_t)n[h];
  }
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    slot->p[h] = (uint16_t)parts[h];
  }
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    slot->n[h] = (uint8_t)labels[h];
  }
}

static void train_population(budget_population *t, const float *restrict gate,
                             const float *restrict y) {
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    t->p[h] += (y[h] - t->p[h]) / (t->n[h] + 1.5f) * gate[h];
  }
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    t->n[h] += gate[h];
  }
  hearth_clip_four(t->n, 0, BUDGET_POPULATION_LIMIT);
  hearth_clip_four(t->n + FOUR, 0, BUDGET_POPULATION_LIMIT);
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
  for (int i = 0; i < BUDGET_TABLES - 1; i++) {
    if (s->slot[i] != BUDGET_NO_SLOT) {
      train_slot(&b->hash[s->slot[i]].slot, gate, y);
      b->changed[s->slot[i] / 2] = 1;
    }
  }
  train_slot(&b->models[model].idle[s->idle_bin], gate, y);
  train_population(&b->gap_idle[s->population[0]], gate, y);
  train_population(&b->gap_ratio[s->population[1]], gate, y);
  train_population(&b->rate_idle[s->population[2]], gate, y);
}

/* How many horizons are over at an age. */
static uint32_t passed(float age) {
  uint32_t h = 0;
  while (h < BUDGET_HORIZONS && age > foresight__budget_horizon[h]) {
    h++;
  }
  return h;
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
      lanes y;
      for (uint32_t h = 0; h < BUDGET_HORIZONS; h++) {
        y[h] = h < over ? 0 : 1.0f;
      }
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
