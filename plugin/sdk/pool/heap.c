/* SPDX-License-Identifier: MIT
   A binary heap of small integers by time, from which any can be taken. */
#include "plugin/sdk/pool/heap.h"

#include <string.h>

hearth_status hearth__heap_reserve(const hearth_memory_user *memory,
                                   hearth__heap *heap, uint32_t ids) {
  void *key = heap->key;
  void *place = heap->place;
  void *id = heap->id;
  hearth_status status =
      hearth_grow(memory, &key, &heap->key_cap, ids, sizeof *heap->key);
  heap->key = key;
  if (status == HEARTH_OK) {
    status =
        hearth_grow(memory, &place, &heap->place_cap, ids, sizeof *heap->place);
    heap->place = place;
  }
  if (status == HEARTH_OK) {
    status = hearth_grow(memory, &id, &heap->id_cap, ids, sizeof *heap->id);
    heap->id = id;
  }
  return status;
}

void hearth__heap_free(const hearth_memory_user *memory, hearth__heap *heap) {
  hearth_release(memory, heap->key);
  hearth_release(memory, heap->place);
  hearth_release(memory, heap->id);
  memset(heap, 0, sizeof *heap);
}

static int before(const hearth__heap *heap, uint32_t a, uint32_t b) {
  return heap->key[a] != heap->key[b] ? heap->key[a] < heap->key[b] : a < b;
}

static void set(hearth__heap *heap, uint32_t position, uint32_t id) {
  heap->id[position] = id;
  heap->place[id] = position + 1;
}

static uint32_t sift_up(hearth__heap *heap, uint32_t position, uint32_t id) {
  while (position > 0) {
    const uint32_t parent = (position - 1) / 2;
    if (!before(heap, id, heap->id[parent])) {
      break;
    }
    set(heap, position, heap->id[parent]);
    position = parent;
  }
  return position;
}

static uint32_t sift_down(hearth__heap *heap, uint32_t position, uint32_t id) {
  for (;;) {
    uint64_t child = 2 * (uint64_t)position + 1;
    if (child >= heap->count) {
      return position;
    }
    if (child + 1 < heap->count &&
        before(heap, heap->id[child + 1], heap->id[child])) {
      child++;
    }
    if (!before(heap, heap->id[child], id)) {
      return position;
    }
    set(heap, position, heap->id[child]);
    position = (uint32_t)child;
  }
}

static void settle(hearth__heap *heap, uint32_t position, uint32_t id) {
  const uint32_t up = sift_up(heap, position, id);
  set(heap, up == position ? sift_down(heap, position, id) : up, id);
}

void hearth__heap_put(hearth__heap *heap, uint32_t id, int64_t key) {
  const uint32_t position =
      heap->place[id] > 0 ? heap->place[id] - 1 : heap->count++;
  heap->key[id] = key;
  settle(heap, position, id);
}

void hearth__heap_remove(hearth__heap *heap, uint32_t id) {
  if (heap->place[id] == 0) {
    return;
  }
  const uint32_t position = heap->place[id] - 1;
  const uint32_t last = heap->id[--heap->count];
  heap->place[id] = 0;
  if (last != id) {
    settle(heap, position, last);
  }
}
