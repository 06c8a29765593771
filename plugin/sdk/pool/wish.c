/* SPDX-License-Identifier: MIT
   Wishes to warm a model, from the plan that made them until they start. */
#include "plugin/sdk/pool/state.h"

void hearth__wish_drop(hearth_pool *pool, uint32_t id) {
  hearth__model *model = &pool->models[id];
  if (model->wish == HEARTH__WISH_LATER) {
    hearth__heap_remove(&pool->starts, id);
  } else if (model->wish == HEARTH__WISH_DUE) {
    hearth__list_remove(pool, &pool->wishes, id);
  }
  model->wish = HEARTH__NO_WISH;
}

/* Into the list of wishes, the highest in the standing order first. */
static void fall_due(hearth_pool *pool, uint32_t id) {
  hearth__model *model = &pool->models[id];
  uint32_t before = HEARTH_NO_MODEL;
  uint32_t after = pool->wishes.first;
  while (after != HEARTH_NO_MODEL && hearth__ranks_below(pool, id, after)) {
    before = after;
    after = pool->models[after].next;
  }
  model->prev = before;
  model->next = after;
  *(before == HEARTH_NO_MODEL ? &pool->wishes.first
                              : &pool->models[before].next) = id;
  *(after == HEARTH_NO_MODEL ? &pool->wishes.last : &pool->models[after].prev) =
      id;
  model->wish = HEARTH__WISH_DUE;
}

void hearth__wish_add(hearth_pool *pool, uint32_t id, int64_t start_at,
                      int64_t now) {
  hearth__model *model = &pool->models[id];
  if (start_at > now) {
    hearth__heap_put(&pool->starts, id, start_at);
    model->wish = HEARTH__WISH_LATER;
  } else if (model->state == HEARTH_ABSENT) {
    fall_due(pool, id);
  }
}

/* The wish for a model that is there when its time comes has come true. */
void hearth__wishes_fall_due(hearth_pool *pool, int64_t now) {
  while (pool->starts.count > 0 && hearth__heap_top_key(&pool->starts) <= now) {
    const uint32_t id = hearth__heap_top(&pool->starts);
    hearth__wish_drop(pool, id);
    if (pool->models[id].state == HEARTH_ABSENT) {
      fall_due(pool, id);
    }
  }
}
