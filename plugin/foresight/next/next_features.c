/* SPDX-License-Identifier: MIT
   What speaks for each candidate: the rows of the feature matrix. */
#include "plugin/foresight/next/next_features.h"

#include "plugin/foresight/next/next_context.h"
#include "plugin/foresight/next/next_evidence.h"
#include "plugin/foresight/next/next_math.h"

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

uint32_t next_feature_group(uint32_t feature) { return GROUP[feature]; }

static float log_clipped(float x) {
  return next_clip(next_log(x), -NEXT_CLIP, NEXT_CLIP);
}

static float half_log(float x) {
  return next_clip(0.5f * next_log(x), -NEXT_CLIP, NEXT_CLIP);
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
  for (uint32_t j = NEXT_F_POPULAR; j <= NEXT_F_RHYTHM; ++j) {
    f->entries[j] = f->count;
    for (uint32_t i = 0; i < f->count; ++i)
      f->at[j][i] = (uint8_t)i;
  }
}

/* What the other features are ratios to.  To the prior itself would ask them
   to undo it where they know better, which costs log loss; to nothing at all
   would leave rare models to chance: its square root serves best. */
static void fill_base(next_frame *f, float temper) {
  float sum = 0.0f;
  for (uint32_t b = 0; b < f->padded; b += NEXT_BLOCK)
    for (uint32_t i = b; i < b + NEXT_BLOCK; ++i)
      f->base[i] = next_exp(temper * f->value[NEXT_F_POPULAR][i]);
  for (uint32_t i = 0; i < f->count; ++i)
    sum += f->base[i];
  sum = 1.0f / sum;
  for (uint32_t i = 0; i < f->count; ++i)
    f->base[i] *= sum;
}

/* The mean of two log ratios to the prior: what the bucket counts, and how
   often such counts came true.  All that a bucket does not hold are alike. */
static void fill_context(next_frame *f, const uint8_t *slot,
                         const next_evidence *evidence, uint32_t c) {
  const next_bucket *b = f->bucket[c];
  if (!b || !b->size)
    return;
  const float *q = f->base;
  const float norm = 1.0f / (b->total + 1.0f);
  float held = 0.0f;
  for (uint32_t i = 0; i < b->size; ++i)
    held += slot[b->model[i]] ? q[slot[b->model[i]] - 1] : 0.0f;
  held = held < 0.999f ? held : 0.999f;
  const float escape = evidence->escape[c][next_evidence_escape(b)].p;
  const float absent = half_log(norm * escape / (1.0f - held));
  const uint32_t known = c == NEXT_C_NEW_LAST ? f->familiar : 0;
  for (uint32_t i = 0; i < known; ++i)
    put(f, NEXT_F_CONTEXT + c, i, -absent);
  for (uint32_t i = 0; i < b->size; ++i) {
    const uint32_t m = slot[b->model[i]] - 1u;
    if (!slot[b->model[i]] || m < known)
      continue;
    const float direct = (b->count[i] + q[m]) * norm / q[m];
    const float p = evidence->state[c][next_evidence_state(b, i)].p;
    put(f, NEXT_F_CONTEXT + c, m, half_log(direct * p / q[m]) - absent);
  }
}

/* Similar inputs of the user went to these models. */
static void fill_kernel(next_frame *f, const uint8_t *slot) {
  const uint16_t now = foresight_users_length_code(f->request.input_length);
  float k[NEXT_MAX] = {0};
  if (!now || !f->user)
    return;
  for (uint32_t j = 0; j < f->user->size && j < NEXT_KERNEL_EVENTS; ++j) {
    const foresight_event *e = foresight_users_event(f->user, j);
    if (!e->length || !slot[e->model])
      continue;
    const float d =
        (float)(now > e->length ? now - e->length : e->length - now);
    const float x =
        next_exp(-NEXT_KERNEL_WIDTH / 1024.0f * d - NEXT_KERNEL_AGE * (float)j);
    k[slot[e->model] - 1u] += x;
  }
  /* For the others the ratio is TRUST / (sum + TRUST). */
  for (uint32_t i = 0; i < f->familiar; ++i)
    if (k[i] > 0.0f)
      put(f, NEXT_F_KERNEL, i,
          log_clipped(1.0f + k[i] / (NEXT_KERNEL_TRUST * f->base[i])));
}

static void fill_together(next_frame *f, const next_table *table,
                          const uint8_t *slot) {
  const float *q = f->base;
  float rest = 0.0f, seen[NEXT_MAX] = {0};
  for (uint32_t r = 0; r < f->recents; ++r) {
    const next_bucket *b =
        next_table_find(table, next_context_together(f->recent[r]));
    const float norm = 1.0f / ((b ? b->total : 0.0f) + 1.0f);
    rest += norm;
    for (uint32_t i = 0; b && i < b->size; ++i)
      if (slot[b->model[i]])
        seen[slot[b->model[i]] - 1] += b->count[i] * norm;
  }
  for (uint32_t i = 0; i < f->count; ++i)
    if (seen[i] > 0.0f)
      put(f, NEXT_F_TOGETHER, i, log_clipped(1.0f + seen[i] / (q[i] * rest)));
}

static void fill_user(next_frame *f, const uint8_t *slot,
                      const next_evidence *evidence) {
  const float *q = f->base;
  float held = 0.0f;
  for (uint32_t i = 0; i < f->familiar; ++i)
    held += q[i];
  held = held < 0.999f ? held : 0.999f;
  const float absent =
      log_clipped(evidence->stranger[f->since_row].p / (1.0f - held));
  for (uint32_t i = 0; i < f->familiar; ++i) {
    put(f, NEXT_F_SINCE, i,
        log_clipped(evidence->since[f->since[i]].p / q[i]) - absent);
    put(f, NEXT_F_NEW, i, -1.0f);
  }
  if (f->last != NEXT_NONE && slot[f->last]) {
    const uint32_t m = slot[f->last] - 1u;
    put(f, NEXT_F_LAST, m, 1.0f);
    put(f, NEXT_F_RUN, m, next_log((float)f->user->run));
  }
}

void next_features_fill(next_frame *f, const next_prior *prior,
                        const next_rhythm *rhythm, const next_table *table,
                        const uint8_t *slot, const next_evidence *evidence,
                        uint32_t off) {
  memset(f->entries, 0, sizeof f->entries);
  fill_popularity(f, prior, rhythm);
  fill_base(f, off & 1u << FORESIGHT_NEXT_POPULARITY ? 0.0f : NEXT_TEMPER);
  for (uint32_t c = 0; c < NEXT_CONTEXTS; ++c)
    fill_context(f, slot, evidence, c);
  fill_kernel(f, slot);
  fill_together(f, table, slot);
  fill_user(f, slot, evidence);
  for (uint32_t j = 0; off && j < NEXT_F_COUNT; ++j)
    if (off & 1u << GROUP[j])
      f->entries[j] = 0;
}
