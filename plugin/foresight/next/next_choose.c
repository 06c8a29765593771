/* SPDX-License-Identifier: MIT
   The candidates: a bounded choice of the models that may come. */
#include <string.h>

#include "plugin/foresight/next/next_context.h"
#include "plugin/foresight/next/next_evidence.h"
#include "plugin/sdk/hint.h"

/* The model's candidate, or NEXT_NOBODY where there is no room, or no such
   model among so many. */
static inline uint8_t add(next_frame *f, uint32_t model, uint32_t models) {
  uint8_t *slot = next_frame_slot(f, model);
  if (*slot == NEXT_NOBODY && f->count < f->most && model < models) {
    *slot = (uint8_t)f->count;
    f->model[f->count++] = (uint16_t)model;
  }
  return *slot;
}

/* The user's latest models, newest first: the familiar ones. */
static void choose_familiar(next_frame *f, uint32_t models) {
  const foresight_user *user = f->user;
  f->recents = 0;
  if (!user)
    return;
  float since = f->gap_s;
  for (uint32_t k = 0; k < user->size; ++k) {
    const uint32_t model = foresight_users_event(user, k)->model;
    const uint32_t rank = f->count;
    f->event[k] = add(f, model, models);
    if (f->count > rank) {
      f->since[rank] = (uint8_t)next_evidence_since(since, rank);
      if (f->recents < NEXT_RECENT)
        f->recent[f->recents++] = model;
    }
    since += f->gap[k];
  }
}

/* What a bucket holds: the candidates, and how often the like came true. */
static void choose_held(next_frame *f, uint32_t c, uint32_t models,
                        const next_evidence *evidence) {
  const next_bucket *b = f->bucket[c];
  const uint32_t size = b->size, first = f->used;
  /* In NEW_LAST come the familiar ones behind them. */
  const uint32_t room = size + (c == NEXT_C_NEW_LAST ? f->familiar : 0);
  const next_cell *cell = evidence->state[c];
  uint8_t *at = &f->at[first];
  uint16_t *state = &f->state[first];
  float *proved = &f->proved[first];
  next_evidence_states(b, state);
  hearth_fetch(&evidence->escape[c][next_evidence_escape(b)]);
  memcpy(&f->value[first], b->count, sizeof b->count);
  for (uint32_t i = 0; i < size; i += NEXT_CHUNK) {
    proved[i] = cell[state[i]].p;
    proved[i + 1] = cell[state[i + 1]].p;
    proved[i + 2] = cell[state[i + 2]].p;
    proved[i + 3] = cell[state[i + 3]].p;
  }
  for (uint32_t i = 0; i < size; ++i)
    at[i] = add(f, b->model[i], models);
  for (uint32_t i = size; i % NEXT_CHUNK; ++i) {
    at[i] = NEXT_NOBODY;
    f->value[first + i] = 1.0f;
  }
  f->first[NEXT_F_CONTEXT + c] = (uint16_t)first;
  f->entries[NEXT_F_CONTEXT + c] = (uint16_t)size;
  f->used = (uint16_t)next_frame_chunks(first + room);
}

/* Who has a past is told by it: a few beside what is familiar do, in whole
   blocks: more take longer, and are guessed no better. */
static uint32_t most_of(const next_frame *f) {
  const uint32_t most = (f->familiar / NEXT_BLOCK + 2) * NEXT_BLOCK;
  return f->familiar && most < NEXT_MAX ? most : NEXT_MAX;
}

void next_features_choose(next_frame *f, uint32_t models,
                          const next_prior *prior,
                          const next_evidence *evidence) {
  uint32_t popular;
  const uint16_t *best = next_prior_popular(prior, &popular);
  f->count = f->used = 0;
  f->most = NEXT_MAX;
  memset(f->slot, NEXT_NOBODY, sizeof f->slot);
  memset(f->first, 0, sizeof f->first);
  memset(f->entries, 0, sizeof f->entries);
  choose_familiar(f, models);
  f->familiar = f->count;
  f->most = most_of(f);
  const uint32_t first = f->familiar ? NEXT_FIRST_KNOWN : NEXT_FIRST;
  f->since_row =
      (uint8_t)(f->familiar < FORESIGHT_USERS_RING ? f->familiar
                                                   : FORESIGHT_USERS_RING);
  for (uint32_t i = 0; i < popular && i < first; ++i)
    add(f, best[i], models);
  for (uint32_t c = 0; c < NEXT_CONTEXTS; ++c)
    if (f->bucket[c])
      choose_held(f, c, models, evidence);
  for (uint32_t i = first; i < popular && f->count < f->most; ++i)
    add(f, best[i], models);
  f->padded = (f->count + NEXT_BLOCK - 1) / NEXT_BLOCK * NEXT_BLOCK;
  for (uint32_t i = f->count; i < f->padded; ++i)
    f->model[i] = f->model[f->count - 1];
}
