/* SPDX-License-Identifier: MIT
   What to hold, and what to load ahead, under a memory budget. */
#ifndef FORESIGHT_BUDGET_H
#define FORESIGHT_BUDGET_H

/* The head learns when each model is used again, ranks the models by what
   holding them saves, and asks for a few to be loaded before they are asked
   for.  It knows the host's pool only by its events.

     foresight_budget_pool     the pool's size and lanes, first and on change
     foresight_budget_add      a model of the catalog (numbers from 0)
     foresight_budget_started  a request's model became known
     foresight_budget_plan     right after it: order of worth, and prewarms
     foresight_budget_loaded, _cancelled, _evicted, _finished    as they happen

   Method.  For each model P_H, the chance of a use within H, for eight horizons
   from 10 s to a week: a logistic mix of shared signals, then tables of the
   model's own as residuals, learned on line from samples whose labels come when
   the model is used or the horizon has passed.  Worth of a kilobyte: the load
   it saves x max over H of P_H / (E_H + 3 tau (1 - P_H)), E_H the time held;
   that is a Gittins index, with the time tau until freed memory is wanted.
   Pools of metadata alone (ghosts) replay lru, lfu, gdsf and the learned order;
   whoever lost least lately is followed, and gdsf's loads bound ours.

   Times are milliseconds, and may jump; memory is kilobytes.  One thread at a
   time.  Nothing allocates but new and add.  The same calls give the same bits
   on every machine. */
#include <stdint.h>

#include "plugin/foresight/dump.h"
#include "plugin/sdk/memory.h"
#include "plugin/sdk/state.h"

typedef struct foresight_budget foresight_budget;

#define FORESIGHT_BUDGET_NONE UINT32_MAX
#define FORESIGHT_BUDGET_HORIZONS 8

/* Parts that can be switched off, for ablation (options.without). */
enum {
  FORESIGHT_BUDGET_NO_PREWARM = 1 << 0,
  FORESIGHT_BUDGET_NO_GHOSTS = 1 << 1,   /* never follow a simple rule */
  FORESIGHT_BUDGET_NO_RESIDUALS = 1 << 2,
  FORESIGHT_BUDGET_NO_BURSTS = 1 << 3,   /* a cold start costs one load */
  FORESIGHT_BUDGET_NO_UNSEEN = 1 << 4,   /* never prewarm a model never used */
  FORESIGHT_BUDGET_NO_TRUST = 1 << 5,    /* unused prewarms teach nothing */
  FORESIGHT_BUDGET_NO_USERS = 1 << 6,    /* tables by user */
  FORESIGHT_BUDGET_NO_TABLE_0 = 1 << 8   /* table i: bit 8 + i, i < 5 */
};

typedef struct foresight_budget_options {
  uint32_t without;
  /* All loads at most this many times those of gdsf; <= 0: no limit. */
  float loads_limit;
  /* Prewarms' value against what they evict, 0..1: lower is more cautious. */
  float boldness;
} foresight_budget_options;

void foresight_budget_options_init(foresight_budget_options *options);

/* Owned by caller; NULL: out of memory. */
foresight_budget *foresight_budget_new(
    const hearth_memory_user *memory, const foresight_budget_options *options);

/* How many models were added. */
uint32_t foresight_budget_models(const foresight_budget *budget);
void foresight_budget_free(foresight_budget *budget);

/* The pool's memory for models, and how many load at a time (>= 1). */
void foresight_budget_pool(foresight_budget *budget, int64_t budget_kb,
                           uint32_t lanes);

/* Add the next model: 0, or -1 when out of memory (nothing changed).
   `memory_kb` and `load_ms` > 0. */
int foresight_budget_add(foresight_budget *budget, int64_t memory_kb,
                         int64_t load_ms);

/* A better measurement of a model's memory or load time. */
void foresight_budget_update(foresight_budget *budget, uint32_t model,
                             int64_t memory_kb, int64_t load_ms);

/* How a request found its model. */
typedef enum foresight_budget_found {
  FORESIGHT_BUDGET_COLD,
  FORESIGHT_BUDGET_DELAYED,
  FORESIGHT_BUDGET_WARM
} foresight_budget_found;

/* A request.  The user's model and time before this one come from the users'
   rings; NONE where unknown. */
typedef struct foresight_budget_use {
  int64_t now;
  uint32_t model;
  uint32_t user;       /* NONE: unknown */
  uint32_t last_model; /* of this user, before; NONE: first */
  int64_t last_ms;     /* when that was */
  foresight_budget_found found;
} foresight_budget_use;

void foresight_budget_started(foresight_budget *budget,
                              const foresight_budget_use *use);
void foresight_budget_finished(foresight_budget *budget, uint32_t model,
                               int64_t now, int64_t wait_ms);
/* `ahead`: by a prewarm, unless a request waits for it. */
void foresight_budget_loaded(foresight_budget *budget, uint32_t model,
                             int64_t now, int ahead);
void foresight_budget_cancelled(foresight_budget *budget, uint32_t model,
                                int64_t now);
void foresight_budget_evicted(foresight_budget *budget, uint32_t model,
                              int64_t now);

typedef struct foresight_budget_entry {
  uint32_t model;
  int32_t warm; /* 1: load it if it is not there; 0: keep */
  float soon;   /* the chance of a use within 240 s, as of its last scoring */
} foresight_budget_entry;

/* The plan, best first, into `entries` (room for `cap`; list all residents:
   give the count of models); returns how many.  `used_kb`: the pool's, now. */
uint32_t foresight_budget_plan(foresight_budget *budget, int64_t now,
                               int64_t used_kb,
                               foresight_budget_entry *entries, uint32_t cap);

/* Whose order the plans follow. */
typedef enum foresight_budget_rule {
  FORESIGHT_BUDGET_LRU,
  FORESIGHT_BUDGET_LFU,
  FORESIGHT_BUDGET_GDSF,
  FORESIGHT_BUDGET_LEARNED,
  FORESIGHT_BUDGET_AHEAD, /* learned, with prewarms */
  FORESIGHT_BUDGET_RULES
} foresight_budget_rule;

/* The head's part of a state.  Loading fills one that was just created, told of
   its pool, and given all models with their memory and load times; after a
   failure it may only be freed. */
void foresight_budget_state(hearth_state *s, foresight_budget *budget);

/* Copy to a head, with at least as many models, that is for saving from alone;
   -1: it has fewer.  What is long is copied ahead, in parts from 0 while it
   gives 1, between which `from` may learn; what that changes is marked. */
int foresight_budget_copy_ahead(foresight_budget *to, foresight_budget *from,
                                uint32_t part);
int foresight_budget_copy(foresight_budget *to, foresight_budget *from);

/* Writes the weights, with names; see plugin/foresight/reflect.h. */
void foresight_budget_weights(const foresight_budget *budget,
                              foresight_dump *d);

/* Forgets which models the user used last. */
void foresight_budget_forget(foresight_budget *budget, uint32_t user);

/* Why a model stands where it stands; as of its last scoring. */
typedef struct foresight_budget_reason {
  double within[FORESIGHT_BUDGET_HORIZONS]; /* P_H */
  double worth;     /* seconds of wait saved a second and kilobyte held */
  double rank;      /* as the rule that is followed has it: higher stays */
  double prewarm;   /* what a prewarm is worth, same unit; 0: none */
  double burst;     /* waits a cold start costs, in loads */
  double trust;     /* 0..1: how far its prewarms were used as foretold */
  double idle_s;    /* since its last use; -1: never used */
  foresight_budget_rule following;
  int32_t resident;
} foresight_budget_reason;

void foresight_budget_explain(const foresight_budget *budget, uint32_t model,
                              foresight_budget_reason *reason);

/* Horizon i in seconds. */
double foresight_budget_horizon(uint32_t i);

#endif
