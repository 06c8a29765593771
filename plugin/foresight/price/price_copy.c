/* SPDX-License-Identifier: MIT
   A copy of the head "price", for a state to be saved from. */
#include "plugin/sdk/cold.h"

#include "plugin/foresight/parts.h"
#include "plugin/foresight/price/price_state.h"

static const size_t bucket = PRICE_WAYS * sizeof(price_row);

int foresight_price_copy_ahead(foresight_price *to, foresight_price *from,
                               uint32_t part) {
  enum { SOME = 512, ROWS = PRICE_BUCKETS / SOME };
  if (part < ROWS) {
    foresight_parts_copy_all(to->rows, from->rows, bucket, from->changed,
                             part * SOME, SOME);
    return 1;
  }
  part -= ROWS;
  foresight_parts_copy_all(to->next, from->next, sizeof *to->next,
                           from->changed_next, part * SOME, SOME);
  return (part + 1) * SOME < PRICE_NEXT_ROWS;
}

int foresight_price_copy(foresight_price *to, foresight_price *from) {
  price_model *const model = to->model;
  price_row *const rows = to->rows;
  price_next *const next = to->next;
  uint32_t *const heap = to->heap, *const tell = to->tell;
  const uint32_t capacity = to->capacity;
  if (from->models > capacity)
    return -1;
  memcpy(to, from, offsetof(foresight_price, changed));
  to->model = model;
  to->rows = rows;
  to->next = next;
  to->heap = heap;
  to->tell = tell;
  to->capacity = capacity;
  if (from->models > 0) {
    memcpy(model, from->model, from->models * sizeof *model);
    memcpy(heap, from->heap, from->heap_len * sizeof *heap);
    memcpy(tell, from->tell, from->tell_len * sizeof *tell);
  }
  foresight_parts_copy(rows, from->rows, bucket, from->changed, PRICE_BUCKETS);
  foresight_parts_copy(next, from->next, sizeof *next, from->changed_next,
                       PRICE_NEXT_ROWS);
  return 0;
}
