/* SPDX-License-Identifier: MIT
   What the host was last told of a model, so that it can be said again. */
#ifndef FORESIGHT_STANDING_H
#define FORESIGHT_STANDING_H

#include <stdint.h>

#include "plugin/sdk/state.h"
#include "plugin/sdk/wire/messages.h"

/* A line of a plan replaces what an earlier one said of its model: its
   keep-alive begins anew, and a wish to warm that it does not repeat is gone.
   Where a plan lists a model only to say how likely it is, its line repeats what
   holds.  Zero it to begin. */
typedef struct foresight_standing {
  int64_t told_ms;     /* when; matters where there is a limit */
  int64_t keep_for_ms; /* -1: no limit */
  int64_t start_at_ms; /* of a wish to warm */
  int64_t idle_since;  /* when its last request ended */
  uint32_t active;     /* requests that wait or run */
  int32_t told;        /* anything was */
  int32_t warm;        /* a wish to warm holds */
} foresight_standing;

/* A plan's line went out.  Where it says nothing new of a model without limit,
   nothing is written: most lines are such, and memory that is written has to be
   handed from processor to processor. */
void foresight_standing_tell(foresight_standing *s, int64_t now,
                             const hearth_plan_model *line);

/* Fill a line with what holds now. */
void foresight_standing_repeat(const foresight_standing *s, int64_t now,
                               hearth_plan_model *line);

/* A request came; one ended; the model's load began or it left. */
void foresight_standing_began(foresight_standing *s);
void foresight_standing_ended(foresight_standing *s, int64_t now);
void foresight_standing_moved(foresight_standing *s);

/* Its part of a state. */
void foresight_standing_state(hearth_state *s, foresight_standing *standing);

#endif
