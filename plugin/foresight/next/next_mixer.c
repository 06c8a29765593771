/* SPDX-License-Identifier: MIT
   Sums of weights in a softmax, learned on line. */
#include "plugin/foresight/next/next_mixer.h"

#include "plugin/foresight/next/next_map.h"
#include "plugin/foresight/next/next_math.h"
#include "plugin/sdk/hint.h"

/* Sets of each family, as in NEXT_SETS_ALL. */
static const uint32_t SIZE[NEXT_SETS] = {NEXT_SETS_GAP,  NEXT_SETS_TASK,
                                         NEXT_SETS_LAST, NEXT_SETS_ONE,
                                         NEXT_SETS_LAST, NEXT_SETS_USER};

uint32_t next_mixer_sets(uint32_t family) {
  return SIZE[family];
}

/* Every sum of a set of each family is the same at first. */
static void begin_set(next_weights *set) {
  const float part = 1.0f / (float)NEXT_SETS;
  for (uint32_t i = 0; i < NEXT_FEATURES; ++i) {
    set->w[i] = i == NEXT_F_POPULAR ? NEXT_POPULAR_WEIGHT * part
                : i < NEXT_F_COUNT  ? NEXT_WEIGHT * part
                                    : 0.0f;
    set->g[i] = NEXT_SQUARES;
  }
}

HEARTH_SELDOM void next_mixer_init(next_mixer *mixer) {
  for (uint32_t s = 0; s < NEXT_SETS_ALL; ++s)
    begin_set(&mixer->set[s]);
  for (uint32_t x = 0; x < NEXT_EXPERIENCES; ++x) {
    mixer->missed[x] = 0.3f;
    mixer->tried[x] = 0.0f;
  }
  mixer->rate = 1.0f;
  next_map_init(mixer->map);
}

static void choose_sets(next_frame *f) {
  const uint32_t task = f->request.task;
  const uint32_t situation[NEXT_SETS] = {
      f->gap_class,
      (task < 16 ? task : 15) * 4 + f->busy,
      f->last == NEXT_NONE ? 0 : 1 + f->last % (NEXT_SETS_LAST - 1),
      0,
      f->before == NEXT_NONE ? 0 : 1 + f->before % (NEXT_SETS_LAST - 1),
      f->user ? (uint32_t)next_mix(f->user->key) % (NEXT_SETS_USER - 1) + 1
              : 0};
  uint32_t first = 0;
  for (uint32_t s = 0; s < NEXT_SETS; ++s) {
    f->set[s] = first + situation[s];
    first += SIZE[s];
  }
}

static void add(float *restrict sum, const float *restrict x) {
  for (uint32_t j = 0; j < NEXT_FEATURES; ++j)
    sum[j] += x[j];
}

/* The greatest of `n`, a multiple of NEXT_BLOCK. */
static float greatest(const float *restrict x, uint32_t n) {
  float top[NEXT_BLOCK];
  memcpy(top, x, sizeof top);
  for (uint32_t b = NEXT_BLOCK; b < n; b += NEXT_BLOCK)
    for (uint32_t k = 0; k < NEXT_BLOCK; ++k)
      top[k] = x[b + k] > top[k] ? x[b + k] : top[k];
  for (uint32_t k = 1; k < NEXT_BLOCK; ++k)
    top[0] = top[k] > top[0] ? top[k] : top[0];
  return top[0];
}

static void exps(float *restrict x, float top) {
  for (uint32_t k = 0; k < NEXT_BLOCK; ++k)
    x[k] = next_exp(x[k] - top);
}

static void times(float *restrict x, float y) {
  for (uint32_t k = 0; k < NEXT_BLOCK; ++k)
    x[k] *= y;
}

/* Whole blocks; what fills the last one gets nothing. */
static void softmax(const next_frame *f, float *restrict x) {
  for (uint32_t i = f->count; i < f->padded; ++i)
    x[i] = x[0];
  const float top = greatest(x, f->padded);
  for (uint32_t b = 0; b < f->padded; b += NEXT_BLOCK)
    exps(x + b, top);
  for (uint32_t i = f->count; i < f->padded; ++i)
    x[i] = 0.0f;
  const float norm = 1.0f / next_sum(x, f->padded);
  for (uint32_t b = 0; b < f->padded; b += NEXT_BLOCK)
    times(x + b, norm);
}

static void score_dense(float *restrict to, const float *restrict x,
                        const float *restrict w) {
  const float *restrict x1 = x + NEXT_PLACES;
  const float *restrict x2 = x1 + NEXT_PLACES;
  const float *restrict x3 = x2 + NEXT_PLACES;
  const float *restrict x4 = x3 + NEXT_PLACES;
  const float w0 = w[0], w1 = w[1], w2 = w[2], w3 = w[3], w4 = w[4];
  for (uint32_t k = 0; k < NEXT_BLOCK; ++k)
    to[k] = (w0 * x[k] + w1 * x1[k]) + (w2 * x2[k] + w3 * x3[k]) + w4 * x4[k];
}
_Static_assert(NEXT_CHUNK == 4, "as scores and gradients have it");
_Static_assert(NEXT_F_DENSE == 5, "as score_dense has it");

void next_mixer_score(const next_mixer *mixer, next_frame *f) {
  float *p = f->p_mixed;
  choose_sets(f);
  p[NEXT_NOBODY] = 0.0f;
  memcpy(f->weight, mixer->set[f->set[0]].w, sizeof f->weight);
  for (uint32_t s = 1; s < NEXT_SETS; ++s)
    add(f->weight, mixer->set[f->set[s]].w);
  for (uint32_t b = 0; b < f->padded; b += NEXT_BLOCK)
    score_dense(p + b, &f->dense[0][b], f->weight);
  for (uint32_t j = NEXT_F_DENSE; j < NEXT_F_COUNT; ++j) {
    const float w = f->weight[j];
    const uint8_t *at = &f->at[f->first[j]];
    const float *value = &f->value[f->first[j]];
    for (uint32_t k = 0; k < f->entries[j]; k += NEXT_CHUNK) {
      p[at[k]] += w * value[k];
      p[at[k + 1]] += w * value[k + 1];
      p[at[k + 2]] += w * value[k + 2];
      p[at[k + 3]] += w * value[k + 3];
    }
  }
  softmax(f, p);
  next_map_apply(mixer->map, f, mixer->missed[f->experience]);
}

/* 1 / sqrt(x) within 0.2 %, by a step of Newton's from the usual guess: it is
   the length of a step. */
static inline float inverse_root(float x) {
  const float y = next_float(0x5f375a86u - (next_bits(x) >> 1));
  return y * (1.5f - 0.5f * x * y * y);
}

static void learn_set(next_weights *set, const float *restrict square,
                      const float *restrict step) {
  float *restrict w = set->w, *restrict g = set->g;
  for (uint32_t j = 0; j < NEXT_FEATURES; ++j) {
    const float squares = g[j] + square[j];
    g[j] = squares;
    w[j] += step[j] * inverse_root(squares);
  }
}

static void add_products(float *restrict sum, const float *restrict x,
                         const float *restrict y) {
  for (uint32_t k = 0; k < NEXT_BLOCK; ++k)
    sum[k] += x[k] * y[k];
}

/* As next_sum: of `n` products. */
static float dot(const float *restrict x, const float *restrict y, uint32_t n) {
  float sum[NEXT_BLOCK] = {0};
  for (uint32_t b = 0; b < n; b += NEXT_BLOCK)
    add_products(sum, x + b, y + b);
  return next_sum(sum, NEXT_BLOCK);
}

static void sparse_gradients(const next_frame *f, const float *restrict error,
                             float *restrict gradient) {
  for (uint32_t j = NEXT_F_DENSE; j < NEXT_F_COUNT; ++j) {
    const uint8_t *at = &f->at[f->first[j]];
    const float *value = &f->value[f->first[j]];
    float a = 0.0f, b = 0.0f, c = 0.0f, d = 0.0f;
    for (uint32_t k = 0; k < f->entries[j]; k += NEXT_CHUNK) {
      a += error[at[k]] * value[k];
      b += error[at[k + 1]] * value[k + 1];
      c += error[at[k + 2]] * value[k + 2];
      d += error[at[k + 3]] * value[k + 3];
    }
    gradient[j] = (a + b) + (c + d);
  }
}

static void subtract(float *restrict out, const float *restrict x) {
  for (uint32_t k = 0; k < NEXT_BLOCK; ++k)
    out[k] = 0.0f - x[k];
}

/* One step for the sets chosen, against the gradient of the log loss: of their
   sum, and so the same for each. */
static void learn_sets(next_mixer *mixer, const next_frame *f, uint32_t truth) {
  float error[NEXT_PLACES], gradient[NEXT_FEATURES];
  float square[NEXT_FEATURES], step[NEXT_FEATURES], common[NEXT_FEATURES];
  uint32_t b = 0;
  do /* there is a candidate: the truth */
    subtract(error + b, &f->p_mixed[b]);
  while ((b += NEXT_BLOCK) < f->padded);
  error[truth] += 1.0f;
  error[NEXT_NOBODY] = 0.0f;
  for (uint32_t j = 0; j < NEXT_F_DENSE; ++j)
    gradient[j] = dot(f->dense[j], error, f->padded);
  sparse_gradients(f, error, gradient);
  for (uint32_t j = NEXT_F_COUNT; j < NEXT_FEATURES; ++j)
    gradient[j] = 0.0f;
  for (uint32_t j = 0; j < NEXT_FEATURES; ++j) {
    square[j] = gradient[j] * gradient[j];
    step[j] = mixer->rate * NEXT_RATE * gradient[j];
    common[j] = mixer->rate * NEXT_COMMON_RATE * gradient[j];
  }
  for (uint32_t s = 0; s < NEXT_SETS; ++s)
    learn_set(&mixer->set[f->set[s]], square, SIZE[s] > 1 ? step : common);
}

void next_mixer_learn(next_mixer *mixer, const next_frame *f, uint32_t truth) {
  float *missed = &mixer->missed[f->experience];
  float *tried = &mixer->tried[f->experience];
  *missed += ((truth == NEXT_NONE ? 1.0f : 0.0f) - *missed) / (*tried + 1.5f);
  *tried += *tried < NEXT_MISSED_LIMIT ? 1.0f : 0.0f;
  next_map_learn(mixer->map, f, truth);
  if (truth != NEXT_NONE)
    learn_sets(mixer, f, truth);
}

static int has_learned(const void *mixer, uint32_t set) {
  next_weights fresh;
  begin_set(&fresh);
  return memcmp(&((const next_mixer *)mixer)->set[set], &fresh, sizeof fresh) !=
         0;
}

void next_mixer_state(hearth_state *s, next_mixer *mixer) {
  for (uint32_t i = 0;
       hearth_state_next(s, "mixer.set", &i, NEXT_SETS_ALL, has_learned, mixer);
       ++i) {
    next_weights *set = &mixer->set[i];
    hearth_state_f32s(s, "mixer.w", set->w, NEXT_FEATURES, -1e6f, 1e6f);
    hearth_state_f32s(s, "mixer.g", set->g, NEXT_FEATURES, NEXT_SQUARES, 1e30f);
  }
  for (uint32_t r = 0; r < NEXT_TOP; ++r)
    hearth_state_f32s(s, "mixer.map", mixer->map[r], NEXT_MAP_BINS, 0.0f, 1.0f);
  hearth_state_f32s(s, "mixer.missed", mixer->missed, NEXT_EXPERIENCES, 0.0f,
                    1.0f);
  hearth_state_f32s(s, "mixer.tried", mixer->tried, NEXT_EXPERIENCES, 0.0f,
                    NEXT_MISSED_LIMIT + 1.0f);
}
