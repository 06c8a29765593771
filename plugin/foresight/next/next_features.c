/* SPDX-License-Identifier: MIT
   What speaks for each candidate: the rows of the feature matrix. */
#include "plugin/foresight/next/next_features.h"

#include "plugin/foresight/next/next_context.h"
#include "plugin/foresight/next/next_evidence.h"
#include "plugin/foresight/next/next_math.h"

#define NEXT_FEW 8u /* entries handled at once; divides NEXT_ENTRIES */

static const uint8_t GROUP[NEXT_FEATURES] = {
    FORESIGHT_NEXT_POPULARITY,
    FORESIGHT_NEXT_POPULARITY,
    FORESIGHT_NEXT_POPULARITY,
    FORESIGHT_NEXT_POPULARITY,
    FORESIGHT_NEXT_TIME, /* rhythm */
#define X(name, alpha, group) FORESIGHT_NEXT_##group,
    NEXT_USER_CONTEXTS(X) NEXT_WORLD_CONTEXTS(X)
#undef X
        FORESIGHT_NEXT_HABIT, /* since */
    FORESIGHT_NEXT_LENGTH,    /* kernel */
    FORESIGHT_NEXT_HABIT,     /* together */
    FORESIGHT_NEXT_HABIT,     /* new */
    FORESIGHT_NEXT_SEQUENCE,
    FORESIGHT_NEXT_SEQUENCE};

uint32_t next_feature_group(uint32_t feature) {
  return GROUP[feature];
}

static float log_clipped(float x) {
  return next_clip(next_log(x), -NEXT_CLIP, NEXT_CLIP);
}

/* Half the log of what takes part, less what is said of all others, for a few
   entries at once. */
static void half_logs(float *restrict x, float absent) {
  for (uint32_t k = 0; k < NEXT_FEW; ++k)
    x[k] = next_clip(0.5f * next_log(x[k]), -NEXT_CLIP, NEXT_CLIP) - absent;
}

static float half_log(float x) {
  return next_clip(0.5f * next_log(x), -NEXT_CLIP, NEXT_CLIP);
}

static void clipped_logs(float *restrict x) {
  for (uint32_t k = 0; k < NEXT_FEW; ++k)
    x[k] = next_clip(next_log(x[k]), -NEXT_CLIP, NEXT_CLIP);
}

/* The clipped log of each entry of a feature, and of the room behind them. */
static void log_entries(next_frame *f, uint32_t feature) {
  float *x = f->value[feature];
  const uint32_t n = f->entries[feature];
  for (uint32_t i = n; i % NEXT_FEW; ++i)
    x[i] = 1.0f;
  for (uint32_t b = 0; b < n; b += NEXT_FEW)
    clipped_logs(x + b);
}

static void put(next_frame *f, uint32_t feature, uint32_t candidate, float x) {
  const uint32_t i = f->entries[feature]++;
  f->at[feature][i] = (uint8_t)candidate;
  f->value[feature][i] = x;
}

/* The clipped log of a / b for a block of candidates; b NULL is one. */
static void log_ratio(float *restrict out, const float *restrict a,
                      const float *restrict b) {
  float x[NEXT_BLOCK];
  if (b)
    for (uint32_t k = 0; k < NEXT_BLOCK; ++k)
      x[k] = a[k] / b[k];
  else
    memcpy(x, a, sizeof x);
  const float clip = b ? NEXT_CLIP : 80.0f;
  for (uint32_t k = 0; k < NEXT_BLOCK; ++k)
    out[k] = next_clip(next_log(x[k]), -clip, clip);
}

static void fill_popularity(next_frame *f, const next_prior *prior,
                            const next_rhythm *rhythm) {
  next_prior_read(prior, f->request.now_ms, f->model, f->count, f->q[0],
                  NEXT_MAX);
  next_rhythm_read(rhythm, f->request.now_ms, f->model, f->count,
                   f->value[NEXT_F_RHYTHM]);
  for (uint32_t b = 0; b < f->padded; b += NEXT_BLOCK) {
    log_ratio(&f->value[NEXT_F_POPULAR][b], &f->q[NEXT_PRIOR][b], NULL);
    log_ratio(&f->value[NEXT_F_TREND1][b], &f->q[0][b], &f->q[1][b]);
    log_ratio(&f->value[NEXT_F_TREND2][b], &f->q[1][b], &f->q[2][b]);
    log_ratio(&f->value[NEXT_F_TREND3][b], &f->q[3][b], &f->q[4][b]);
  }
}

static void powers(float *restrict out, const float *restrict x, float power) {
  for (uint32_t k = 0; k < NEXT_BLOCK; ++k)
    out[k] = next_exp(power * x[k]);
}

/* What the other features are ratios to.  To the prior itself would ask them
   to undo it where they know better, which costs log loss; to nothing at all
   would leave rare models to chance: its square root serves best. */
static void fill_base(next_frame *f, float temper) {
  float sum = 0.0f;
  for (uint32_t b = 0; b < f->padded; b += NEXT_BLOCK)
    powers(&f->base[b], &f->value[NEXT_F_POPULAR][b], temper);
  for (uint32_t i = 0; i < f->count; ++i)
    sum += f->base[i];
  sum = 1.0f / sum;
  for (uint32_t i = 0; i < f->count; ++i)
    f->base[i] *= sum;
}

static void multiply(float *restrict x, const float *restrict count,
                     const float *restrict q, const float *restrict p,
                     float norm) {
  for (uint32_t k = 0; k < NEXT_FEW; ++k)
    x[k] = (count[k] + q[k]) * norm / q[k] * p[k] / q[k];
}

/* Of what the bucket holds, the candidates from `known` on: x = twice the mean
   of the two ratios to the prior. */
static uint32_t ratios(const next_frame *f, const next_evidence *evidence,
                       uint32_t c, uint32_t known, uint8_t *restrict at,
                       float *restrict x) {
  const next_bucket *b = f->bucket[c];
  const float norm = 1.0f / (b->total + 1.0f);
  float count[NEXT_ENTRIES], q[NEXT_ENTRIES], p[NEXT_ENTRIES];
  uint32_t n = 0;
  for (uint32_t i = 0; i < b->size; ++i) {
    const uint32_t m = f->held[c][i] - 1u;
    if (!f->held[c][i] || m < known)
      continue;
    count[n] = b->count[i];
    q[n] = f->base[m];
    p[n] = evidence->state[c][f->state[c][i]].p;
    at[n++] = (uint8_t)m;
  }
  for (uint32_t i = n; i % NEXT_FEW; ++i)
    count[i] = q[i] = p[i] = 1.0f;
  for (uint32_t i = 0; i < n; i += NEXT_FEW)
    multiply(x + i, count + i, q + i, p + i, norm);
  return n;
}

/* The mean of two log ratios to the prior: what the bucket counts, and how
   often such counts came true.  All that a bucket does not hold are alike. */
static void fill_context(next_frame *f, const next_evidence *evidence,
                         uint32_t c) {
  const next_bucket *b = f->bucket[c];
  const uint32_t feature = NEXT_F_CONTEXT + c;
  if (!b || !b->size)
    return;
  const float *q = f->base;
  const float norm = 1.0f / (b->total + 1.0f);
  float held = 0.0f;
  for (uint32_t i = 0; i < b->size; ++i)
    held += f->held[c][i] ? q[f->held[c][i] - 1] : 0.0f;
  held = held < 0.999f ? held : 0.999f;
  const float escape = evidence->escape[c][next_evidence_escape(b)].p;
  const float absent = half_log(norm * escape / (1.0f - held));
  const uint32_t known = c == NEXT_C_NEW_LAST ? f->familiar : 0;
  for (uint32_t i = 0; i < known; ++i)
    put(f, feature, i, -absent);
  float *x = &f->value[feature][known];
  const uint32_t n = ratios(f, evidence, c, known, &f->at[feature][known], x);
  for (uint32_t i = 0; i < n; i += NEXT_FEW)
    half_logs(x + i, absent);
  f->entries[feature] += n;
}

/* Similar inputs of the user went to these models. */
static void fill_kernel(next_frame *f) {
  const uint16_t now = foresight_users_length_code(f->request.input_length);
  float x[NEXT_KERNEL_EVENTS] = {0}, k[NEXT_MAX] = {0};
  if (!now || !f->user)
    return;
  const uint32_t size =
      f->user->size < NEXT_KERNEL_EVENTS ? f->user->size : NEXT_KERNEL_EVENTS;
  for (uint32_t j = 0; j < size; ++j) {
    const uint16_t then = foresight_users_event(f->user, j)->length;
    const float d = (float)(now > then ? now - then : then - now);
    x[j] = -NEXT_KERNEL_WIDTH / 1024.0f * d - NEXT_KERNEL_AGE * (float)j;
  }
  for (uint32_t j = 0; j < NEXT_KERNEL_EVENTS; ++j)
    x[j] = next_exp(x[j]);
  for (uint32_t j = 0; j < size; ++j)
    if (foresight_users_event(f->user, j)->length && f->event[j])
      k[f->event[j] - 1u] += x[j];
  /* For the others the ratio is TRUST / (sum + TRUST). */
  for (uint32_t i = 0; i < f->familiar; ++i)
    if (k[i] > 0.0f)
      put(f, NEXT_F_KERNEL, i, 1.0f + k[i] / (NEXT_KERNEL_TRUST * f->base[i]));
  log_entries(f, NEXT_F_KERNEL);
}

static void fill_together(next_frame *f, const next_table *table) {
  const float *q = f->base;
  float rest = 0.0f, seen[NEXT_MAX] = {0};
  for (uint32_t r = 0; r < f->recents; ++r) {
    const next_bucket *b =
        next_table_find(table, next_context_together(f->recent[r]));
    const float norm = 1.0f / ((b ? b->total : 0.0f) + 1.0f);
    rest += norm;
    for (uint32_t i = 0; b && i < b->size; ++i) {
      const uint32_t m = next_frame_find(f, b->model[i]);
      if (m != NEXT_NONE)
        seen[m] += b->count[i] * norm;
    }
  }
  for (uint32_t i = 0; i < f->count; ++i)
    if (seen[i] > 0.0f)
      put(f, NEXT_F_TOGETHER, i, 1.0f + seen[i] / (q[i] * rest));
  log_entries(f, NEXT_F_TOGETHER);
}

static void fill_user(next_frame *f, const next_evidence *evidence) {
  const float *q = f->base;
  float held = 0.0f;
  for (uint32_t i = 0; i < f->familiar; ++i)
    held += q[i];
  held = held < 0.999f ? held : 0.999f;
  const float absent =
      log_clipped(evidence->stranger[f->since_row].p / (1.0f - held));
  for (uint32_t i = 0; i < f->familiar; ++i) {
    put(f, NEXT_F_SINCE, i, evidence->since[f->since[i]].p / q[i]);
    put(f, NEXT_F_NEW, i, -1.0f);
  }
  log_entries(f, NEXT_F_SINCE);
  for (uint32_t i = 0; i < f->familiar; ++i)
    f->value[NEXT_F_SINCE][i] -= absent;
  const uint32_t last =
      f->last != NEXT_NONE ? next_frame_find(f, f->last) : NEXT_NONE;
  if (last != NEXT_NONE) {
    put(f, NEXT_F_LAST, last, 1.0f);
    put(f, NEXT_F_RUN, last, next_log((float)f->user->run));
  }
}

/* Dense ones become zeros, which weigh nothing. */
static void switch_off(next_frame *f, uint32_t off) {
  for (uint32_t j = 0; j < NEXT_F_COUNT; ++j)
    if (off & 1u << GROUP[j]) {
      f->entries[j] = 0;
      if (j < NEXT_F_DENSE)
        memset(f->value[j], 0, sizeof f->value[j]);
    }
}

void next_features_fill(next_frame *f, const next_prior *prior,
                        const next_rhythm *rhythm, const next_table *table,
                        const next_evidence *evidence, uint32_t off) {
  memset(f->entries, 0, sizeof f->entries);
  fill_popularity(f, prior, rhythm);
  fill_base(f, off & 1u << FORESIGHT_NEXT_POPULARITY ? 0.0f : NEXT_TEMPER);
  for (uint32_t c = 0; c < NEXT_CONTEXTS; ++c)
    fill_context(f, evidence, c);
  fill_kernel(f);
  fill_together(f, table);
  fill_user(f, evidence);
  if (off)
    switch_off(f, off);
}
