/* SPDX-License-Identifier: MIT
   How often what is known of a candidate came true, whatever the model. */
#include "plugin/foresight/next/next_evidence.h"

#include "plugin/foresight/next/next_math.h"
#include "plugin/sdk/hint.h"

uint32_t next_evidence_since(float since_s, uint32_t rank) {
  /* Two bits an octave would be finer than a user's habits: one, from 4 s. */
  static const float limit[NEXT_SINCE - 1] = {
      10.0f,   30.0f,    60.0f,    120.0f,   300.0f,    600.0f,    1800.0f,
      3600.0f, 10800.0f, 28800.0f, 86400.0f, 172800.0f, 604800.0f, 2419200.0f};
  uint32_t bin = 0;
  while (bin < NEXT_SINCE - 1 && since_s >= limit[bin])
    ++bin;
  return bin * NEXT_RANKS + (rank < NEXT_RANKS ? rank : NEXT_RANKS - 1);
}

/* How far a cell moves. */
static inline float step(const next_evidence *evidence, next_cell *cell) {
  const float rate = evidence->rate[cell->n];
  cell->n += cell->n < NEXT_CELL_LIMIT;
  return rate;
}

static void move(const next_evidence *evidence, next_cell *cell, float y) {
  cell->p += (y - cell->p) * step(evidence, cell);
  cell->p = next_clip(cell->p, 1e-5f, 0.99999f);
}

/* As with y of 0. */
static inline void lower(const next_evidence *evidence, next_cell *cell) {
  const float p = cell->p - cell->p * step(evidence, cell);
  cell->p = p < 1e-5f ? 1e-5f : p;
}

HEARTH_SELDOM void next_evidence_init(next_evidence *evidence) {
  for (uint32_t n = 0; n <= NEXT_CELL_LIMIT; ++n)
    evidence->rate[n] = 1.0f / ((float)n + NEXT_CELL_START);
  for (uint32_t c = 0; c < NEXT_CONTEXTS; ++c) {
    for (uint32_t s = 0; s < NEXT_STATES; ++s) {
      /* As the counts say: c / (N + 1). */
      const float count = next_exp2(((float)(s % 16) - 3.5f) * 0.5f);
      const float total = next_exp2((float)(s / 48) - 0.5f);
      evidence->state[c][s].p = next_clip(
          count / ((total > count ? total : count) + 1.0f), 0.02f, 0.9f);
      evidence->state[c][s].n = 0;
    }
    for (uint32_t s = 0; s < NEXT_ESCAPES; ++s) {
      const float total = next_exp2((float)(s / 17) - 0.5f);
      evidence->escape[c][s].p = 1.0f / (total + 1.0f);
      evidence->escape[c][s].n = 0;
    }
  }
  for (uint32_t s = 0; s < NEXT_SINCE * NEXT_RANKS; ++s) {
    evidence->since[s].p = 0.5f / (float)(s % NEXT_RANKS + 1);
    evidence->since[s].n = 0;
  }
  for (uint32_t s = 0; s <= FORESIGHT_USERS_RING; ++s) {
    evidence->stranger[s].p = 0.3f;
    evidence->stranger[s].n = 0;
  }
}

static void learn_bucket(next_evidence *evidence, const next_frame *f,
                         uint32_t c, uint32_t model) {
  const next_bucket *b = f->bucket[c];
  const uint16_t *state = &f->state[f->first[NEXT_F_CONTEXT + c]];
  /* What another thread's request was counted in may have grown meanwhile. */
  const uint32_t held = f->entries[NEXT_F_CONTEXT + c];
  const uint32_t size = b->size < held ? b->size : held;
  next_cell *cell = evidence->state[c];
  float missed = 1.0f;
  for (uint32_t i = 0; i < size; ++i) {
    if (b->model[i] == model) {
      move(evidence, &cell[state[i]], 1.0f);
      missed = 0.0f;
    } else {
      lower(evidence, &cell[state[i]]);
    }
  }
  move(evidence, &evidence->escape[c][next_evidence_escape(b)], missed);
}

void next_features_learn(const next_frame *f, next_evidence *evidence,
                         uint32_t model, uint32_t turn) {
  for (uint32_t c = turn % 2; c < NEXT_CONTEXTS; c += 2)
    if (f->bucket[c] && f->bucket[c]->size)
      learn_bucket(evidence, f, c, model);
  float missed = 1.0f;
  for (uint32_t i = 0; i < f->familiar; ++i) {
    const float y = f->model[i] == model ? 1.0f : 0.0f;
    move(evidence, &evidence->since[f->since[i]], y);
    missed -= y;
  }
  if (f->familiar)
    move(evidence, &evidence->stranger[f->since_row], missed);
}

static int has_learned(const void *cells, uint32_t i) {
  return ((const next_cell *)cells)[i].n != 0;
}

static void visit(hearth_state *s, const char *field, next_cell *cell,
                  uint32_t cells) {
  for (uint32_t i = 0;
       hearth_state_next(s, field, &i, cells, has_learned, cell); ++i) {
    hearth_state_f32(s, field, &cell[i].p, 1e-6f, 1.0f);
    hearth_state_u32(s, field, &cell[i].n, 1, NEXT_CELL_LIMIT);
  }
}

void next_evidence_visit(hearth_state *s, next_evidence *evidence) {
  for (uint32_t c = 0; c < NEXT_CONTEXTS; ++c) {
    visit(s, "evidence.state", evidence->state[c], NEXT_STATES);
    visit(s, "evidence.escape", evidence->escape[c], NEXT_ESCAPES);
  }
  visit(s, "evidence.since", evidence->since, NEXT_SINCE * NEXT_RANKS);
  visit(s, "evidence.stranger", evidence->stranger, FORESIGHT_USERS_RING + 1);
}
