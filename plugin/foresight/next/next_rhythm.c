/* SPDX-License-Identifier: MIT
   Each model's own rhythm: whether it is due, by the time since its use. */
#include "plugin/foresight/next/next_rhythm.h"

#include "plugin/foresight/next/next_config.h"
#include "plugin/foresight/next/next_math.h"

typedef struct {
  float used[NEXT_RHYTHM_BINS];
  float expected[NEXT_RHYTHM_BINS];
  int64_t last_ms;
  uint32_t number; /* of the request that used it; 0 never */
  float q;
  float ratio[NEXT_RHYTHM_BINS]; /* log of what read tells in each bin */
} rhythm_model;

struct next_rhythm {
  rhythm_model *model;
  uint32_t models;
  uint32_t number; /* requests so far */
  hearth_memory_user memory;
  float edge[NEXT_RHYTHM_BINS + 1]; /* lower ends of the bins, in s */
};

next_rhythm *next_rhythm_new(const hearth_memory_user *memory) {
  next_rhythm *rhythm = hearth_zalloc(memory, 1, sizeof *rhythm);
  if (!rhythm)
    return NULL;
  rhythm->memory = *memory;
  for (uint32_t b = 1; b <= NEXT_RHYTHM_BINS; ++b)
    rhythm->edge[b] = next_exp2((float)(b - 1) / NEXT_RHYTHM_OCTAVE);
  return rhythm;
}

void next_rhythm_free(next_rhythm *rhythm) {
  if (!rhythm)
    return;
  const hearth_memory_user memory = rhythm->memory;
  hearth_release(&memory, rhythm->model);
  hearth_release(&memory, rhythm);
}

bool next_rhythm_grow(next_rhythm *rhythm, uint32_t models) {
  if (models <= rhythm->models)
    return true;
  const uint32_t room = hearth_room(rhythm->models, models < 16 ? 16 : models);
  rhythm_model *grown =
      hearth_resize(&rhythm->memory, rhythm->model, room * sizeof *grown);
  if (!grown)
    return false;
  memset(grown + rhythm->models, 0, (room - rhythm->models) * sizeof *grown);
  rhythm->model = grown;
  rhythm->models = room;
  return true;
}

static float age_s(const rhythm_model *m, int64_t now_ms) {
  return now_ms > m->last_ms ? (float)(now_ms - m->last_ms) * 0.001f : 0.0f;
}

static uint32_t bin_of(float age) {
  if (age < 1.0f)
    return 0;
  const uint32_t b =
      1 + (uint32_t)(next_log(age) * (NEXT_RHYTHM_OCTAVE * 1.44269504f));
  return b < NEXT_RHYTHM_BINS ? b : NEXT_RHYTHM_BINS - 1;
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

static void set_ratios(rhythm_model *m) {
  float used[NEXT_RHYTHM_BINS], expected[NEXT_RHYTHM_BINS];
  smooth(m->used, used);
  smooth(m->expected, expected);
  for (uint32_t b = 0; b < NEXT_RHYTHM_BINS; ++b)
    used[b] = next_log((used[b] + NEXT_RHYTHM_TRUST) /
                       (expected[b] + NEXT_RHYTHM_TRUST));
  memcpy(m->ratio, used, sizeof m->ratio);
}

void next_rhythm_use(next_rhythm *rhythm, uint32_t model, int64_t now_ms,
                     float q) {
  rhythm_model *m = &rhythm->model[model];
  /* Zero marks a model never used, also after the number has wrapped. */
  rhythm->number += rhythm->number == UINT32_MAX ? 2 : 1;
  if (m->number) {
    const float age = age_s(m, now_ms);
    const uint32_t last = bin_of(age);
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
        (age > 0.0f ? rate * (age - rhythm->edge[last]) : expected);
    set_ratios(m);
  }
  m->last_ms = now_ms;
  m->number = rhythm->number;
  m->q = q;
}

void next_rhythm_read(const next_rhythm *rhythm, int64_t now_ms,
                      const uint16_t *model, uint32_t count, float *ratio) {
  for (uint32_t at = 0; at < count; at += NEXT_BLOCK) {
    const uint32_t n = count - at < NEXT_BLOCK ? count - at : NEXT_BLOCK;
    float age[NEXT_BLOCK] = {0};
    int32_t bin[NEXT_BLOCK];
    for (uint32_t k = 0; k < n; ++k)
      age[k] = age_s(&rhythm->model[model[at + k]], now_ms);
    /* As bin_of; of zero, next_log makes a large negative number. */
    for (uint32_t k = 0; k < NEXT_BLOCK; ++k)
      bin[k] = (int32_t)(next_log(age[k]) * (NEXT_RHYTHM_OCTAVE * 1.44269504f));
    for (uint32_t k = 0; k < n; ++k) {
      const uint32_t b = age[k] < 1.0f ? 0 : 1 + (uint32_t)bin[k];
      ratio[at + k] =
          rhythm->model[model[at + k]]
              .ratio[b < NEXT_RHYTHM_BINS ? b : NEXT_RHYTHM_BINS - 1];
    }
  }
}

size_t next_rhythm_bytes(const next_rhythm *rhythm) {
  return sizeof *rhythm + rhythm->models * sizeof *rhythm->model;
}

static int is_used(const void *rhythm, uint32_t model) {
  return ((const next_rhythm *)rhythm)->model[model].number != 0;
}

void next_rhythm_state(hearth_state *s, next_rhythm *rhythm, uint32_t models) {
  const int64_t time = HEARTH_STATE_TIME;
  hearth_state_u32(s, "rhythm.number", &rhythm->number, 0, UINT32_MAX);
  for (uint32_t i = 0;
       hearth_state_next(s, "rhythm.model", &i, models, is_used, rhythm); ++i) {
    rhythm_model *m = &rhythm->model[i];
    hearth_state_u32(s, "rhythm.model.number", &m->number, 1, UINT32_MAX);
    hearth_state_i64(s, "rhythm.last_ms", &m->last_ms, -time, time);
    hearth_state_f32(s, "rhythm.q", &m->q, 0.0f, 16.0f);
    hearth_state_sparse_f32s(s, "rhythm.used", m->used, NEXT_RHYTHM_BINS, 0.0f,
                             1e6f);
    hearth_state_sparse_f32s(s, "rhythm.expected", m->expected,
                             NEXT_RHYTHM_BINS, 0.0f, 1e15f);
    if (!hearth_state_saving(s))
      set_ratios(m);
  }
}
