/* SPDX-License-Identifier: MIT
   The candidates: a bounded choice of the models that may come. */
#include "plugin/foresight/next/next_context.h"
#include "plugin/foresight/next/next_evidence.h"

static void add(next_frame *f, uint32_t model, const next_prior *prior,
                uint8_t *slot) {
  if (f->count == NEXT_MAX || slot[model] || !next_prior_has(prior, model))
    return;
  f->model[f->count++] = (uint16_t)model;
  slot[model] = (uint8_t)f->count;
}

/* The user's latest models, newest first: the familiar ones. */
static void choose_familiar(next_frame *f, const next_prior *prior,
                            uint8_t *slot) {
  const foresight_user *user = f->user;
  f->recents = 0;
  if (!user)
    return;
  float since = f->gap_s;
  for (uint32_t k = 0; k < user->size; ++k) {
    const foresight_event *e = foresight_users_event(user, k);
    const uint32_t rank = f->count;
    add(f, e->model, prior, slot);
    if (f->count > rank) {
      f->since[rank] = (uint8_t)next_evidence_since(since, rank);
      if (f->recents < NEXT_RECENT)
        f->recent[f->recents++] = e->model;
    }
    since += foresight_users_gap_s(e->gap);
  }
}

void next_features_choose(next_frame *f, const next_prior *prior,
                          uint8_t *slot) {
  uint32_t popular;
  const uint16_t *most = next_prior_popular(prior, &popular);
  f->count = 0;
  choose_familiar(f, prior, slot);
  f->familiar = f->count;
  f->since_row =
      (uint8_t)(f->familiar < NEXT_FEATURES ? f->familiar : NEXT_FEATURES - 1);
  for (uint32_t i = 0; i < popular && i < NEXT_FIRST; ++i)
    add(f, most[i], prior, slot);
  for (uint32_t c = 0; c < NEXT_CONTEXTS; ++c)
    for (uint32_t i = 0; f->bucket[c] && i < f->bucket[c]->size; ++i)
      add(f, f->bucket[c]->model[i], prior, slot);
  for (uint32_t i = NEXT_FIRST; i < popular; ++i)
    add(f, most[i], prior, slot);
  f->padded = (f->count + NEXT_BLOCK - 1) / NEXT_BLOCK * NEXT_BLOCK;
}

void next_features_clear(const next_frame *f, uint8_t *slot) {
  for (uint32_t i = 0; i < f->count; ++i)
    slot[f->model[i]] = 0;
}
