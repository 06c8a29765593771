/* SPDX-License-Identifier: MIT
   Candidates, what speaks for each, and the evidence learned about that. */
#ifndef FORESIGHT_NEXT_FEATURES_H
#define FORESIGHT_NEXT_FEATURES_H

#include "plugin/foresight/next/next_frame.h"

/* An adaptive probability: moves by 1 / (n + 1.5), n up to a limit. */
typedef struct {
  float p;
  uint32_t n;
} next_cell;

#define NEXT_STATES 384u  /* 8 totals x 3 ways of being last x 16 counts */
#define NEXT_ESCAPES 136u /* 8 totals x 17 sizes */
#define NEXT_SINCE 15u    /* bins of the time since a user used a model */
#define NEXT_RANKS 12u

/* How often what a bucket knows of a model came true, whatever the model. */
typedef struct {
  next_cell state[NEXT_CONTEXTS][NEXT_STATES];
  next_cell escape[NEXT_CONTEXTS][NEXT_ESCAPES];
  next_cell since[NEXT_SINCE * NEXT_RANKS];
  next_cell stranger[FORESIGHT_USERS_RING +
                     1];           /* of a model not in the ring, by size */
  float rate[NEXT_CELL_LIMIT + 1]; /* of a cell, by n */
} next_evidence;

void next_evidence_init(next_evidence *evidence);

/* Its part of a state: the cells that have learned. */
void next_evidence_visit(hearth_state *s, next_evidence *evidence);

/* Chooses the candidates, and finds their places in what the buckets hold. */
void next_features_choose(next_frame *frame, uint32_t models,
                          const next_prior *prior,
                          const next_evidence *evidence);

/* Fills in what speaks for each candidate. */
void next_features_fill(next_frame *frame, const next_prior *prior,
                        const next_rhythm *rhythm, const next_table *table,
                        const next_evidence *evidence, uint32_t off);

/* The frame's request was for this model.  One half of the contexts learns
   where `turn` is even, and the other where it is odd: a cell hears of many
   requests, and of half as many it learns the same. */
void next_features_learn(const next_frame *frame, next_evidence *evidence,
                         uint32_t model, uint32_t turn);

/* Group of a feature. */
uint32_t next_feature_group(uint32_t feature);

#endif
