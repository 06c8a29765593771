/* SPDX-License-Identifier: MIT
   The standing order of the resident models, and the pool's other lists. */
#include "plugin/sdk/pool/state.h"

int hearth__ranks_below(const hearth_pool *pool, uint32_t a, uint32_t b) {
  const hearth__model *x = &pool->models[a];
  const hearth__model *y = &pool->models[b];
  if (x->listed != y->listed) {
    return !x->listed;
  }
  if (!x->listed && x->last_request != y->last_request) {
    return x->last_request < y->last_request;
  }
  return x->rank < y->rank;
}

/* A newcomer is nearly always near the top of its kind, so the place is sought
   from there. */
void hearth__order_link(hearth_pool *pool, uint32_t id) {
  hearth__model *model = &pool->models[id];
  uint32_t below = model->listed ? pool->top : pool->top_unlisted;
  while (below != HEARTH_NO_MODEL && hearth__ranks_below(pool, id, below)) {
    below = pool->models[below].below;
  }
  const uint32_t above =
      below == HEARTH_NO_MODEL ? pool->bottom : pool->models[below].above;
  model->below = below;
  model->above = above;
  *(below == HEARTH_NO_MODEL ? &pool->bottom : &pool->models[below].above) = id;
  *(above == HEARTH_NO_MODEL ? &pool->top : &pool->models[above].below) = id;
  if (!model->listed &&
      (above == HEARTH_NO_MODEL || pool->models[above].listed)) {
    pool->top_unlisted = id;
  }
}

void hearth__order_unlink(hearth_pool *pool, uint32_t id) {
  const uint32_t below = pool->models[id].below;
  const uint32_t above = pool->models[id].above;
  *(below == HEARTH_NO_MODEL ? &pool->bottom : &pool->models[below].above) =
      above;
  *(above == HEARTH_NO_MODEL ? &pool->top : &pool->models[above].below) = below;
  if (pool->top_unlisted == id) {
    pool->top_unlisted = below;
  }
}

void hearth__list_append(hearth_pool *pool, hearth__list *list, uint32_t id) {
  hearth__model *model = &pool->models[id];
  model->prev = list->last;
  model->next = HEARTH_NO_MODEL;
  *(list->last == HEARTH_NO_MODEL ? &list->first
                                  : &pool->models[list->last].next) = id;
  list->last = id;
}

void hearth__list_remove(hearth_pool *pool, hearth__list *list, uint32_t id) {
  const uint32_t prev = pool->models[id].prev;
  const uint32_t next = pool->models[id].next;
  *(prev == HEARTH_NO_MODEL ? &list->first : &pool->models[prev].next) = next;
  *(next == HEARTH_NO_MODEL ? &list->last : &pool->models[next].prev) = prev;
}
