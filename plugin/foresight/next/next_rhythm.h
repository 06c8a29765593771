/* SPDX-License-Identifier: MIT
   Each model's own rhythm: whether it is due, by the time since its use. */
#ifndef FORESIGHT_NEXT_RHYTHM_H
#define FORESIGHT_NEXT_RHYTHM_H

/* A histogram of the time between two uses of a model, in thirds of an
   octave from 1 s to 10 h: the uses that fell in a bin, against those that
   the popularity prior led to expect while the model's age was in it.  Their
   ratio corrects the prior: over 1 where the model is due, under 1 where it
   never comes (an empirical hazard, in units of the prior's rate, so that
   slow and busy hours count alike).  Timers and pauses show here, for models
   without users too.  500 bytes a model, with the logs of the ratios. */

#include "plugin/sdk/memory.h"
#include "plugin/sdk/state.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NEXT_RHYTHM_BINS 48u

typedef struct next_rhythm next_rhythm;

next_rhythm *next_rhythm_new(const hearth_memory_user *memory);
void next_rhythm_free(next_rhythm *rhythm);

/* Room for models 0 .. models - 1.  False when memory fails. */
bool next_rhythm_grow(next_rhythm *rhythm, uint32_t models);

/* The model was used; q is what the prior gave it. */
void next_rhythm_use(next_rhythm *rhythm, uint32_t model, int64_t now_ms,
                     float q);

uint32_t next_rhythm_number(const next_rhythm *rhythm); /* of uses so far */

/* Reading takes three steps, of which two have what the next one reads come
   nearer: of `count` models, in whole blocks. */
void next_rhythm_fetch(const next_rhythm *rhythm, const uint16_t *model,
                       uint32_t count);
/* Which bin each is in at now_ms. */
void next_rhythm_find(const next_rhythm *rhythm, int64_t now_ms,
                      const uint16_t *model, uint32_t count, int32_t *bin);
/* Logs of the ratios there. */
void next_rhythm_read(const next_rhythm *rhythm, const uint16_t *model,
                      uint32_t count, const int32_t *bin, float *ratio);

/* Its part of a state, of `models` models that have room. */
void next_rhythm_state(hearth_state *s, next_rhythm *rhythm, uint32_t models);

#endif
