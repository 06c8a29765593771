/* SPDX-License-Identifier: MIT
   Outcomes that came during a swap, in their order. */
#ifndef HEARTH_SLOT_JOURNAL_H
#define HEARTH_SLOT_JOURNAL_H

#include "hearth/plugin.h"

typedef struct hearth__chunk hearth__chunk;

/* Zero it, and set `limit`.  Not locked; but what was added never moves, so
   that an entry may be read while others are added. */
typedef struct hearth__journal {
  hearth__chunk *first, *last;
  uint64_t count, bytes, limit;
} hearth__journal;

/* Where a reader stands; zero it to begin. */
typedef struct hearth__mark {
  hearth__chunk *chunk;
  uint64_t offset, read;
} hearth__mark;

/* Copy an outcome to the end; HEARTH_LIMIT or HEARTH_NO_MEMORY: it is not in.
 */
hearth_status hearth__journal_add(hearth__journal *journal,
                                  hearth_bytes outcome);

/* The next entry, valid until the journal is cleared; 0: there is none. */
int hearth__journal_next(const hearth__journal *journal, hearth__mark *mark,
                         hearth_bytes *outcome);

/* Empty it; the limit stays. */
void hearth__journal_clear(hearth__journal *journal);

#endif
