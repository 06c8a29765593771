/* SPDX-License-Identifier: MIT
   Foresight's head `within`: will a model be used within 5 min, 1 h, 6 h? */
#ifndef FORESIGHT_WITHIN_H
#define FORESIGHT_WITHIN_H

#include <stddef.h>
#include <stdint.h>

#include "plugin/foresight/dump.h"
#include "plugin/sdk/memory.h"
#include "plugin/sdk/state.h"

/* For each model, the probability that a request for it starts within
   (now, now + h], h = 300, 3600, 21600 s.

   Method: Kaplan-Meier hazards of the gap between two uses (own, own
   after gaps like the last, own on a clock of requests, and those of models
   with a like last gap), decayed rates, user mass, the days on which this time
   of day saw a use, and tables of delayed labels are mixed in the logistic
   domain by weights learned on line (Mattern, "Mixing strategies in data
   compression", 2012; AdaGrad: Duchi et al. 2011) and corrected by adaptive
   probability maps (Mahoney, lpaq).  Labels come late: samples wait in rings
   until their horizon passes.

   The head has no clock.  It learns only in foresight_within_started, and
   there it also takes the samples that fell due since the request before, as
   of their own time, when its state was what it still is.  Asking for a
   prediction changes nothing.

   Ownership: a head owns all its memory, which is allocated in _create and
   _add_model only.  Threads: one at a time.  Time: milliseconds; the
   clock stands still where time steps back, until it is made up.  Same calls,
   same bits. */

enum { FORESIGHT_WITHIN_HORIZONS = 3 };

/* Groups of signals, as bits for `off` (ablation) and as indices into what
   _explain gives. */
enum foresight_within_signal {
  FORESIGHT_WITHIN_BASE,    /* bias, and the model's own slow hazard */
  FORESIGHT_WITHIN_BURST,   /* its hazard after gaps like the last */
  FORESIGHT_WITHIN_EVENTS,  /* the hazard on the clock of requests */
  FORESIGHT_WITHIN_POOL,    /* hazards of models with a like last gap */
  FORESIGHT_WITHIN_RATES,   /* decayed rates of use */
  FORESIGHT_WITHIN_USERS,   /* users whose last model, or the one before, is
                               this; what its last user did since */
  FORESIGHT_WITHIN_DAYS,    /* days of the last 14 used at this time of day */
  FORESIGHT_WITHIN_TABLES,  /* tables of delayed labels */
  FORESIGHT_WITHIN_LINKS,   /* models that lead to it, lately used */
  FORESIGHT_WITHIN_TRAFFIC, /* all requests: now against a day */
  FORESIGHT_WITHIN_GAPS,    /* number of uses; age and horizon by last gap */
  FORESIGHT_WITHIN_MAPS,    /* adaptive probability maps at the end */
  FORESIGHT_WITHIN_SIGNALS
};

typedef struct foresight_within foresight_within;

/* Who asks, as the plugin's ring of the user's events knows it before this
   request is added: UINT32_MAX where there is none. */
typedef struct foresight_within_user {
  uint32_t user;
  uint32_t last_model;   /* of the user's last request */
  uint32_t model_before; /* of the one before that */
  int64_t last_time;     /* of the user's last request */
} foresight_within_user;

/* What all predictions at one instant share. */
typedef struct foresight_within_now {
  int64_t time;
  int hour; /* 0 to 23 */
  int32_t into_ms; /* it */
  int32_t day;
  float requests[FORESIGHT_WITHIN_HORIZONS]; /* forecast of requests */
  float traffic[2];
} foresight_within_now;

/* NULL when memory is short.  `off`: a bitmask of signals to leave out. */
foresight_within *foresight_within_create(const hearth_memory_user *memory,
                                          uint32_t off);
void foresight_within_free(foresight_within *head); /* NULL is a no-op */

/* Adds model number `count`; nonzero when memory is short (state unchanged). */
int foresight_within_add_model(foresight_within *head);
uint32_t foresight_within_models(const foresight_within *head);

/* A request for `model` started.  Unknown models are ignored. */
void foresight_within_started(foresight_within *head, uint32_t model,
                              int64_t now, foresight_within_user user);

/* Forgets the user: who used a model last, and where they went.  Sums over all
   users stay. */
void foresight_within_forget(foresight_within *head, uint32_t user);

/* The head's part of a state.  Loading fills one that was just created, with
   the models that the state has; after a failure it may only be freed. */
void foresight_within_state(hearth_state *s, foresight_within *head);

/* Copy to a head, with at least as many models, that is for saving from alone;
   -1: it has fewer.  What is long is copied ahead, in parts from 0 while it
   gives 1, between which `from` may learn; then little of it is left. */
int foresight_within_copy_ahead(foresight_within *to,
                                const foresight_within *from, uint32_t part);
int foresight_within_copy(foresight_within *to, const foresight_within *from);

/* Writes the mixers' weights, with names; see plugin/foresight/reflect.h. */
void foresight_within_weights(const foresight_within *head, foresight_dump *d);

/* Fills *at for a time not before the last request (else that time). */
void foresight_within_at(const foresight_within *head, int64_t now,
                         foresight_within_now *at);

/* Have what _predict reads of a model come nearer, and what leads to it; for
   several models it is done before the first of them is predicted.  _fetch may
   be called while another thread learns. */
void foresight_within_fetch(const foresight_within *head, uint32_t model);
void foresight_within_fetch_links(const foresight_within *head,
                                  uint32_t model);

/* p[i] for each horizon, never falling with it. */
void foresight_within_predict(const foresight_within *head,
                              const foresight_within_now *at, uint32_t model,
                              float p[FORESIGHT_WITHIN_HORIZONS]);

/* What each group of signals adds to the logit at one horizon (0 to 2).  They
   sum to the logit of p, except that p never falls with the horizon. */
void foresight_within_explain(const foresight_within *head,
                              const foresight_within_now *at, uint32_t model,
                              int horizon,
                              float share[FORESIGHT_WITHIN_SIGNALS]);

#endif
