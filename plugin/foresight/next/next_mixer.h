/* SPDX-License-Identifier: MIT
   Sums of weights in a softmax, and a calibration, learned on line. */
#ifndef FORESIGHT_NEXT_MIXER_H
#define FORESIGHT_NEXT_MIXER_H

/* Six families of weight sets; the situation chooses one set of each, and the
   sum of the six weighs the features: so what is true of a user, of a gap and
   of all is learned apart and together, and there is one softmax over the
   candidates.  All six take the same step (AdaGrad, Duchi et al., 2011).
   Adaptive probability maps, one a rank, correct the first eight (as in lpaq's
   APM by M. Mahoney, here over candidates instead of bits). */

#include "plugin/foresight/next/next_frame.h"

/* The families, each with one set for a class of: the gap; task and session;
   last model; nothing; the model before; the user. */
#define NEXT_SETS_GAP 12u
#define NEXT_SETS_TASK 64u
#define NEXT_SETS_LAST 128u
#define NEXT_SETS_ONE 1u
#define NEXT_SETS_USER 128u
#define NEXT_SETS_ALL                                                          \
  (NEXT_SETS_GAP + NEXT_SETS_TASK + 2u * NEXT_SETS_LAST + NEXT_SETS_ONE +      \
   NEXT_SETS_USER)
#define NEXT_MAP_BINS 33u
#define NEXT_EXPERIENCES 9u

typedef struct {
  float w[NEXT_FEATURES];
  float g[NEXT_FEATURES]; /* sum of squared gradients */
} next_weights;

typedef struct {
  next_weights set[NEXT_SETS_ALL];
  float rate; /* scales the rates of learning */
  float map[NEXT_TOP][NEXT_MAP_BINS];
  float missed[NEXT_EXPERIENCES]; /* share that was no candidate, of */
  float tried[NEXT_EXPERIENCES];  /* so many requests */
} next_mixer;

void next_mixer_init(next_mixer *mixer);

/* Its part of a state: all but the rate, which is a setting. */
void next_mixer_state(hearth_state *s, next_mixer *mixer);

/* Writes its weights (next_weights.c). */
void next_mixer_weights(const next_mixer *mixer, foresight_dump *d);

/* How many sets the family has. */
uint32_t next_mixer_sets(uint32_t family);

/* Chooses the sets, fills all from there on. */
void next_mixer_score(const next_mixer *mixer, next_frame *frame);

/* The frame's request was for candidate `truth`, or NEXT_NONE of them. */
void next_mixer_learn(next_mixer *mixer, const next_frame *frame,
                      uint32_t truth);

#endif
