/* SPDX-License-Identifier: MIT
   What a host told and no arm has seen yet. */
#ifndef HEARTH_EXPERIMENT_INBOX_H
#define HEARTH_EXPERIMENT_INBOX_H

#include "hearth/experiment.h"
#include "plugin/sdk/wire/schema.h"

/* No request runs longer: a slip in the units of a time can't overflow. */
#define HEARTH__LONGEST_MS (INT64_C(1) << 40)

/* A request on its way to the arms, in one block. */
typedef struct hearth__told {
  struct hearth__told *next;  /* in the order of coming */
  struct hearth__told *chain; /* of the same bucket */
  uint64_t hash;
  char id[HEARTH_ID_CAP];
  int64_t at_ms;
  int64_t duration_ms; /* -1: not told */
  uint32_t model;      /* HEARTH_NO_MODEL: not known yet */
  int32_t finished;
  int32_t cut; /* it was taken out before it had finished */
  uint64_t len;
  uint8_t context[];
} hearth__told;

/* Requests that came, in order, found by id.  Its bound counts whole requests,
   so what is said later of one that got in always finds its place.  Not
   locked. */
typedef struct hearth__inbox {
  hearth__told *first, *last;
  hearth__told **buckets; /* owned; a power of two of them */
  uint32_t mask, count, cap;
  int64_t newest_ms;
  uint64_t dropped, unsettled;
} hearth__inbox;

hearth_status hearth__inbox_init(hearth__inbox *inbox, uint32_t cap);
void hearth__inbox_free(hearth__inbox *inbox);

/* HEARTH_BUSY: full; HEARTH_BAD_ARG: such an id is there. */
hearth_status hearth__inbox_add(hearth__inbox *inbox, hearth_str id,
                                int64_t at_ms, hearth_bytes context);
/* NULL: not there. */
hearth__told *hearth__inbox_find(const hearth__inbox *inbox, const char *id);

/* The next request to play, the caller's until free(); NULL: none.  One that
   came more than hold_ms before the newest, or any with `all`, is taken out
   unfinished; one whose model is not known by then is dropped. */
hearth__told *hearth__inbox_take(hearth__inbox *inbox, int64_t hold_ms,
                                 int all);
/* Whether there is one to take, or to drop. */
int hearth__inbox_ready(const hearth__inbox *inbox, int64_t hold_ms, int all);

#endif
