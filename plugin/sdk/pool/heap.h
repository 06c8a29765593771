/* SPDX-License-Identifier: MIT
   A binary heap of small integers by time, from which any can be taken. */
#ifndef HEARTH_SDK_HEAP_H
#define HEARTH_SDK_HEAP_H

#include "plugin/sdk/memory.h"

/* Each id below the reserved number is in the heap at most once, with a key.
   The least key is on top; of equal keys the least id.  Zeroed it is empty. */
typedef struct hearth__heap {
  int64_t *key;    /* by id */
  uint32_t *place; /* by id: its position + 1, 0 when it is not in the heap */
  uint32_t *id;    /* by position */
  uint32_t count;
  uint32_t key_cap, place_cap, id_cap;
} hearth__heap;

/* Make room for ids below `ids`. */
hearth_status hearth__heap_reserve(const hearth_memory_user *memory,
                                   hearth__heap *heap, uint32_t ids);
void hearth__heap_free(const hearth_memory_user *memory, hearth__heap *heap);

/* Insert an id, or change its key. */
void hearth__heap_put(hearth__heap *heap, uint32_t id, int64_t key);

/* Take an id out; nothing happens if it is not in. */
void hearth__heap_remove(hearth__heap *heap, uint32_t id);

/* The id on top (of a heap that is not empty), and its key. */
static inline uint32_t hearth__heap_top(const hearth__heap *heap) {
  return heap->id[0];
}
static inline int64_t hearth__heap_top_key(const hearth__heap *heap) {
  return heap->key[heap->id[0]];
}

#endif
