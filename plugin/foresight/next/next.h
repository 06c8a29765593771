/* SPDX-License-Identifier: MIT
   Which model comes next: the manual of Foresight's head `next`. */
#ifndef FORESIGHT_NEXT_H
#define FORESIGHT_NEXT_H

/* Before a request's model is known, foresight_next_predict gives each likely
   model's probability; once it is known, foresight_next_learn teaches it.
   Predicting changes nothing that is learned.

   At most 80 candidates are scored (the user's latest models, what followed
   in this request's contexts, the most popular), fewer where the user has a
   past, so that the work does not grow with the number of models.  The score is
   a softmax over about thirty features, weighed by the sum of six sets of
   weights, chosen by the situation, and calibrated.

   Deterministic; no clock, no I/O.  Threads: predicting and explaining change
   nothing that another thread could tell, and any number of threads may do so
   at once (with 32 KB of stack); everything else is for one thread alone.
   Memory is allocated in foresight_next_new and foresight_next_models only. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plugin/foresight/dump.h"
#include "plugin/foresight/next/next_users.h"
#include "plugin/sdk/memory.h"

#define FORESIGHT_NEXT_RESULTS 80u

/* Groups of features, for explanations and for switching off. */
enum {
  FORESIGHT_NEXT_POPULARITY,
  FORESIGHT_NEXT_HABIT,    /* what this user uses */
  FORESIGHT_NEXT_SEQUENCE, /* what follows what */
  FORESIGHT_NEXT_TASK,     /* and what kind of request it is */
  FORESIGHT_NEXT_LENGTH,   /* of the input */
  FORESIGHT_NEXT_TIME,     /* of day and week; whether a model is due */
  FORESIGHT_NEXT_SESSION,  /* the gap since this user's last request */
  FORESIGHT_NEXT_PROJECT,
  FORESIGHT_NEXT_GROUPS
};

typedef struct {
  uint64_t user;        /* key; FORESIGHT_NEXT_NOBODY when unknown */
  uint32_t task;        /* 0 unknown; below 255 told apart */
  int64_t input_length; /* -1 unknown */
  int64_t now_ms;
  uint64_t project; /* hash; 0 unknown */
  uint32_t kind;    /* hash of what else is known before the model is:
                       complexity, priority, language, wanted hardware;
                       0 unknown */
} foresight_next_request;

#define FORESIGHT_NEXT_NOBODY UINT64_MAX

typedef struct {
  uint32_t model;
  float p;
} foresight_next_guess;

typedef struct {
  uint32_t count;
  float other; /* for every model not listed, those never seen included */
  /* The first eight by falling p, the rest in no order.  The sum of all p and
     of other is 1. */
  foresight_next_guess guess[FORESIGHT_NEXT_RESULTS];
} foresight_next_result;

typedef struct foresight_next foresight_next;

/* `users` is shared with the other heads, is borrowed, and must outlive the
   head.  `off` has bit 1 << group for every group switched off.  NULL when
   memory fails. */
foresight_next *foresight_next_new(const hearth_memory_user *memory,
                                   foresight_users *users, uint32_t models,
                                   uint32_t off);
void foresight_next_free(foresight_next *next);

/* Makes room for models 0 .. models - 1.  False when memory fails; the head
   then stays as it was. */
bool foresight_next_models(foresight_next *next, uint32_t models);

/* What may come.  Two threads may ask at once, this or why. */
void foresight_next_predict(const foresight_next *next,
                            const foresight_next_request *request,
                            foresight_next_result *result);

/* Where a frame is kept of what the calling thread predicted last, from 0 to
   FORESIGHT_NEXT_PLACES - 1. */
enum { FORESIGHT_NEXT_PLACES = 4 };
uint32_t foresight_next_place(void);

/* What came, by the frame of the place that predicted it.  Also records the
   request in `users`: so call it before what else needs the ring to hold this
   request.  Ids without room are ignored. */
void foresight_next_learn(foresight_next *next,
                          const foresight_next_request *request, uint32_t model,
                          uint32_t place);

/* How much each group speaks for the model as the request's, in nats of score
   against the other candidates' mean, each weighed by its p.  False, and
   zeros, when the model is no candidate.  Costs little when the same was
   predicted or explained just before. */
bool foresight_next_explain(const foresight_next *next,
                            const foresight_next_request *request,
                            uint32_t model, float group[FORESIGHT_NEXT_GROUPS]);

/* A request of the user ended: as foresight_users_finished, which must not be
   called past the head. */
void foresight_next_finished(foresight_next *next, uint64_t user,
                             uint32_t model, int64_t duration_ms,
                             uint32_t place);

/* At most so many users from now on: as foresight_users_limit. */
void foresight_next_limit_users(foresight_next *next, uint32_t cap);

/* Forgets the user, here and in `users`: the ring and every bucket kept for
   that user alone.  What the user did stays in the sums over all. */
void foresight_next_forget(foresight_next *next, uint64_t user);

/* Scales the rates of learning; 1 is what they were tuned to.  Held within
   0 (nothing but counts is learned) and 4. */
void foresight_next_set_rate(foresight_next *next, float scale);

/* Popularity is forgotten so many times faster; 1 is what it was tuned to. */
void foresight_next_set_decay(foresight_next *next, double factor);

/* The head's part of a state, of models below `models`, for which there is
   room; users have one of their own. */
void foresight_next_state(hearth_state *s, foresight_next *next,
                          uint32_t models);

/* Writes the mixer's weights, with names; see plugin/foresight/reflect.h. */
void foresight_next_weights(const foresight_next *next, foresight_dump *d);

#endif
