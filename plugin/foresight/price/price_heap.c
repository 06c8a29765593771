/* SPDX-License-Identifier: MIT
   Which model is to be looked at next, and which has something to say. */
#include "plugin/foresight/price/price_state.h"

/* ---- heap of models by due ---- */
int64_t foresight_price_due_at(const foresight_price *p, uint32_t i) {
  return p->model[p->heap[i]].due;
}
void foresight_price_place(foresight_price *p, uint32_t i, uint32_t id) {
  p->heap[i] = id;
  p->model[id].heap_at = i;
}
static void sift(foresight_price *p, uint32_t i) {
  const uint32_t id = p->heap[i];
  const int64_t due = p->model[id].due;
  while (i && due < foresight_price_due_at(p, (i - 1) / 2)) {
    foresight_price_place(p, i, p->heap[(i - 1) / 2]);
    i = (i - 1) / 2;
  }
  for (;;) {
    uint32_t c = 2 * i + 1;
    if (c >= p->heap_len)
      break;
    if (c + 1 < p->heap_len &&
        foresight_price_due_at(p, c + 1) < foresight_price_due_at(p, c))
      c++;
    if (foresight_price_due_at(p, c) >= due)
      break;
    foresight_price_place(p, i, p->heap[c]);
    i = c;
  }
  foresight_price_place(p, i, id);
}
void foresight_price_set_due(foresight_price *p, uint32_t id, int64_t due) {
  p->model[id].due = due;
  sift(p, p->model[id].heap_at);
}

void foresight_price_say(foresight_price *p, uint32_t id) {
  if (!p->model[id].tell) {
    p->model[id].tell = 1;
    p->tell[p->tell_len++] = id;
  }
}
