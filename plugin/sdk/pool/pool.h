/* SPDX-License-Identifier: MIT
   The warm pool: from plans and requests to loads and evictions. */
#ifndef HEARTH_SDK_POOL_H
#define HEARTH_SDK_POOL_H

#include <stdint.h>

#include "hearth/plugin.h"
#include "plugin/sdk/memory.h"

/* The pool decides which model is in memory.  It does no I/O and has no clock:
   whoever drives it (a live host, a replay, a ghost inside a plugin) tells it
   what happened and when, then takes actions from it until there are none.

     pool_request, pool_finish, pool_loaded, pool_plan, pool_expire: it happened
     while (hearth_pool_next(pool, now, &action)) do it

   Rules.  A model in use or loading is never evicted.  Victims are idle models,
   lowest in the standing order first.  A plan is a change to that order: its
   models go on top, in the plan's order, and the rest keep theirs below; models
   never listed are lowest, least recently requested first, then in order of
   load.  Demand loads come first, in order of arrival; one that lacks a lane or
   memory first cancels prewarms in flight, newest first, then evicts; while it
   can't be given room nothing is cancelled or evicted for it, it waits at the
   head of the queue, and no prewarm starts.  A prewarm starts when its
   start_at_ms has come, in the standing order, if a lane is free and room can
   be made by evicting only idle models that rank below it, once per plan entry;
   cancelled, it starts again only if a later plan asks.  A wish to warm lasts
   until it starts, its warm_by_ms has passed, or a newer plan lists the model;
   a wish whose model is there, or asked for, when its start comes has come
   true. Memory is charged from the start of a load until the eviction.

   Times are milliseconds; calls come in the order of time.  Not locked.  No
   allocation after the models are added. */
typedef struct hearth_pool hearth_pool;

#define HEARTH_NO_MODEL UINT32_MAX
#define HEARTH_NO_GROUP UINT32_MAX
#define HEARTH_NEVER INT64_MAX

typedef struct hearth_pool_options {
  int64_t budget_kb;        /* memory for models; -1: no limit */
  uint32_t lanes;           /* loads at a time; 0: no limit */
  int32_t keep_alive;       /* 1: a model idle past its keep_for_ms leaves */
  uint32_t max_warm;        /* models to hold at most, 0: any.  Demand may pass
                               it; what falls idle then leaves. */
  int64_t min_residency_ms; /* no prewarm evicts a model ready for less */
  double speculation_share; /* prewarms' share of the lanes' time; < 0: any.
                               Measured over a decaying hour; a prewarm that
                               would pass it waits.  Without a limit of lanes
                               their time is that of one. */
} hearth_pool_options;

/* No budget, no limits. */
void hearth_pool_options_init(hearth_pool_options *options);

typedef struct hearth_pool_model {
  int64_t memory_kb; /* > 0 */
  int64_t load_ms;   /* expected; only speculation_share looks at it */
  uint32_t group;    /* at most one of a group is resident; HEARTH_NO_GROUP */
  int32_t pinned;    /* 1: never evicted */
} hearth_pool_model;

typedef enum hearth_found {
  HEARTH_FOUND_WARM,    /* ready: the request runs */
  HEARTH_FOUND_DELAYED, /* loading, or queued for another request: it waits */
  HEARTH_FOUND_COLD     /* absent: a demand load was queued for it */
} hearth_found;

typedef enum hearth_action_kind {
  HEARTH_DO_LOAD,   /* begin to load `model`, for `demand` (else a prewarm) */
  HEARTH_DO_CANCEL, /* stop the prewarm of `model` in flight */
  HEARTH_DO_EVICT   /* unload `model` */
} hearth_action_kind;

typedef struct hearth_action {
  hearth_action_kind kind;
  uint32_t model;
  int32_t demand;  /* LOAD: 1 demanded, 0 prewarm */
  int32_t expired; /* EVICT: 1 its keep-alive ran out, 0 to make room */
} hearth_action;

/* One line of a plan, by numbers; the fields are hearth_plan_model's. */
typedef struct hearth_plan_entry {
  uint32_t model;
  int32_t action; /* HEARTH_ACTION_KEEP or HEARTH_ACTION_WARM (messages.h) */
  int64_t start_at_ms, warm_by_ms, keep_for_ms; /* -1: as there */
} hearth_plan_entry;

typedef enum hearth_residency {
  HEARTH_ABSENT,
  HEARTH_QUEUED,     /* absent, with a demand load waiting */
  HEARTH_DEMANDED,   /* loading for a request */
  HEARTH_PREWARMING, /* loading for nobody yet */
  HEARTH_READY
} hearth_residency;

/* Owned by caller.  HEARTH_BAD_ARG for impossible options. */
hearth_status hearth_pool_new(const hearth_memory_user *memory,
                              const hearth_pool_options *options,
                              hearth_pool **out);
void hearth_pool_free(hearth_pool *pool);

/* Add the next model; its number is the count so far.  HEARTH_LIMIT if it alone
   is larger than the budget. */
hearth_status hearth_pool_add(hearth_pool *pool,
                              const hearth_pool_model *model);

/* Change a model's memory, load time or pin (a new catalog). */
hearth_status hearth_pool_update(hearth_pool *pool, uint32_t model,
                                 const hearth_pool_model *changed);

/* A request for `model`.  WARM: it runs now; else it waits, and runs when the
   load is done.  A prewarm that is waited for becomes a demand load. */
hearth_found hearth_pool_request(hearth_pool *pool, uint32_t model,
                                 int64_t now);

/* A running request of `model` ended. */
void hearth_pool_finish(hearth_pool *pool, uint32_t model, int64_t now);

/* A waiting request of `model` gave up.  A demand load that nobody waits for
   any more leaves the queue; one in flight goes on. */
void hearth_pool_abandon(hearth_pool *pool, uint32_t model, int64_t now);

/* The load of `model` is done: those who waited run.  Returns how many. */
uint32_t hearth_pool_loaded(hearth_pool *pool, uint32_t model, int64_t now);

/* The load of `model` failed, or the model vanished.  It is absent; those who
   waited are given up.  Returns how many. */
uint32_t hearth_pool_lost(hearth_pool *pool, uint32_t model, int64_t now);

/* Adopt a plan, best first; of a model listed twice the first counts. */
void hearth_pool_plan(hearth_pool *pool, const hearth_plan_entry *entries,
                      uint32_t count, int64_t now);

/* Mark what ran out before `now`: keep-alives and wishes.  The evictions follow
   from hearth_pool_next. */
void hearth_pool_expire(hearth_pool *pool, int64_t now);

/* The next thing to do at `now`, already done in the pool's books; 0: nothing.
 */
int hearth_pool_next(hearth_pool *pool, int64_t now, hearth_action *action);

/* The earliest time at which hearth_pool_expire has something to do (a
   keep-alive of T counts as run out at T + 1), and at which a prewarm's start
   comes; HEARTH_NEVER: none. */
int64_t hearth_pool_next_expiry(const hearth_pool *pool);
int64_t hearth_pool_next_start(const hearth_pool *pool);

hearth_residency hearth_pool_residency(const hearth_pool *pool, uint32_t model);
int hearth_pool_busy(const hearth_pool *pool, uint32_t model);
uint32_t hearth_pool_count(const hearth_pool *pool);
int64_t hearth_pool_used_kb(const hearth_pool *pool);
uint32_t hearth_pool_loading(const hearth_pool *pool);

/* The resident models, lowest in the standing order first: give HEARTH_NO_MODEL
   to begin; HEARTH_NO_MODEL is the end. */
uint32_t hearth_pool_above(const hearth_pool *pool, uint32_t model);

#endif
