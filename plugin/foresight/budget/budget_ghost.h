/* SPDX-License-Identifier: MIT
   A pool of metadata alone: what a rule would have cost us. */
#ifndef FORESIGHT_BUDGET_GHOST_H
#define FORESIGHT_BUDGET_GHOST_H

/* Demand loads only, by the host pool's rules: first come first served, idle
   victims of lowest rank first, nothing evicted while room can't be made.  A
   ghost is fed the live requests; how long they run is taken from the live pool
   (`running`), so no duration need be known.  Nothing allocates but reserve. */
#include <stdint.h>

#include "plugin/sdk/memory.h"
#include "plugin/sdk/state.h"

typedef struct foresight_ghost foresight_ghost;

/* What all ghosts share; owned by the caller, who grows the arrays before
   foresight_ghost_reserve. */
typedef struct foresight_ghost_world {
  int64_t budget_kb;
  uint32_t lanes;
  const int64_t *memory_kb, *load_ms; /* by model */
  const uint32_t *running;            /* live requests in flight, by model */
} foresight_ghost_world;

/* `ranks`: by model, lowest leaves first; borrowed, may change at any time.
   NULL: out of memory. */
foresight_ghost *foresight_ghost_new(const hearth_memory_user *memory,
                                     const foresight_ghost_world *world);
void foresight_ghost_free(foresight_ghost *ghost);
/* Room for `count` models; 0 or -1. */
int foresight_ghost_reserve(foresight_ghost *ghost, uint32_t count);

/* Let loads complete and begin up to `now`.  Returns the waits, in seconds, of
   the loads that began; *evicted: the highest rank of a victim, if any left. */
double foresight_ghost_advance(foresight_ghost *ghost, int64_t now,
                               const float *ranks, float *evicted);
/* A request.  Returns 1 if it newly found the model absent. */
int foresight_ghost_request(foresight_ghost *ghost, uint32_t model, int64_t now,
                            double *wait_s);
/* A ghost's part of a state, of models below `models`; `taken` is room for as
   many bytes. */
void foresight_ghost_state(hearth_state *s, foresight_ghost *ghost,
                           uint32_t models, uint8_t *taken);
/* Copy to another, with room for the same models, that is for saving alone. */
void foresight_ghost_copy(foresight_ghost *to, const foresight_ghost *from,
                          uint32_t models);
/* Loads begun since the start. */
uint64_t foresight_ghost_loads(const foresight_ghost *ghost);

#endif
