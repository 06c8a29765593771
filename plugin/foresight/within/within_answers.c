/* SPDX-License-Identifier: MIT
   What the head `within` answers; nothing here changes its state. */
#include "plugin/foresight/within/within_state.h"

/* A model nobody has asked for yet: as likely as any other to be the next
   newcomer, of whom there were so many in the last days. */
static void newcomer(const foresight_within *head,
                     const foresight_within_now *at, float p[HORIZONS]) {
  const float life = foresight_within_newcomer_life;
  const float away = within_seconds(head->now, at->time);
  const float seen = within_seconds(head->start, at->time);
  const float n = head->newcomers * within_exp2(-away / life);
  const float weight = 1.44269504f * life * (1.0f - within_exp2(-seen / life));
  const uint32_t unused = head->count - head->heap_size;
  const float rate =
      (n + 0.5f) / (weight + 3600.0f) / (unused > 0 ? (float)unused : 1.0f);
  for (int h = 0; h < HORIZONS; h++) {
    const float d = rate * foresight_within_horizon[h];
    p[h] = within_clip(1.0f - within_exp2(-1.44269504f * d), 1e-6f, 0.5f);
  }
}

static const within_model *known(const foresight_within *head, uint32_t model) {
  return model < head->count && head->models[model].count ? &head->models[model]
                                                          : NULL;
}

void foresight_within_predict(const foresight_within *head,
                              const foresight_within_now *at, uint32_t model,
                              float p[FORESIGHT_WITHIN_HORIZONS]) {
  const within_model *m = known(head, model);
  if (!m) {
    newcomer(head, at, p);
    return;
  }
  within_inputs in;
  lanes all;
  foresight_within_inputs(head, at, m, &in);
  foresight_within_mix(head, &in, all);
  for (int h = 0; h < HORIZONS; h++) {
    p[h] = h && all[h] < p[h - 1] ? p[h - 1] : all[h];
  }
}

void foresight_within_explain(const foresight_within *head,
                              const foresight_within_now *at, uint32_t model,
                              int horizon,
                              float share[FORESIGHT_WITHIN_SIGNALS]) {
  for (int g = 0; g < FORESIGHT_WITHIN_SIGNALS; g++) {
    share[g] = 0.0f;
  }
  const within_model *m = known(head, model);
  if (!m || horizon < 0 || horizon >= HORIZONS) {
    return;
  }
  within_inputs in;
  foresight_within_inputs(head, at, m, &in);
  float sum = 0.0f;
  for (int i = 0; i < INPUTS; i++) {
    const float part = head->mixer[horizon].weight[i] * in.x[i][horizon];
    share[foresight_within_signal_of(i)] += part;
    sum += part;
  }
  lanes p;
  foresight_within_mix(head, &in, p);
  share[FORESIGHT_WITHIN_MAPS] = within_stretch(p[horizon]) - sum;
}

/* The model's own part in that mean; and how far what is answered at the last
   horizon may scale the hazard past it. */
static const float own_part = 0.25f, beyond_least = 0.1f, beyond_most = 1.0f;

/* The chance of a use up to `t` seconds from now: between two horizons it
   grows as the hazards of the model's own gaps and its pool's, in the mean,
   would let it; at the horizons it is what is answered there. */
typedef struct course {
  const float *own, *pool;
  float age, own_now, pool_now;
  float hazard[HORIZONS + 1], p[HORIZONS + 1];
  float beyond; /* scale of the hazard past the last horizon */
} course;

static float hazard_to(const course *c, float t) {
  const float octave = within_octave(c->age + t);
  const float own = within_up_to(c->own, octave) - c->own_now;
  const float pool = within_up_to(c->pool, octave) - c->pool_now;
  return own_part * own + (1.0f - own_part) * pool + 1e-7f * t;
}

static float chance(float hazard) {
  return 1.0f - within_exp2(-1.44269504f * hazard);
}

static float chance_to(const course *c, float t) {
  int h = 0;
  while (h < HORIZONS && t > foresight_within_horizon[h]) {
    h++;
  }
  const float d = hazard_to(c, t);
  if (h == HORIZONS) {
    return c->p[h] + (1.0f - c->p[h]) * chance(c->beyond * (d - c->hazard[h]));
  }
  const float whole = chance(c->hazard[h + 1] - c->hazard[h]);
  const float part = chance(d - c->hazard[h]);
  return c->p[h] +
         (c->p[h + 1] - c->p[h]) * (part < whole ? part / whole : 1.0f);
}

static void follow(const foresight_within *head, const within_model *m,
                   float age, const float p[HORIZONS], course *c) {
  c->own = m->cumulated[0];
  c->pool = head->pools[m->pool].cumulated;
  c->age = age;
  c->own_now = within_up_to(c->own, within_octave(age));
  c->pool_now = within_up_to(c->pool, within_octave(age));
  c->hazard[0] = c->p[0] = 0.0f;
  for (int h = 0; h < HORIZONS; h++) {
    c->hazard[h + 1] = hazard_to(c, foresight_within_horizon[h]);
    c->p[h + 1] = p[h];
  }
  const float answered =
      -within_ln(1.0f - within_clip(p[HORIZONS - 1], 1e-6f, 0.9999f));
  c->beyond =
      within_clip(answered / c->hazard[HORIZONS], beyond_least, beyond_most);
}

int64_t foresight_within_expected_next(const foresight_within *head,
                                       const foresight_within_now *at,
                                       uint32_t model, float quantile) {
  float p[HORIZONS];
  foresight_within_predict(head, at, model, p);
  const float wanted = within_clip(quantile, 0.01f, 0.99f);
  const within_model *m = known(head, model);
  if (!m) {
    const float t =
        -within_ln(1.0f - wanted) * foresight_within_horizon[1] / p[1];
    return (int64_t)within_clip(t, 1.0f, foresight_within_farthest) * 1000;
  }
  course c;
  follow(head, m, within_seconds(m->last, at->time), p, &c);
  float low = 0.0f, high = 22.0f; /* log2 of seconds: up to 48 days */
  for (int i = 0; i < 16; i++) {
    const float middle = 0.5f * (low + high);
    if (chance_to(&c, within_exp2(middle)) < wanted) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return (int64_t)within_clip(within_exp2(high), 1.0f,
                              foresight_within_farthest) *
         1000;
}
