/* SPDX-License-Identifier: MIT
   A copy of the head `within`, for a state to be saved from. */
#include "plugin/sdk/cold.h"

#include "plugin/foresight/within/within_state.h"

enum { SOME = 512, PARTS = RING / SOME }; /* of a ring */

/* Of what came since the last copy, so many at most: a sample never changes. */
static void copy_ring(within_ring *to, const within_ring *from, uint32_t most) {
  const uint32_t known = to->head + to->size - from->head;
  uint32_t i = known <= from->size ? known : 0;
  const uint32_t end = from->size - i < most ? from->size : i + most;
  for (; i < end; i++) {
    const uint32_t k = (from->head + i) % RING;
    to->samples[k] = from->samples[k];
  }
  to->head = from->head;
  to->size = end;
}

int foresight_within_copy_ahead(foresight_within *to,
                                const foresight_within *from, uint32_t part) {
  within_ring *ring = &to->rings[part / PARTS];
  if (part % PARTS == 0) {
    ring->head = from->rings[part / PARTS].head;
    ring->size = 0;
  }
  copy_ring(ring, &from->rings[part / PARTS], SOME);
  return part + 1 < HORIZONS * PARTS;
}

int foresight_within_copy(foresight_within *to, const foresight_within *from) {
  within_model *const models = to->models;
  uint32_t *const heap = to->heap;
  const uint32_t room = to->room;
  if (from->count > room) {
    return -1;
  }
  memcpy(to, from, offsetof(foresight_within, rings));
  to->models = models;
  to->heap = heap;
  to->room = room;
  if (from->count > 0) {
    memcpy(models, from->models, from->count * sizeof *models);
    memcpy(heap, from->heap, from->heap_size * sizeof *heap);
  }
  for (int h = 0; h < HORIZONS; h++) {
    copy_ring(&to->rings[h], &from->rings[h], RING);
  }
  return 0;
}
