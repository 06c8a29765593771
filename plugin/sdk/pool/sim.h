/* SPDX-License-Identifier: MIT
   A pool with a simulated backend: what replays and ghosts are made of. */
#ifndef HEARTH_SDK_SIM_H
#define HEARTH_SDK_SIM_H

#include "plugin/sdk/pool/pool.h"

/* A sim drives a pool through time.  Loads take each model's load time,
   requests their duration.  At one instant: loads complete, then requests
   complete, then requests are made, then keep-alives that ran out before this
   instant leave, then reviews are held (by the caller).  After each single
   event, whatever load can start, starts.  Not locked; allocates only when more
   loads and requests are in flight than ever before. */
typedef struct hearth_sim hearth_sim;

typedef enum hearth_sim_kind {
  HEARTH_SIM_START, /* a request runs, after wait_ms */
  HEARTH_SIM_LOAD,  /* a load began; demand or prewarm */
  HEARTH_SIM_READY, /* it is done; demand: somebody had asked for it */
  HEARTH_SIM_DONE,  /* a request ended */
  HEARTH_SIM_EVICT, /* a model left; expired or to make room */
  HEARTH_SIM_CANCEL /* a prewarm in flight was stopped */
} hearth_sim_kind;

typedef struct hearth_sim_event {
  hearth_sim_kind kind;
  int32_t demand;  /* LOAD, READY */
  int32_t expired; /* EVICT */
  uint32_t model;
  uint64_t request; /* START, DONE: as given to hearth_sim_request */
  int64_t at_ms;
  int64_t wait_ms;     /* START, DONE */
  int64_t duration_ms; /* DONE */
} hearth_sim_event;

/* Called for each event, in order; must not call back into the sim. */
typedef void hearth_sim_listen(void *user, const hearth_sim_event *event);

/* Owned by caller.  `listen` may be NULL. */
hearth_status hearth_sim_new(const hearth_memory_user *memory,
                             const hearth_pool_options *options,
                             hearth_sim_listen *listen, void *user,
                             hearth_sim **out);
void hearth_sim_free(hearth_sim *sim);

/* The pool, to add models to and to look at.  Borrowed from the sim. */
hearth_pool *hearth_sim_pool(hearth_sim *sim);

/* The time of the next thing that happens by itself (load or request done,
   keep-alive or wish run out, prewarm to start); HEARTH_NEVER: nothing. */
int64_t hearth_sim_next_ms(const hearth_sim *sim);

/* Let everything happen that comes before a request at `now`: all before it,
   and the loads and requests that complete at it. */
hearth_status hearth_sim_advance(hearth_sim *sim, int64_t now);

/* Let the rest of the instant `now` happen: keep-alives, prewarms due.  Then a
   review may be held. */
hearth_status hearth_sim_finish_instant(hearth_sim *sim, int64_t now);

/* A request at `now`, after hearth_sim_advance(now).  No load starts before
   hearth_sim_start, so that a plan can be adopted in between. */
hearth_status hearth_sim_request(hearth_sim *sim, int64_t now, uint32_t model,
                                 int64_t duration_ms, uint64_t request,
                                 hearth_found *found);

/* Adopt a plan.  Nothing starts before hearth_sim_start. */
void hearth_sim_plan(hearth_sim *sim, int64_t now,
                     const hearth_plan_entry *entries, uint32_t count);

/* Whatever load can start, starts. */
hearth_status hearth_sim_start(hearth_sim *sim, int64_t now);

#endif
