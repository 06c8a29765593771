/* SPDX-License-Identifier: MIT
   P_H in two stages: a shared logit, then the model's tables as residuals. */
#include "plugin/foresight/budget/budget_mix.h"
#include "plugin/foresight/budget/budget_math.h"

#include <string.h>

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

static inline void add_horizon(float signal, const float *restrict ln,
                               float *restrict x) {
  for (int h = 0; h < BUDGET_LANES; h++) {
    x[h] = signal + ln[h];
  }
  hearth_clip_four(x, -8, 8);
}

static void gather(const foresight_budget *b, const budget_sample *s,
                   uint32_t at, budget_lanes *x) {
  enum { TIMED = BUDGET_SIGNALS - 1 }; /* all but the traffic */
  _Static_assert(TIMED % BUDGET_LANES == 0, "whole vectors");
  float signal[TIMED];
  for (int i = 0; i < TIMED; i += BUDGET_LANES) {
    foresight__budget_of_i16(s->signal + i, signal + i);
  }
  for (int i = 0; i < TIMED; i++) {
    add_horizon(signal[i] * (1.0f / 1024), ln_horizon + at, x[i]);
  }
  budget_lanes *rest = x + BUDGET_SIGNALS;
  const float traffic = (float)s->signal[TIMED] * (1.0f / 1024);
  for (int h = 0; h < BUDGET_LANES; h++) {
    rest[-1][h] = traffic;
    rest[3][h] = 1;
  }
  memcpy(rest[0], b->gap_idle[s->population[0]].logit + at, sizeof rest[0]);
  memcpy(rest[1], b->gap_ratio[s->population[1]].logit + at, sizeof rest[1]);
  memcpy(rest[2], b->rate_idle[s->population[2]].logit + at, sizeof rest[2]);
}

void foresight__budget_fetch(const foresight_budget *b,
                             const budget_sample *s) {
  for (int i = 0; i < BUDGET_TABLES - 1; i++) {
    hearth_fetch(&b->hash[s->slot[i] & (BUDGET_HASH_SIZE - 1)]);
  }
}

static const budget_slot *slot_of(const foresight_budget *b, uint32_t model,
                                  const budget_sample *s, int i) {
  if (i == BUDGET_TABLES - 1) {
    return &b->models[model].idle[s->idle_bin];
  }
  return s->slot[i] == BUDGET_NO_SLOT ? NULL : &b->hash[s->slot[i]].slot;
}

static int is_empty(const budget_slot *slot, uint32_t at) {
  uint32_t n;
  memcpy(&n, slot->n + at, sizeof n);
  return n == 0;
}

/* A horizon without labels tells nothing: its residual is zero. */
static inline void residual(const float *restrict table,
                            const float *restrict n, const float *restrict part,
                            const float *restrict base,
                            const float *restrict logit, float *restrict r) {
  budget_lanes p, trust, x;
  int32_t place[BUDGET_LANES];
  for (int h = 0; h < BUDGET_LANES; h++) {
    p[h] = (n[h] * part[h] * (1.0f / 65536) + base[h]) / (n[h] + 1);
  }
  for (int h = 0; h < BUDGET_LANES; h++) {
    const float told = n[h] * p[h] * (1 - p[h]);
    trust[h] = told / (told + BUDGET_EVIDENCE);
  }
  for (int h = 0; h < BUDGET_LANES; h++) {
    place[h] = foresight__budget_place(p[h]);
  }
  for (int h = 0; h < BUDGET_LANES; h++) {
    x[h] = table[place[h]];
  }
  for (int h = 0; h < BUDGET_LANES; h++) {
    x[h] -= logit[h];
  }
  hearth_clip_four(x, -6, 6);
  for (int h = 0; h < BUDGET_LANES; h++) {
    r[h] = trust[h] * x[h];
  }
}

static inline void add_input(float *restrict to, const float *restrict all,
                             const float *restrict idle,
                             const float *restrict count,
                             const float *restrict x) {
  for (int h = 0; h < BUDGET_LANES; h++) {
    to[h] += (all[h] + idle[h] + count[h]) * x[h];
  }
}

typedef const float weights[BUDGET_HORIZONS];

/* Four sums of every fourth input: they do not wait for each other. */
static inline void logits(weights *all, weights *idle, weights *count,
                          uint32_t at, const budget_lanes *restrict x,
                          float *restrict z) {
  enum { LAST = BUDGET_USED_INPUTS - 1 };
  _Static_assert(LAST % 4 == 0, "one input is left over");
  budget_lanes a = {0}, b = {0}, c = {0}, d = {0};
  for (int i = 0; i < LAST; i += 4) {
    add_input(a, all[i] + at, idle[i] + at, count[i] + at, x[i]);
    add_input(b, all[i + 1] + at, idle[i + 1] + at, count[i + 1] + at,
              x[i + 1]);
    add_input(c, all[i + 2] + at, idle[i + 2] + at, count[i + 2] + at,
              x[i + 2]);
    add_input(d, all[i + 3] + at, idle[i + 3] + at, count[i + 3] + at,
              x[i + 3]);
  }
  add_input(a, all[LAST] + at, idle[LAST] + at, count[LAST] + at, x[LAST]);
  for (int h = 0; h < BUDGET_LANES; h++) {
    z[h] = (a[h] + b[h]) + (c[h] + d[h]);
  }
}

static inline void add_residual(float *restrict z, const float *restrict weight,
                                const float *restrict r) {
  for (int h = 0; h < BUDGET_LANES; h++) {
    z[h] += weight[h] * r[h];
  }
}

static inline void sigmoids(float *restrict z, float *restrict p) {
  hearth_clip_four(z, -9, 9);
  for (int h = 0; h < BUDGET_LANES; h++) {
    p[h] = 1 / (1 + foresight__budget_exp_small(-z[h]));
  }
}

void foresight__budget_mix(const foresight_budget *b, uint32_t model,
                           const budget_sample *s, uint32_t at,
                           budget_mixed *m) {
  const float(*tables)[BUDGET_HORIZONS] = b->weights.tables[s->idle_class];
  const uint32_t without = b->options.without;
  budget_lanes z, logit;
  gather(b, s, at, m->x);
  logits(b->weights.shared, b->weights.by_idle[s->idle_class],
         b->weights.by_count[s->count_class], at, m->x, z);
  sigmoids(z, m->base);
  memcpy(logit, z, sizeof logit);
  for (int i = 0; i < BUDGET_TABLES; i++) {
    const int off =
        (without & FORESIGHT_BUDGET_NO_RESIDUALS) || (without >> (8 + i) & 1);
    const budget_slot *slot = slot_of(b, model, s, i);
    if (off || !slot || is_empty(slot, at)) {
      memset(m->r[i], 0, sizeof m->r[i]);
      continue;
    }
    budget_lanes n, p;
    foresight__budget_widen(slot, at, n, p);
    residual(b->stretch, n, p, m->base, logit, m->r[i]);
    add_residual(z, tables[i] + at, m->r[i]);
  }
  sigmoids(z, m->p);
}

void foresight__budget_predict(const foresight_budget *b, uint32_t model,
                               const budget_sample *s, float *p) {
  foresight__budget_fetch(b, s);
  for (uint32_t at = 0; at < BUDGET_HORIZONS; at += BUDGET_LANES) {
    budget_mixed m;
    foresight__budget_mix(b, model, s, at, &m);
    memcpy(p + at, m.p, sizeof m.p);
  }
}
