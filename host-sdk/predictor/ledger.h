/* SPDX-License-Identifier: MIT
   Requests by their id: what was predicted, and what runs. */
#ifndef HEARTH_PREDICTOR_LEDGER_H
#define HEARTH_PREDICTOR_LEDGER_H

#include "hearth/predictor.h"

typedef enum hearth__stage {
  HEARTH__PREDICTED, /* or unknown before it started */
  HEARTH__STARTED,
  HEARTH__ENDED
} hearth__stage;

typedef struct hearth__entry {
  char id[HEARTH_ID_CAP];
  hearth__stage stage;
  int32_t was_predicted; /* a prediction for it was given */
  int32_t judged;        /* ... and has been counted as right or wrong */
  uint32_t model;        /* STARTED: which, by its number */
  uint32_t losses;       /* STARTED: failed loads of the model before it */
  uint64_t user, project, task; /* as in hearth__cache_key */
  uint32_t count, predicted[HEARTH_PREDICTION_CAP]; /* numbers of models */
  struct hearth__entry *chain, *older, *newer;
} hearth__entry;

/* Remembers every started request, and the last 1024 others.  Not locked. */
typedef struct hearth__ledger hearth__ledger;

enum { HEARTH__LEDGER_KEEP = 1024 };

hearth__ledger *hearth__ledger_new(uint64_t seed);
void hearth__ledger_free(hearth__ledger *ledger);

/* NULL: not there. */
hearth__entry *hearth__ledger_find(const hearth__ledger *ledger,
                                   const char *id);

/* The entry of an id, made if need be; NULL: no memory.  The id is shorter than
   HEARTH_ID_CAP.  Valid until the next add. */
hearth__entry *hearth__ledger_add(hearth__ledger *ledger, const char *id);

/* A request starts, or has ended: it is kept, or may be forgotten. */
void hearth__ledger_stage(hearth__ledger *ledger, hearth__entry *entry,
                          hearth__stage stage);

#endif
