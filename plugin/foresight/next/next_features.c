/* SPDX-License-Identifier: MIT
   What speaks for each candidate: the rows of the feature matrix. */
#include "plugin/foresight/next/next_features.h"

#include "plugin/foresight/next/next_context.h"
#include "plugin/foresight/next/next_evidence.h"
#include "plugin/foresight/next/next_math.h"
#include "plugin/sdk/math.h"

static const uint8_t GROUP[NEXT_FEATURES] = {
    FORESIGHT_NEXT_POPULARITY,
    FORESIGHT_NEXT_POPULARITY,
    FORESIGHT_NEXT_POPULARITY,
    FORESIGHT_NEXT_TIME,  /* rhythm */
    FORESIGHT_NEXT_HABIT, /* together */
#define X(name, alpha, group) FORESIGHT_NEXT_##group,
    NEXT_USER_CONTEXTS(X) NEXT_WORLD_CONTEXTS(X)
#undef X
        FORESIGHT_NEXT_HABIT, /* since */
    FORESIGHT_NEXT_LENGTH,    /* kernel */
    FORESIGHT_NEXT_HABIT,     /* new */
    FORESIGHT_NEXT_SEQUENCE,
    FORESIGHT_NEXT_SEQUENCE};

uint32_t next_feature_group(uint32_t feature) {
  return GROUP[feature];
}

static float half_log(float x) {
  return next_clip(0.5f * next_log_fast(x), -NEXT_CLIP, NEXT_CLIP);
}

static void clip_block(float *x) {
  for (uint32_t k = 0; k < NEXT_BLOCK; k += 4)
    hearth_clip_four(x + k, -NEXT_CLIP, NEXT_CLIP);
}
_Static_assert(NEXT_BLOCK % 4 == 0, "fours");

/* The clipped logs of a chunk. */
static void clipped_logs(float *restrict x) {
  for (uint32_t k = 0; k < NEXT_CHUNK; ++k)
    x[k] = next_log_fast(x[k]);
  hearth_clip_four(x, -NEXT_CLIP, NEXT_CLIP);
}

/* Entries of a sparse feature are put one after the other, and then closed. */
static void open(next_frame *f, uint32_t feature) {
  f->first[feature] = f->used;
}

static void put(next_frame *f, uint32_t candidate, float x) {
  f->at[f->used] = (uint8_t)candidate;
  f->value[f->used++] = x;
}

static void close(next_frame *f, uint32_t feature) {
  f->entries[feature] = (uint16_t)(f->used - f->first[feature]);
  while (f->used % NEXT_CHUNK)
    put(f, NEXT_NOBODY, 1.0f);
}

/* The same, of what the clipped logs are to be taken of. */
static void close_logs(next_frame *f, uint32_t feature) {
  close(f, feature);
  for (uint32_t i = f->first[feature]; i < f->used; i += NEXT_CHUNK)
    clipped_logs(&f->value[i]);
}

/* The clipped log of a / b for a block of candidates. */
static void log_ratio(float *restrict out, const float *restrict a,
                      const float *restrict b) {
  for (uint32_t k = 0; k < NEXT_BLOCK; ++k)
    out[k] = next_log_fast(a[k] / b[k]);
  clip_block(out);
}

static void logs(float *restrict out, const float *restrict x) {
  for (uint32_t k = 0; k < NEXT_BLOCK; ++k)
    out[k] = next_log_fast(x[k]);
}

static void fill_popularity(next_frame *f, const next_prior *prior,
                            const next_rhythm *rhythm) {
  int32_t bin[NEXT_MAX];
  next_rhythm_find(rhythm, f->request.now_ms, f->model, f->count, bin);
  next_prior_read(prior, f->request.now_ms, f->model, f->count, f->share[0],
                  NEXT_PLACES);
  next_rhythm_read(rhythm, f->model, f->count, bin, f->dense[NEXT_F_RHYTHM]);
  for (uint32_t b = 0; b < f->padded; b += NEXT_BLOCK) {
    logs(&f->dense[NEXT_F_POPULAR][b], &f->share[NEXT_PRIOR][b]);
    log_ratio(&f->dense[NEXT_F_TREND1][b], &f->share[0][b], &f->share[1][b]);
    log_ratio(&f->dense[NEXT_F_TREND2][b], &f->share[1][b], &f->share[2][b]);
  }
}

static void roots(float *restrict out, const float *restrict x) {
  for (uint32_t k = 0; k < NEXT_BLOCK; ++k)
    out[k] = __builtin_sqrtf(x[k]);
}

static void times(float *restrict x, float y) {
  for (uint32_t k = 0; k < NEXT_BLOCK; ++k)
    x[k] *= y;
}

/* What the other features are ratios to.  To the prior itself would ask them
   to undo it where they know better, which costs log loss; to nothing at all
   would leave rare models to chance: its square root serves best. */
static void fill_base(next_frame *f, bool uniform) {
  for (uint32_t b = 0; b < f->padded; b += NEXT_BLOCK)
    roots(&f->base[b], &f->share[NEXT_PRIOR][b]);
  for (uint32_t i = 0; uniform && i < f->padded; ++i)
    f->base[i] = 1.0f;
  /* What fills the last block repeats the last candidate. */
  const float extra = (float)(f->padded - f->count) * f->base[f->padded - 1];
  const float norm = 1.0f / (next_sum(f->base, f->padded) - extra);
  for (uint32_t b = 0; b < f->padded; b += NEXT_BLOCK)
    times(&f->base[b], norm);
  f->base[NEXT_NOBODY] = 1e-9f;
}

/* Half the log of what takes part, over what is said of all others: (count +
   q) / (total + 1) and what such counts proved, each over q; against escape /
   (total + 1) / (1 - held). */
static void ratios(float *restrict x, const float *restrict q,
                   const float *restrict proved, float others) {
  for (uint32_t k = 0; k < NEXT_CHUNK; ++k)
    x[k] = 0.5f * next_log_fast((x[k] + q[k]) * (proved[k] * others) /
                                (q[k] * q[k]));
  hearth_clip_four(x, -2.0f * NEXT_CLIP, 2.0f * NEXT_CLIP);
}

/* Of those who are not new to the user, NEW_LAST tells nothing. */
static void fill_new_last(next_frame *f, float absent) {
  const uint32_t first = f->first[NEXT_F_CONTEXT + NEXT_C_NEW_LAST];
  uint32_t n = f->entries[NEXT_F_CONTEXT + NEXT_C_NEW_LAST];
  for (uint32_t i = first; i < first + n; ++i)
    f->at[i] = f->at[i] < f->familiar ? NEXT_NOBODY : f->at[i];
  for (uint32_t i = 0; i < f->familiar; ++i, ++n) {
    f->at[first + n] = (uint8_t)i;
    f->value[first + n] = -absent;
  }
  f->entries[NEXT_F_CONTEXT + NEXT_C_NEW_LAST] = (uint16_t)n;
  for (; n % NEXT_CHUNK; ++n) {
    f->at[first + n] = NEXT_NOBODY;
    f->value[first + n] = 0.0f;
  }
}

_Static_assert(NEXT_CHUNK == 4, "as fill_context has it");

/* The mean of two log ratios to the prior: what the bucket counts, and how
   often such counts came true.  All that a bucket does not hold are alike. */
static void fill_context(next_frame *f, const next_evidence *evidence,
                         uint32_t c) {
  const next_bucket *b = f->bucket[c];
  const uint32_t first = f->first[NEXT_F_CONTEXT + c];
  const uint32_t size = f->entries[NEXT_F_CONTEXT + c];
  const uint8_t *at = &f->at[first];
  float q[NEXT_ENTRIES], x = 0.0f, y = 0.0f;
  for (uint32_t i = 0; i < size; i += NEXT_CHUNK) {
    q[i] = f->base[at[i]];
    q[i + 1] = f->base[at[i + 1]];
    q[i + 2] = f->base[at[i + 2]];
    q[i + 3] = f->base[at[i + 3]];
    x += q[i] + q[i + 1];
    y += q[i + 2] + q[i + 3];
  }
  const float held = x + y < 0.999f ? x + y : 0.999f;
  const float escape = evidence->escape[c][next_evidence_escape(b)].p;
  const float others = (1.0f - held) / escape;
  for (uint32_t i = 0; i < size; i += NEXT_CHUNK)
    ratios(&f->value[first + i], q + i, &f->proved[first + i], others);
  if (c == NEXT_C_NEW_LAST)
    fill_new_last(f, half_log(1.0f / ((b->total + 1.0f) * others)));
}

/* Similar inputs of the user went to these models. */
static void fill_kernel(next_frame *f) {
  const uint16_t now = foresight_users_length_code(f->request.input_length);
  float x[NEXT_KERNEL_EVENTS] = {0}, k[NEXT_PLACES] = {0};
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
    if (foresight_users_event(f->user, j)->length)
      k[f->event[j]] += x[j];
  /* For the others the ratio is TRUST / (sum + TRUST). */
  open(f, NEXT_F_KERNEL);
  for (uint32_t i = 0; i < f->familiar; ++i)
    if (k[i] > 0.0f)
      put(f, i, 1.0f + k[i] / (NEXT_KERNEL_TRUST * f->base[i]));
  close_logs(f, NEXT_F_KERNEL);
}

/* Of what was not seen, zero. */
static void logs_beside(float *restrict out, const float *restrict seen,
                        const float *restrict q, float by) {
  for (uint32_t k = 0; k < NEXT_BLOCK; ++k)
    out[k] = next_log_fast(1.0f + seen[k] * by / q[k]);
  clip_block(out);
}

/* What came with each of the user's latest models: found long before it is
   read, for the buckets are far apart. */
static void find_together(const next_frame *f, const next_table *table,
                          const next_bucket **with) {
  uint64_t hash[NEXT_RECENT];
  for (uint32_t r = 0; r < f->recents; ++r) {
    hash[r] = next_context_together(f->recent[r]);
    next_table_fetch(table, hash[r]);
  }
  for (uint32_t r = 0; r < f->recents; ++r)
    with[r] = next_table_find(table, hash[r]);
}

static void fill_together(next_frame *f, const next_bucket *const *with) {
  float rest = 0.0f, seen[NEXT_PLACES] = {0};
  for (uint32_t r = 0; r < f->recents; ++r) {
    const next_bucket *b = with[r];
    const float norm = 1.0f / ((b ? b->total : 0.0f) + 1.0f);
    rest += norm;
    for (uint32_t i = 0; b && i < b->size; ++i)
      seen[next_frame_place(f, b->model[i])] += b->count[i] * norm;
  }
  const float by = rest > 0.0f ? 1.0f / rest : 0.0f;
  for (uint32_t b = 0; b < f->padded; b += NEXT_BLOCK)
    logs_beside(&f->dense[NEXT_F_TOGETHER][b], seen + b, &f->base[b], by);
}

static void fill_user(next_frame *f, const next_evidence *evidence) {
  const float *q = f->base;
  float held = 0.0f;
  for (uint32_t i = 0; i < f->familiar; ++i)
    held += q[i];
  held = held < 0.999f ? held : 0.999f;
  const float absent = evidence->stranger[f->since_row].p / (1.0f - held);
  open(f, NEXT_F_SINCE);
  for (uint32_t i = 0; i < f->familiar; ++i)
    put(f, i, evidence->since[f->since[i]].p / (q[i] * absent));
  close_logs(f, NEXT_F_SINCE);
  open(f, NEXT_F_NEW);
  for (uint32_t i = 0; i < f->familiar; ++i)
    put(f, i, -1.0f);
  close(f, NEXT_F_NEW);
  const uint32_t last =
      f->last != NEXT_NONE ? next_frame_find(f, f->last) : NEXT_NONE;
  if (last == NEXT_NONE)
    return;
  open(f, NEXT_F_LAST);
  put(f, last, 1.0f);
  close(f, NEXT_F_LAST);
  open(f, NEXT_F_RUN);
  put(f, last, next_log((float)f->user->run));
  close(f, NEXT_F_RUN);
}

/* Dense ones become zeros, which weigh nothing. */
static void switch_off(next_frame *f, uint32_t off) {
  for (uint32_t j = 0; j < NEXT_F_COUNT; ++j)
    if (off & 1u << GROUP[j]) {
      f->entries[j] = 0;
      if (j < NEXT_F_DENSE)
        memset(f->dense[j], 0, sizeof f->dense[j]);
    }
}

void next_features_fill(next_frame *f, const next_prior *prior,
                        const next_rhythm *rhythm, const next_table *table,
                        const next_evidence *evidence, uint32_t off) {
  const next_bucket *with[NEXT_RECENT];
  next_prior_fetch(prior, f->model, f->count);
  next_rhythm_fetch(rhythm, f->model, f->count);
  find_together(f, table, with);
  fill_popularity(f, prior, rhythm);
  fill_base(f, (off & 1u << FORESIGHT_NEXT_POPULARITY) != 0);
  for (uint32_t c = 0; c < NEXT_CONTEXTS; ++c)
    if (f->entries[NEXT_F_CONTEXT + c])
      fill_context(f, evidence, c);
  fill_kernel(f);
  fill_together(f, with);
  fill_user(f, evidence);
  if (off)
    switch_off(f, off);
}
