/* SPDX-License-Identifier: MIT
   Inside the budget head: P_H of one model, and all that it was made of. */
#ifndef FORESIGHT_BUDGET_MIX_H
#define FORESIGHT_BUDGET_MIX_H

#include "plugin/foresight/budget/budget_lanes.h"
#include "plugin/foresight/budget/budget_state.h"

/* Horizons are the lanes of vectors, four at a time: a loop over four of them
   is one vector and no loop.  The sums of each lane keep one fixed order, and
   no lane touches another: the bits are the same on every machine, and four
   horizons can be learned of without the others. */
_Static_assert((int)BUDGET_HORIZONS == 2 * (int)BUDGET_LANES,
               "horizons are two vectors");
typedef struct {
  budget_lanes x[BUDGET_USED_INPUTS], r[BUDGET_TABLES];
  budget_lanes base, p; /* probabilities of the two stages */
} budget_mixed;

/* The four horizons from `at`, which is 0 or BUDGET_LANES. */
void foresight__budget_mix(const foresight_budget *b, uint32_t model,
                           const budget_sample *s, uint32_t at,
                           budget_mixed *m);

/* Have the tables of a sample come nearer: they are far apart, and wanted only
   after the shared stage. */
void foresight__budget_fetch(const foresight_budget *b, const budget_sample *s);

/* A slot's labels and probabilities as floats. */
static inline void foresight__budget_widen(const budget_slot *slot, uint32_t at,
                                           float *restrict n,
                                           float *restrict p) {
  foresight__budget_of_u8(slot->n + at, n);
  foresight__budget_of_u16(slot->p + at, p);
}

/* Where p's logit is in `stretch`, for p within [0, 1]; of what is no number,
   0. The mask costs less than two bounds. */
static inline int32_t foresight__budget_place(float p) {
  return (int32_t)(p * BUDGET_STRETCH) & (2 * BUDGET_STRETCH - 1);
}

#endif
