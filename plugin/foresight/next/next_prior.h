/* SPDX-License-Identifier: MIT
   How popular each model is now: decayed counts at several half-lives. */
#ifndef FORESIGHT_NEXT_PRIOR_H
#define FORESIGHT_NEXT_PRIOR_H

/* All counts of a half-life decay alike: so instead of each of them, the worth
   of one more use changes, which grows by half-lives since an epoch (forward
   decay: Cormode et al., ICDE 2009).  Reading takes one power a half-life,
   however many models there are.  Every 64 half-lives the epoch moves, and all
   counts of that half-life are scaled once.

   A backward jump of the clock counts as no time passed: the store keeps a
   clock of its own, the sum of the forward steps.  24 bytes a model. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plugin/foresight/next/next_config.h"
#include "plugin/sdk/memory.h"
#include "plugin/sdk/state.h"

typedef struct next_prior next_prior;

next_prior *next_prior_new(const hearth_memory_user *memory);
void next_prior_free(next_prior *prior);

/* Forget so many times faster than at 1; held within 1/64 and 64. */
void next_prior_set_decay(next_prior *prior, double factor);

/* Room for models 0 .. models - 1.  False when memory fails. */
bool next_prior_grow(next_prior *prior, uint32_t models);

/* The model was used. */
void next_prior_use(next_prior *prior, uint32_t model, int64_t now_ms);

/* Smoothed probabilities that a request at now_ms is for each of `count`
   models, in whole blocks: share[h * stride + i] for model[i], h below
   NEXT_SHARES.  Without decay it would be (c + .5) / (N + .5 (n + 1));
   each half-life has (c + d slower) / (C + d). */
void next_prior_read(const next_prior *prior, int64_t now_ms,
                     const uint16_t *model, uint32_t count, float *share,
                     uint32_t stride);

/* Have what is read of the models come nearer. */
void next_prior_fetch(const next_prior *prior, const uint16_t *model,
                      uint32_t count);

/* The most popular models at a half-life of 8 h, falling; all of them
   while no more than NEXT_POPULAR have been used. */
const uint16_t *next_prior_popular(const next_prior *prior, uint32_t *count);

uint32_t next_prior_seen(const next_prior *prior); /* distinct models used */

/* Its part of a state, of `models` models that have room. */
void next_prior_state(hearth_state *s, next_prior *prior, uint32_t models);

#endif
