/* SPDX-License-Identifier: MIT
   Keep-alive and prewarm decisions where idle memory has a price. */
#ifndef FORESIGHT_PRICE_H
#define FORESIGHT_PRICE_H

#include <stdint.h>

#include "plugin/foresight/dump.h"
#include "plugin/sdk/memory.h"
#include "plugin/sdk/state.h"

/* The host pays 1/R seconds for each GB*s that a model lies idle in memory, and
   the seconds that requests wait for a load.  This head learns the hazard of
   every model's idle time and answers how long each is worth keeping, and when
   to bring one back.

   Three strategies run side by side for every model on paper: to keep it for
   the break-even time (which is never worse than twice the optimum); to stop
   as soon as the forecast says so; and that with prewarms and with holds of
   what the user is likely to ask for next.  The one that cost least so far is
   followed.

   All times are milliseconds of the caller's clock.  Model ids are dense and
   handed out by foresight_price_add_model; UINT32_MAX is "no user".  One thread
   at a time.  No I/O; memory is taken in _new and _add_model only.  A model id
   never handed out is ignored.  A clock that jumps back by over a minute, or
   forward by over a year, is followed without that time having passed. */

#define FORESIGHT_PRICE_NONE UINT32_MAX

typedef struct foresight_price foresight_price;

/* What is known of a user, before the present event. */
typedef struct {
  uint32_t last;       /* last model, or NONE */
  uint32_t before;     /* the one before, or NONE */
  uint32_t count;      /* events so far */
  uint32_t run;        /* latest consecutive events with `last` */
  int64_t time_ms;     /* of the last event */
  int64_t duration_ms; /* of the last request that finished, or 0 */
} foresight_price_user;

/* Parts that can be switched off, for ablation (bits of `off`). */
enum {
  FORESIGHT_PRICE_OFF_STOP = 1,    /* no stopping: the floor alone */
  FORESIGHT_PRICE_OFF_PREWARM = 2, /* no load before a request asks */
  FORESIGHT_PRICE_OFF_HOLDS = 4,   /* no holding of likely successors */
  FORESIGHT_PRICE_OFF_FLOOR = 8,   /* break-even is no strategy */
  FORESIGHT_PRICE_OFF_MIXING = 16, /* per-model hazard alone */
  FORESIGHT_PRICE_OFF_USERS = 32,  /* contexts from users */
  FORESIGHT_PRICE_OFF_QUEUE = 64,  /* cost of arrivals during a load */
  FORESIGHT_PRICE_OFF_GAPS = 128   /* contexts from earlier gaps */
};

typedef struct {
  double idle_price; /* R: GB*s that cost as much as one second of wait */
  uint64_t seed;     /* of the hashed tables */
  uint32_t off;      /* FORESIGHT_PRICE_OFF_... */
  /* Borrowed from the head "next": the user's facts, NULL if unknown. */
  const foresight_price_user *(*user)(void *context, uint32_t id);
  void *context;
} foresight_price_config;

/* A request whose model has just been revealed. */
typedef struct {
  uint32_t model, user, task;
  int64_t input_length, now_ms;
} foresight_price_event;

/* One line of a plan. */
typedef struct {
  uint32_t model;
  uint32_t warm; /* 1: load it (at start_at_ms) if it is not there */
  int64_t start_at_ms;
  int64_t keep_for_ms; /* from when it next falls idle, from now if it is */
} foresight_price_entry;

/* The main signals of the latest decision on a model. */
typedef struct {
  double p_soon;      /* chance of use within the present age bin */
  double load_cost_s; /* expected wait that a cold start would cause */
  double hold_cost_s; /* price of holding it for that bin */
  double value_s;     /* worth of being resident now, less of being absent */
  int64_t idle_ms;    /* age */
  uint32_t strategy;  /* ghost that is followed */
} foresight_price_reason;

/* Returns 0, or -1 if there is no memory. */
int foresight_price_new(const hearth_memory_user *memory,
                        const foresight_price_config *config,
                        foresight_price **out);
void foresight_price_free(foresight_price *p);
/* How many models were added. */
uint32_t foresight_price_models(const foresight_price *p);

/* Adds the model with the next id.  Returns 0, or -1 if there is no memory. */
int foresight_price_add_model(foresight_price *p, double memory_mb,
                              double load_ms);
/* A measured load time or size replaces the first guess. */
void foresight_price_set_model(foresight_price *p, uint32_t model,
                               double memory_mb, double load_ms);

/* Another price, with which foresight_price_set_model is to be called for every
   model; and another context for config.user. */
void foresight_price_set_price(foresight_price *p, double idle_price);
void foresight_price_set_user(foresight_price *p, void *context);

/* The head's part of a state.  Loading fills one that was just made, with all
   models added; after a failure it may only be freed. */
void foresight_price_state(hearth_state *s, foresight_price *p);

/* Copy to a head, with at least as many models, that is for saving from alone;
   -1: it has fewer.  What is long is copied ahead, in parts from 0 while it
   gives 1, between which `from` may learn; what that changes is marked. */
int foresight_price_copy_ahead(foresight_price *to, foresight_price *from,
                               uint32_t part);
int foresight_price_copy(foresight_price *to, foresight_price *from);

/* Writes the weights, with names; see plugin/foresight/reflect.h. */
void foresight_price_weights(const foresight_price *p, foresight_dump *d);

/* Forgets who used a model last, and what this user asks for after what. */
void foresight_price_forget(foresight_price *p, uint32_t user);

/* record_outcome started; call it while config.user still tells of the user
   before this event, and call foresight_price_plan afterwards. */
void foresight_price_started(foresight_price *p,
                             const foresight_price_event *event);
/* record_outcome finished (or failed, cancelled). */
void foresight_price_finished(foresight_price *p, uint32_t model,
                              int64_t duration_ms, int64_t now_ms);
/* record_outcome loaded, and evicted or load_cancelled; what leaves while it
   is thought busy has lost its `finished`, and counts as idle from then on. */
void foresight_price_loaded(foresight_price *p, uint32_t model);
void foresight_price_evicted(foresight_price *p, uint32_t model);

/* The plan at `now_ms` (at a settled request or a tick): writes at most cap
   entries, those that changed, and returns their number.  *review_at_ms gets
   when to ask again (INT64_MAX: no need), at least 1 s ahead.  A model that is
   not listed stands as it was told before. */
uint32_t foresight_price_plan(foresight_price *p, int64_t now_ms,
                              foresight_price_entry *out, uint32_t cap,
                              int64_t *review_at_ms);

foresight_price_reason foresight_price_explain(const foresight_price *p,
                                               uint32_t model);

#endif
