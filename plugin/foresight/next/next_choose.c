/* SPDX-License-Identifier: MIT
   The candidates: a bounded choice of the models that may come. */
#include <string.h>

#include "plugin/foresight/next/next_context.h"
#include "plugin/foresight/next/next_evidence.h"

/* The place of a model that has been used, 1 at least; 0: there is no room. */
static uint8_t add_used(next_frame *f, uint32_t model) {
  uint8_t *slot = next_frame_slot(f, model);
  if (!*slot && f->count < NEXT_MAX) {
    f->model[f->count++] = (uint16_t)model;
    *slot = (uint8_t)f->count;
  }
  return *slot;
}

static inline uint8_t add(next_frame *f, uint32_t model,
                          const next_prior *prior) {
  uint8_t *slot = next_frame_slot(f, model);
  if (!*slot && f->count < NEXT_MAX && next_prior_has(prior, model)) {
    f->model[f->count++] = (uint16_t)model;
    *slot = (uint8_t)f->count;
  }
  return *slot;
}

/* The user's latest models, newest first: the familiar ones. */
static void choose_familiar(next_frame *f, const next_prior *prior) {
  const foresight_user *user = f->user;
  f->recents = 0;
  if (!user)
    return;
  float since = f->gap_s;
  for (uint32_t k = 0; k < user->size; ++k) {
    const uint32_t model = foresight_users_event(user, k)->model;
    const uint32_t rank = f->count;
    f->event[k] = add(f, model, prior);
    if (f->count > rank) {
      f->since[rank] = (uint8_t)next_evidence_since(since, rank);
      if (f->recents < NEXT_RECENT)
        f->recent[f->recents++] = model;
    }
    since += f->gap[k];
  }
}

/* What a bucket holds. */
static void choose_held(next_frame *f, uint32_t c, const next_prior *prior) {
  const next_bucket *b = f->bucket[c];
  const uint32_t size = b->size, total = next_octave(b->total);
  for (uint32_t i = 0; i < size; ++i)
    f->state[c][i] = (uint16_t)next_evidence_state(b, i, total);
  for (uint32_t i = 0; i < size; ++i)
    f->held[c][i] = add(f, b->model[i], prior);
}

void next_features_choose(next_frame *f, const next_prior *prior) {
  uint32_t popular;
  const uint16_t *most = next_prior_popular(prior, &popular);
  f->count = 0;
  memset(f->slot, 0, sizeof f->slot);
  choose_familiar(f, prior);
  f->familiar = f->count;
  f->since_row =
      (uint8_t)(f->familiar < NEXT_FEATURES ? f->familiar : NEXT_FEATURES - 1);
  for (uint32_t i = 0; i < popular && i < NEXT_FIRST; ++i)
    add_used(f, most[i]);
  for (uint32_t c = 0; c < NEXT_CONTEXTS; ++c)
    if (f->bucket[c])
      choose_held(f, c, prior);
  for (uint32_t i = NEXT_FIRST; i < popular && f->count < NEXT_MAX; ++i)
    add_used(f, most[i]);
  f->padded = (f->count + NEXT_BLOCK - 1) / NEXT_BLOCK * NEXT_BLOCK;
}
