/* SPDX-License-Identifier: MIT
   Two layers of softmax mixing and a calibration, learned on line. */
#ifndef FORESIGHT_NEXT_MIXER_H
#define FORESIGHT_NEXT_MIXER_H

/* Eight families of weight sets; the situation chooses one set of each, and
   each is trained on its own softmax (AdaGrad).  A second layer weighs the
   logs of their probabilities, one vector a class of experience.  Adaptive
   probability maps, one a rank, correct the first eight (as in lpaq's APM by
   M. Mahoney, here over candidates instead of bits). */

#include "plugin/foresight/next/next_frame.h"

/* The families, each with one set for a class of: the gap; task and session;
   last model; agreement of the contexts; length and experience; nothing; the
   model before; the user. */
#define NEXT_SETS_GAP 12u
#define NEXT_SETS_TASK 64u
#define NEXT_SETS_LAST 128u
#define NEXT_SETS_AGREE 49u
#define NEXT_SETS_LENGTH 126u
#define NEXT_SETS_ONE 1u
#define NEXT_SETS_USER 128u
#define NEXT_SETS_ALL                                                          \
  (NEXT_SETS_GAP + NEXT_SETS_TASK + 2u * NEXT_SETS_LAST + NEXT_SETS_AGREE +    \
   NEXT_SETS_LENGTH + NEXT_SETS_ONE + NEXT_SETS_USER)
#define NEXT_MAP_BINS 33u
#define NEXT_EXPERIENCES 9u

typedef struct {
  float w[NEXT_FEATURES];
  float g[NEXT_FEATURES]; /* sum of squared gradients */
} next_weights;

typedef struct {
  next_weights set[NEXT_SETS_ALL];
  float final[NEXT_EXPERIENCES][NEXT_SETS];
  float final_g[NEXT_EXPERIENCES][NEXT_SETS]; /* squared gradients */
  float rate; /* scales the rates of both layers */
  float map[NEXT_TOP][NEXT_MAP_BINS];
  float missed[NEXT_EXPERIENCES]; /* share that was no candidate, of */
  float tried[NEXT_EXPERIENCES];  /* so many requests */
} next_mixer;

void next_mixer_init(next_mixer *mixer);

/* Its part of a state: all but the rate, which is a setting. */
void next_mixer_state(hearth_state *s, next_mixer *mixer);

/* Writes its weights (next_weights.c). */
void next_mixer_weights(const next_mixer *mixer, foresight_dump *d);

/* Chooses the sets, fills p_set .. tops. */
void next_mixer_score(const next_mixer *mixer, next_frame *frame);

/* The frame's request was for candidate `truth`, or NEXT_NONE of them. */
void next_mixer_learn(next_mixer *mixer, const next_frame *frame,
                      uint32_t truth);

/* The weight of a feature in the frame's score, through both layers. */
float next_mixer_weight(const next_mixer *mixer, const next_frame *frame,
                        uint32_t feature);

#endif
