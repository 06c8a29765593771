/* SPDX-License-Identifier: MIT
   Memory that is freed at once: the lists and texts of a decoded message. */
#include "host-sdk/json/arena.h"

#include <stdint.h>
#include <stdlib.h>

struct hearth_arena_block {
  struct hearth_arena_block *next;
  max_align_t data[];
};

void *hearth_arena_take(hearth_arena *arena, size_t len) {
  struct hearth_arena_block *block = NULL;
  if (len <= SIZE_MAX - sizeof *block) {
    block = calloc(1, sizeof *block + len);
  }
  if (!block) {
    return NULL;
  }
  block->next = arena->blocks;
  arena->blocks = block;
  return block->data;
}

void hearth_arena_free(hearth_arena *arena) {
  struct hearth_arena_block *next;
  for (struct hearth_arena_block *b = arena->blocks; b; b = next) {
    next = b->next;
    free(b);
  }
  arena->blocks = NULL;
}
