/* SPDX-License-Identifier: MIT
   Which outcomes were told already. */
#ifndef FORESIGHT_SEEN_H
#define FORESIGHT_SEEN_H

#include <stdint.h>

/* The latest outcomes, by a hash of request and phase, in a table of fixed
   size: one that was told twice is known as long as few thousand came between.
   Zero it to begin. */
enum { FORESIGHT_SEEN = 4096 };

typedef struct foresight_seen {
  uint64_t hash[FORESIGHT_SEEN];
} foresight_seen;

/* 1 if it was told before; else remember it. */
int foresight_seen_before(foresight_seen *seen, uint64_t hash);

#endif
