/* SPDX-License-Identifier: MIT
   Each model's own rhythm: whether it is due, by the time since its use. */
#include "plugin/foresight/next/next_rhythm.h"

#include "plugin/foresight/next/next_config.h"
#include "plugin/foresight/next/next_math.h"
#include "plugin/sdk/hint.h"

/* The log of what read tells, in 1/RATIO.  What is read lies apart from what is
   learned, and times by themselves, since they say which of a model's ratios is
   wanted. */
typedef struct {
  int16_t of[NEXT_RHYTHM_BINS];
} ratios;
#define RATIO 1024.0f
#define MOST_RATIO 31.0f

typedef struct {
  float used[NEXT_RHYTHM_BINS];
  float expected[NEXT_RHYTHM_BINS];
  uint32_t number; /* of the request that used it; 0 never */
  float q;
} learned_model;

struct next_rhythm {
  int64_t *last_ms;
  ratios *ratio;
  learned_model *learned;
  uint32_t models;
  uint32_t number; /* requests so far */
  hearth_memory_user memory;
  float edge[NEXT_RHYTHM_BINS + 1]; /* lower ends of the bins, in s */
};

HEARTH_SELDOM next_rhythm *next_rhythm_new(const hearth_memory_user *memory) {
  next_rhythm *rhythm = hearth_zalloc(memory, 1, sizeof *rhythm);
  if (!rhythm)
    return NULL;
  rhythm->memory = *memory;
  for (uint32_t b = 1; b <= NEXT_RHYTHM_BINS; ++b)
    rhythm->edge[b] = next_exp2((float)(b - 1) / NEXT_RHYTHM_OCTAVE);
  return rhythm;
}

HEARTH_SELDOM void next_rhythm_free(next_rhythm *rhythm) {
  if (!rhythm)
    return;
  const hearth_memory_user memory = rhythm->memory;
  hearth_release(&memory, rhythm->last_ms);
  hearth_release(&memory, rhythm->ratio);
  hearth_release(&memory, rhythm->learned);
  hearth_release(&memory, rhythm);
}

HEARTH_SELDOM bool next_rhythm_grow(next_rhythm *rhythm, uint32_t models) {
  const hearth_memory_user *const memory = &rhythm->memory;
  const uint32_t old = rhythm->models;
  if (models <= old)
    return true;
  const uint32_t room = hearth_room(old, models < 16 ? 16 : models);
  if (hearth_widen(memory, (void **)&rhythm->last_ms, old, room,
                   sizeof *rhythm->last_ms) != HEARTH_OK ||
      hearth_widen(memory, (void **)&rhythm->ratio, old, room,
                   sizeof *rhythm->ratio) != HEARTH_OK ||
      hearth_widen(memory, (void **)&rhythm->learned, old, room,
                   sizeof *rhythm->learned) != HEARTH_OK)
    return false;
  rhythm->models = room;
  return true;
}

static float age_s(int64_t last_ms, int64_t now_ms) {
  return now_ms > last_ms ? (float)(now_ms - last_ms) * 0.001f : 0.0f;
}

/* Bin 0 is up to 1 s, and then there are three an octave: the exponent, and two
   bounds for the mantissa.  Masks, so that loops vectorise. */
static inline int32_t bin_of(float age) {
  const int32_t u = (int32_t)next_bits(age);
  const int32_t part = u & 0x7fffff;
  const int32_t bin =
      3 * ((u >> 23) - 127) + 1 + (part >= 0x214518) + (part >= 0x4b2ff5);
  const int32_t over = (bin & ~(bin >> 31)) - (int32_t)(NEXT_RHYTHM_BINS - 1);
  return (int32_t)(NEXT_RHYTHM_BINS - 1) + (over & (over >> 31));
}

/* A bin and half of its two neighbours; at the ends, itself is one. */
static void smooth(const float *bins, float *restrict out) {
  float x[NEXT_RHYTHM_BINS + 2];
  x[0] = bins[0];
  memcpy(x + 1, bins, NEXT_RHYTHM_BINS * sizeof *bins);
  x[NEXT_RHYTHM_BINS + 1] = bins[NEXT_RHYTHM_BINS - 1];
  for (uint32_t b = 0; b < NEXT_RHYTHM_BINS; ++b)
    out[b] = x[b + 1] + NEXT_RHYTHM_BESIDE * (x[b] + x[b + 2]);
}

static void set_ratios(const learned_model *m, ratios *ratio) {
  float used[NEXT_RHYTHM_BINS], expected[NEXT_RHYTHM_BINS];
  smooth(m->used, used);
  smooth(m->expected, expected);
  for (uint32_t b = 0; b < NEXT_RHYTHM_BINS; ++b)
    used[b] = next_log_fast((used[b] + NEXT_RHYTHM_TRUST) /
                            (expected[b] + NEXT_RHYTHM_TRUST));
  for (uint32_t b = 0; b < NEXT_RHYTHM_BINS; ++b)
    ratio->of[b] =
        (int16_t)(next_clip(used[b], -MOST_RATIO, MOST_RATIO) * RATIO);
}

void next_rhythm_use(next_rhythm *rhythm, uint32_t model, int64_t now_ms,
                     float q) {
  learned_model *m = &rhythm->learned[model];
  /* Zero marks a model never used, also after the number has wrapped. */
  rhythm->number += rhythm->number == UINT32_MAX ? 2 : 1;
  if (m->number) {
    const float age = age_s(rhythm->last_ms[model], now_ms);
    const uint32_t last = (uint32_t)bin_of(age);
    /* What the prior expected over the gap, spread evenly over its time. */
    const float expected =
        0.5f * (q + m->q) * (float)(rhythm->number - m->number);
    const float rate = age > 0.0f ? expected / age : 0.0f;
    for (uint32_t b = 0; b < last; ++b) {
      m->used[b] *= NEXT_RHYTHM_DECAY;
      m->expected[b] = m->expected[b] * NEXT_RHYTHM_DECAY +
                       rate * (rhythm->edge[b + 1] - rhythm->edge[b]);
    }
    m->used[last] = m->used[last] * NEXT_RHYTHM_DECAY + 1.0f;
    m->expected[last] =
        m->expected[last] * NEXT_RHYTHM_DECAY +
        (age > rhythm->edge[last] ? rate * (age - rhythm->edge[last])
                                  : expected * (age > 0.0f ? 0.0f : 1.0f));
    set_ratios(m, &rhythm->ratio[model]);
  }
  rhythm->last_ms[model] = now_ms;
  m->number = rhythm->number;
  m->q = q;
}

uint32_t next_rhythm_number(const next_rhythm *rhythm) {
  return rhythm->number;
}

static void bins_of(const float *restrict age_ms, int32_t *restrict bin) {
  for (uint32_t k = 0; k < NEXT_BLOCK; ++k)
    bin[k] = bin_of(age_ms[k] * 0.001f);
}

static void logs_of(const int32_t *restrict ratio, float *restrict out) {
  for (uint32_t k = 0; k < NEXT_BLOCK; ++k)
    out[k] = (float)ratio[k] * (1.0f / RATIO);
}

void next_rhythm_fetch(const next_rhythm *rhythm, const uint16_t *model,
                       uint32_t count) {
  for (uint32_t k = 0; k < count; ++k)
    hearth_fetch(&rhythm->last_ms[model[k]]);
}

void next_rhythm_find(const next_rhythm *rhythm, int64_t now_ms,
                      const uint16_t *model, uint32_t count, int32_t *bin) {
  for (uint32_t b = 0; b < count; b += NEXT_BLOCK) {
    float age_ms[NEXT_BLOCK]; /* negative ones are in the first bin */
    for (uint32_t k = 0; k < NEXT_BLOCK; ++k)
      age_ms[k] = (float)(now_ms - rhythm->last_ms[model[b + k]]);
    bins_of(age_ms, bin + b);
    for (uint32_t k = 0; k < NEXT_BLOCK; ++k)
      hearth_fetch(&rhythm->ratio[model[b + k]].of[bin[b + k]]);
  }
}

void next_rhythm_read(const next_rhythm *rhythm, const uint16_t *model,
                      uint32_t count, const int32_t *bin, float *ratio) {
  for (uint32_t b = 0; b < count; b += NEXT_BLOCK) {
    int32_t read[NEXT_BLOCK];
    for (uint32_t k = 0; k < NEXT_BLOCK; ++k)
      read[k] = rhythm->ratio[model[b + k]].of[bin[b + k]];
    logs_of(read, &ratio[b]);
  }
}

static int is_used(const void *rhythm, uint32_t model) {
  return ((const next_rhythm *)rhythm)->learned[model].number != 0;
}

HEARTH_SELDOM void next_rhythm_state(hearth_state *s, next_rhythm *rhythm,
                                     uint32_t models) {
  const int64_t time = HEARTH_STATE_TIME;
  hearth_state_u32(s, "rhythm.number", &rhythm->number, 0, UINT32_MAX);
  for (uint32_t i = 0;
       hearth_state_next(s, "rhythm.model", &i, models, is_used, rhythm); ++i) {
    learned_model *m = &rhythm->learned[i];
    hearth_state_u32(s, "rhythm.model.number", &m->number, 1, UINT32_MAX);
    hearth_state_i64(s, "rhythm.last_ms", &rhythm->last_ms[i], -time, time);
    hearth_state_f32(s, "rhythm.q", &m->q, 0.0f, 16.0f);
    hearth_state_sparse_f32s(s, "rhythm.used", m->used, NEXT_RHYTHM_BINS, 0.0f,
                             1e6f);
    hearth_state_sparse_f32s(s, "rhythm.expected", m->expected,
                             NEXT_RHYTHM_BINS, 0.0f, 1e15f);
    if (!hearth_state_saving(s))
      set_ratios(m, &rhythm->ratio[i]);
  }
}
