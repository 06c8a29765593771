/* SPDX-License-Identifier: MIT
   Memory that is freed at once: the lists and texts of a decoded message. */
#ifndef HEARTH_JSON_ARENA_H
#define HEARTH_JSON_ARENA_H

#include <stddef.h>

struct hearth_arena_block;

/* Zero it to begin.  Not locked. */
typedef struct hearth_arena {
  struct hearth_arena_block *blocks; /* owned */
} hearth_arena;

/* `len` zeroed bytes, aligned for any type, that live until
   hearth_arena_free; NULL when there is no memory. */
void *hearth_arena_take(hearth_arena *arena, size_t len);

/* Free all that was taken; the arena can be used again. */
void hearth_arena_free(hearth_arena *arena);

#endif
