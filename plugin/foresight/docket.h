/* SPDX-License-Identifier: MIT
   What the deciding heads are told, while others plan with them. */
#ifndef FORESIGHT_DOCKET_H
#define FORESIGHT_DOCKET_H

#include <stdatomic.h>
#include <stdint.h>

#include "hearth/plugin.h"
#include "plugin/sdk/lock.h"

/* An outcome that finds the deciding heads busy is put on the docket, and
   whoever has them next learns of it first, in order.  A plan thus knows all
   that its thread told before.  One thread alone finds the heads always free,
   so that its calls are answered the same every time.  Two kinds wait all the
   same: what finds the docket full, and a start where there is a head `price`.
   (Flat combining: Hendler et al., SPAA 2010, without its list of
   publications.)

   What is told of a model by two calls beside each other may reach the heads in
   another order than the table of models.  When a head `price` is made, nothing
   may be on the docket: foresight__alone clears it. */
enum { FORESIGHT_CASES = 32 };

/* An outcome, as they take it. */
typedef struct foresight_case {
  int64_t at_ms, last_ms; /* last_ms: of the user's request before */
  int64_t wait_ms, duration_ms, load_ms, input_length;
  uint32_t model, user, last, task; /* last: the model before, of the user */
  int32_t phase, state, load;       /* as hearth_outcome has them */
} foresight_case;

typedef struct foresight_docket {
  char apart[HEARTH_APART];
  foresight_case cases[FORESIGHT_CASES]; /* a ring; locks.notes */
  uint32_t first;
  atomic_uint count;
} foresight_docket;

/* The deciding heads, if there are any, learn this now or when they are free.
   `shape` is shared. */
void foresight__bring(hearth_plugin *f, const foresight_case *c);

/* Have them, with all that was brought; and end that.  `shape` is shared. */
void foresight__decide(hearth_plugin *f);
void foresight__decide_end(hearth_plugin *f);

/* Have them learn all that was brought.  `shape` is had alone, or decide. */
void foresight__clear_docket(hearth_plugin *f);

#endif
