/* SPDX-License-Identifier: MIT
   Two layers of softmax mixing, learned on line. */
#include "plugin/foresight/next/next_mixer.h"

#include "plugin/foresight/next/next_map.h"
#include "plugin/foresight/next/next_math.h"

/* Sets of each family, as in NEXT_SETS_ALL. */
static const uint32_t SIZE[NEXT_SETS] = {
    NEXT_SETS_GAP,    NEXT_SETS_TASK, NEXT_SETS_LAST, NEXT_SETS_AGREE,
    NEXT_SETS_LENGTH, NEXT_SETS_ONE,  NEXT_SETS_LAST, NEXT_SETS_USER};

static void begin_set(next_weights *set) {
  for (uint32_t i = 0; i < NEXT_FEATURES; ++i) {
    set->w[i] = i == NEXT_F_POPULAR ? NEXT_POPULAR_WEIGHT
                : i < NEXT_F_COUNT  ? NEXT_WEIGHT
                                    : 0.0f;
    set->g[i] = 0.0f;
  }
}

void next_mixer_init(next_mixer *mixer) {
  for (uint32_t s = 0; s < NEXT_SETS_ALL; ++s)
    begin_set(&mixer->set[s]);
  for (uint32_t x = 0; x < NEXT_EXPERIENCES; ++x) {
    for (uint32_t s = 0; s < NEXT_SETS; ++s)
      mixer->final[x][s] = 1.0f / (float)NEXT_SETS;
    memset(mixer->final_g[x], 0, sizeof mixer->final_g[x]);
    mixer->missed[x] = 0.3f;
    mixer->tried[x] = 0.0f;
  }
  mixer->rate = 1.0f;
  next_map_init(mixer->map);
}

/* Of six contexts of different kinds: how many have an opinion, and how many
   share the commonest one. */
static uint32_t agreement(const next_frame *f) {
  static const uint8_t voter[6] = {NEXT_C_FAST,  NEXT_C_U_LAST,
                                   NEXT_C_LAST2, NEXT_C_LAST_LENGTH,
                                   NEXT_C_USER,  NEXT_C_TASK_EXACT};
  uint32_t vote[6], votes = 0, most = 0;
  for (uint32_t v = 0; v < 6; ++v) {
    const next_bucket *b = f->bucket[voter[v]];
    if (!b || !b->size)
      continue;
    uint32_t best = 0;
    for (uint32_t i = 1; i < b->size; ++i)
      if (b->count[i] > b->count[best])
        best = i;
    vote[votes++] = b->model[best];
  }
  for (uint32_t v = 0; v < votes; ++v) {
    uint32_t same = 0;
    for (uint32_t o = 0; o < votes; ++o)
      same += vote[o] == vote[v];
    most = same > most ? same : most;
  }
  return votes * 7 + most;
}

static void choose_sets(next_frame *f) {
  const uint32_t task = f->request.task;
  const uint32_t situation[NEXT_SETS] = {
      f->gap_class,
      (task < 16 ? task : 15) * 4 + f->busy,
      f->last == NEXT_NONE ? 0 : 1 + f->last % (NEXT_SETS_LAST - 1),
      agreement(f),
      f->length_bin * NEXT_EXPERIENCES + f->experience,
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

/* What every lane adds up over the candidates, and its inverse, so that the
   softmax of all sets is one pass; and the sets' logs weighed by `v`. */
static void softmax_sets(next_frame *f, float score[][NEXT_SETS],
                         const float *restrict v, float *restrict final) {
  float top[NEXT_SETS], sum[NEXT_SETS] = {0};
  memcpy(top, score[0], sizeof top);
  for (uint32_t i = 1; i < f->count; ++i)
    for (uint32_t s = 0; s < NEXT_SETS; ++s)
      top[s] = score[i][s] > top[s] ? score[i][s] : top[s];
  for (uint32_t i = 0; i < f->count; ++i)
    for (uint32_t s = 0; s < NEXT_SETS; ++s) {
      const float x = score[i][s] - top[s];
      const float e = next_exp(x);
      f->lp_set[i][s] = x;
      f->p_set[i][s] = e;
      sum[s] += e;
    }
  for (uint32_t s = 0; s < NEXT_SETS; ++s) {
    top[s] = next_log(sum[s]);
    sum[s] = 1.0f / sum[s];
  }
  for (uint32_t i = 0; i < f->count; ++i) {
    float *restrict lp = f->lp_set[i], *restrict p = f->p_set[i];
    float x[NEXT_SETS];
    for (uint32_t s = 0; s < NEXT_SETS; ++s) {
      const float l = lp[s] - top[s];
      lp[s] = l;
      p[s] *= sum[s];
      x[s] = v[s] * l;
    }
    final[i] =
        ((x[0] + x[4]) + (x[1] + x[5])) + ((x[2] + x[6]) + (x[3] + x[7]));
  }
}

static void exps(float *restrict out, const float *restrict x, float top) {
  for (uint32_t k = 0; k < NEXT_BLOCK; ++k)
    out[k] = next_exp(x[k] - top);
}

static void softmax(const next_frame *f, const float *score,
                    float *restrict p) {
  float top = score[0], sum = 0.0f;
  for (uint32_t i = 1; i < f->count; ++i)
    top = score[i] > top ? score[i] : top;
  for (uint32_t b = 0; b < f->padded; b += NEXT_BLOCK)
    exps(p + b, score + b, top);
  for (uint32_t i = 0; i < f->count; ++i)
    sum += p[i];
  sum = 1.0f / sum;
  for (uint32_t i = 0; i < f->count; ++i)
    p[i] *= sum;
}

/* The weights of a feature, a lane a set. */
static void weights_of(const next_mixer *mixer, const next_frame *f,
                       uint32_t feature, float *restrict w) {
  for (uint32_t s = 0; s < NEXT_SETS; ++s)
    w[s] = mixer->set[f->set[s]].w[feature];
}

static void score_sets(const next_mixer *mixer, const next_frame *f,
                       float score[][NEXT_SETS]) {
  float dense[NEXT_F_DENSE][NEXT_SETS];
  for (uint32_t j = 0; j < NEXT_F_DENSE; ++j)
    weights_of(mixer, f, j, dense[j]);
  for (uint32_t i = 0; i < f->count; ++i) {
    const float x0 = f->value[0][i], x1 = f->value[1][i], x2 = f->value[2][i];
    const float x3 = f->value[3][i], x4 = f->value[4][i];
    float *restrict to = score[i];
    for (uint32_t s = 0; s < NEXT_SETS; ++s)
      to[s] = dense[0][s] * x0 + dense[1][s] * x1 + dense[2][s] * x2 +
              dense[3][s] * x3 + dense[4][s] * x4;
  }
  for (uint32_t j = NEXT_F_DENSE; j < NEXT_F_COUNT; ++j) {
    float w[NEXT_SETS];
    if (!f->entries[j])
      continue;
    weights_of(mixer, f, j, w);
    for (uint32_t k = 0; k < f->entries[j]; ++k) {
      float *restrict to = score[f->at[j][k]];
      const float x = f->value[j][k];
      for (uint32_t s = 0; s < NEXT_SETS; ++s)
        to[s] += w[s] * x;
    }
  }
}
_Static_assert(NEXT_F_DENSE == 5, "as score_sets and dense_gradients have it");

void next_mixer_score(const next_mixer *mixer, next_frame *f) {
  float score[NEXT_MAX][NEXT_SETS], final[NEXT_MAX];
  choose_sets(f);
  score_sets(mixer, f, score);
  softmax_sets(f, score, mixer->final[f->experience], final);
  for (uint32_t i = f->count; i < f->padded; ++i)
    final[i] = 0.0f;
  softmax(f, final, f->p_mixed);
  next_map_apply(mixer->map, f, mixer->missed[f->experience]);
}

/* 1 / sqrt(x) for x >= 1, by Newton's steps from the usual guess. */
static float inverse_root(float x) {
  float y = next_float(0x5f375a86u - (next_bits(x) >> 1));
  for (uint32_t i = 0; i < 3; ++i)
    y = y * (1.5f - 0.5f * x * y * y);
  return y;
}

static void learn_set(next_weights *set, const float *gradient, float rate) {
  for (uint32_t j = 0; j < NEXT_FEATURES; ++j) {
    set->g[j] += gradient[j] * gradient[j];
    set->w[j] += rate * gradient[j] * inverse_root(set->g[j] + 1.0f);
  }
}

static void dense_gradients(const next_frame *f, float error[][NEXT_SETS],
                            float gradient[][NEXT_FEATURES]) {
  float sum[NEXT_F_DENSE][NEXT_SETS] = {{0}};
  for (uint32_t i = 0; i < f->count; ++i) {
    const float x0 = f->value[0][i], x1 = f->value[1][i], x2 = f->value[2][i];
    const float x3 = f->value[3][i], x4 = f->value[4][i];
    const float *restrict from = error[i];
    for (uint32_t s = 0; s < NEXT_SETS; ++s) {
      sum[0][s] += from[s] * x0;
      sum[1][s] += from[s] * x1;
      sum[2][s] += from[s] * x2;
      sum[3][s] += from[s] * x3;
      sum[4][s] += from[s] * x4;
    }
  }
  for (uint32_t j = 0; j < NEXT_F_DENSE; ++j)
    for (uint32_t s = 0; s < NEXT_SETS; ++s)
      gradient[s][j] = sum[j][s];
}

/* Each family's set, by the gradient of its own log loss. */
static void learn_sets(next_mixer *mixer, const next_frame *f, uint32_t truth) {
  float error[NEXT_MAX][NEXT_SETS];
  float gradient[NEXT_SETS][NEXT_FEATURES] = {{0}};
  for (uint32_t i = 0; i < f->count; ++i)
    for (uint32_t s = 0; s < NEXT_SETS; ++s)
      error[i][s] = 0.0f - f->p_set[i][s];
  for (uint32_t s = 0; s < NEXT_SETS; ++s)
    error[truth][s] = 1.0f - f->p_set[truth][s];
  dense_gradients(f, error, gradient);
  for (uint32_t j = NEXT_F_DENSE; j < NEXT_F_COUNT; ++j) {
    float sum[NEXT_SETS] = {0};
    if (!f->entries[j])
      continue;
    for (uint32_t k = 0; k < f->entries[j]; ++k) {
      const float *from = error[f->at[j][k]];
      const float x = f->value[j][k];
      for (uint32_t s = 0; s < NEXT_SETS; ++s)
        sum[s] += from[s] * x;
    }
    for (uint32_t s = 0; s < NEXT_SETS; ++s)
      gradient[s][j] = sum[s];
  }
  for (uint32_t s = 0; s < NEXT_SETS; ++s)
    learn_set(&mixer->set[f->set[s]], gradient[s], mixer->rate * NEXT_RATE);
}

static void learn_final(next_mixer *mixer, const next_frame *f,
                        uint32_t truth) {
  float *v = mixer->final[f->experience];
  float *g = mixer->final_g[f->experience];
  const float rate = mixer->rate * NEXT_FINAL_RATE;
  float sum[NEXT_SETS] = {0};
  for (uint32_t i = 0; i < f->count; ++i) {
    const float error = (i == truth ? 1.0f : 0.0f) - f->p_mixed[i];
    for (uint32_t s = 0; s < NEXT_SETS; ++s)
      sum[s] += error * f->lp_set[i][s];
  }
  for (uint32_t s = 0; s < NEXT_SETS; ++s) {
    g[s] += sum[s] * sum[s];
    v[s] += rate * sum[s] * inverse_root(g[s] + 1.0f);
  }
}

void next_mixer_learn(next_mixer *mixer, const next_frame *f, uint32_t truth) {
  float *missed = &mixer->missed[f->experience];
  float *tried = &mixer->tried[f->experience];
  *missed += ((truth == NEXT_NONE ? 1.0f : 0.0f) - *missed) / (*tried + 1.5f);
  *tried += *tried < NEXT_MISSED_LIMIT ? 1.0f : 0.0f;
  next_map_learn(mixer->map, f, truth);
  if (truth == NEXT_NONE)
    return;
  learn_final(mixer, f, truth);
  learn_sets(mixer, f, truth);
}

float next_mixer_weight(const next_mixer *mixer, const next_frame *f,
                        uint32_t feature) {
  float w = 0.0f;
  for (uint32_t s = 0; s < NEXT_SETS; ++s)
    w += mixer->final[f->experience][s] * mixer->set[f->set[s]].w[feature];
  return w;
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
    hearth_state_f32s(s, "mixer.g", set->g, NEXT_FEATURES, 0.0f, 1e30f);
  }
  for (uint32_t x = 0; x < NEXT_EXPERIENCES; ++x) {
    hearth_state_f32s(s, "mixer.final", mixer->final[x], NEXT_SETS, -1e4f,
                      1e4f);
    hearth_state_f32s(s, "mixer.final_g", mixer->final_g[x], NEXT_SETS, 0.0f,
                      1e30f);
  }
  for (uint32_t r = 0; r < NEXT_TOP; ++r)
    hearth_state_f32s(s, "mixer.map", mixer->map[r], NEXT_MAP_BINS, 0.0f, 1.0f);
  hearth_state_f32s(s, "mixer.missed", mixer->missed, NEXT_EXPERIENCES, 0.0f,
                    1.0f);
  hearth_state_f32s(s, "mixer.tried", mixer->tried, NEXT_EXPERIENCES, 0.0f,
                    NEXT_MISSED_LIMIT + 1.0f);
}
