/* SPDX-License-Identifier: MIT
   Which outcomes were told already. */
#ifndef HEARTH_SDK_SEEN_H
#define HEARTH_SDK_SEEN_H

#include <stdatomic.h>
#include <stdint.h>

#include "plugin/sdk/state.h"

/* The latest outcomes, by a hash of request and phase, in a table of fixed
   size: one that was told twice is known as long as few thousand came between.
   Zero it to begin. */
enum { HEARTH_SEEN = 4096 };

typedef struct hearth_seen {
  atomic_uint_fast64_t hash[HEARTH_SEEN]; /* 0: an empty place */
} hearth_seen;

/* 1 if it was told before; else remember it.  Many threads may at a time: of
   those who are told the same, one gets 0. */
int hearth_seen_before(hearth_seen *seen, uint64_t hash);

/* Its part of a state: the hashes alone, of a section that was begun. */
void hearth_seen_state(hearth_state *s, hearth_seen *seen);

#endif
