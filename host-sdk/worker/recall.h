/* SPDX-License-Identifier: MIT
   What a worker that starts again is told. */
#ifndef HEARTH_WORKER_RECALL_H
#define HEARTH_WORKER_RECALL_H

#include "hearth/plugin.h"

/* The bytes of outcomes that are kept at most. */
enum { HEARTH__RECALL_BYTES = 16 << 20 };

typedef struct hearth__kept {
  uint8_t *data; /* owned */
  uint64_t len;
} hearth__kept;

/* The last bytes of each kind, and a bounded ring of outcomes, numbered from
   1.  Not locked. */
typedef struct hearth__recall {
  hearth__kept create, catalog, snapshot;
  hearth__kept *ring; /* outcome n stands at n % room; data NULL: dropped */
  uint32_t room;
  uint64_t first, next; /* outcomes first <= n < next are kept */
  uint64_t bytes;
  int catalog_untold; /* the process that runs was not told the catalog */
  uint64_t told;      /* up to which the process that runs was told */
  uint64_t asked;     /* outcomes since the last snapshot */
  uint64_t lost;      /* dropped before a snapshot had them */
} hearth__recall;

hearth_status hearth__recall_init(hearth__recall *recall, uint32_t room);
void hearth__recall_free(hearth__recall *recall);

/* Replace what is kept by a copy; on HEARTH_NO_MEMORY the old one stays. */
hearth_status hearth__kept_set(hearth__kept *kept, hearth_bytes bytes);

/* Keep an outcome: its number, or 0 without memory (counted as lost). */
uint64_t hearth__recall_add(hearth__recall *recall, hearth_bytes outcome);
/* Forget it: it is not to be told again. */
void hearth__recall_drop(hearth__recall *recall, uint64_t number, int lost);
/* The first that is to be told, as a copy owned by the caller: its number, 0
   where there is none; without memory it is skipped and lost. */
uint64_t hearth__recall_untold(hearth__recall *recall, hearth__kept *copy);
/* A snapshot has everything up to `number`. */
void hearth__recall_saved(hearth__recall *recall, uint64_t number);

#endif
