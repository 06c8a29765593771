/* SPDX-License-Identifier: MIT
   What happens to a pool: requests, loads, and plans. */
#include "plugin/sdk/pool/state.h"
#include "plugin/sdk/wire/messages.h"

/* The order of models that no plan listed is that of their requests. */
static void note_request(hearth_pool *pool, uint32_t id, int64_t now) {
  hearth__model *model = &pool->models[id];
  if (model->last_request == now) {
    return;
  }
  const int moves = !model->listed && hearth__is_resident(model);
  if (moves) {
    hearth__order_unlink(pool, id);
  }
  model->last_request = now;
  if (moves) {
    hearth__order_link(pool, id);
  }
}

hearth_found hearth_pool_request(hearth_pool *pool, uint32_t id, int64_t now) {
  hearth__model *model = &pool->models[id];
  note_request(pool, id, now);
  if (model->state == HEARTH_READY) {
    hearth__idle_end(pool, id);
    model->users++;
    return HEARTH_FOUND_WARM;
  }
  model->users++;
  if (model->state == HEARTH_ABSENT) {
    hearth__become(pool, id, HEARTH_QUEUED, now);
    return HEARTH_FOUND_COLD;
  }
  if (model->state == HEARTH_PREWARMING) {
    hearth__become(pool, id, HEARTH_DEMANDED, now);
  }
  return HEARTH_FOUND_DELAYED;
}

void hearth_pool_finish(hearth_pool *pool, uint32_t id, int64_t now) {
  hearth__model *model = &pool->models[id];
  if (model->state != HEARTH_READY || model->users == 0) {
    return; /* the model was lost meanwhile */
  }
  model->users--;
  hearth__idle_begin(pool, id, now);
}

void hearth_pool_abandon(hearth_pool *pool, uint32_t id, int64_t now) {
  hearth__model *model = &pool->models[id];
  if (model->state == HEARTH_READY || model->users == 0) {
    return;
  }
  model->users--;
  if (model->users == 0 && model->state == HEARTH_QUEUED) {
    hearth__become(pool, id, HEARTH_ABSENT, now);
  }
}

uint32_t hearth_pool_loaded(hearth_pool *pool, uint32_t id, int64_t now) {
  hearth__model *model = &pool->models[id];
  if (model->state != HEARTH_DEMANDED && model->state != HEARTH_PREWARMING) {
    return 0;
  }
  hearth__become(pool, id, HEARTH_READY, now);
  hearth__idle_begin(pool, id, now);
  return model->users;
}

uint32_t hearth_pool_lost(hearth_pool *pool, uint32_t id, int64_t now) {
  hearth__model *model = &pool->models[id];
  const uint32_t waited = model->state == HEARTH_READY ? 0 : model->users;
  hearth__idle_end(pool, id);
  model->users = 0;
  hearth__become(pool, id, HEARTH_ABSENT, now);
  return waited;
}

/* Take an entry over, and the model out of the order if it stands in it. */
static void adopt(hearth_pool *pool, const hearth_plan_entry *entry,
                  uint64_t stamp, int64_t now) {
  const uint32_t id = entry->model;
  hearth__model *model = &pool->models[id];
  hearth__wish_drop(pool, id);
  hearth__idle_end(pool, id);
  model->keep_for = entry->keep_for_ms < 0 ? HEARTH_NEVER : entry->keep_for_ms;
  model->warm_by = entry->warm_by_ms < 0 ? HEARTH_NEVER : entry->warm_by_ms;
  hearth__idle_begin(pool, id, now);
  if (hearth__is_resident(model)) {
    hearth__order_unlink(pool, id);
  }
  model->listed = 1;
  model->rank = stamp;
}

void hearth_pool_plan(hearth_pool *pool, const hearth_plan_entry *entries,
                      uint32_t count, int64_t now) {
  const uint64_t base = pool->last_stamp;
  pool->last_stamp += count;
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t id = entries[i].model;
    if (id < pool->count &&
        !(pool->models[id].listed && pool->models[id].rank > base)) {
      adopt(pool, &entries[i], base + (count - i), now);
    }
  }
  /* From the lowest, so that each goes on top of the one before. */
  for (uint32_t i = count; i-- > 0;) {
    const uint32_t id = entries[i].model;
    if (id >= pool->count || pool->models[id].rank != base + (count - i)) {
      continue;
    }
    if (hearth__is_resident(&pool->models[id])) {
      hearth__order_link(pool, id);
    }
    if (entries[i].action == HEARTH_ACTION_WARM) {
      hearth__wish_add(pool, id, entries[i].start_at_ms, now);
    }
  }
}

void hearth_pool_expire(hearth_pool *pool, int64_t now) {
  if (now > pool->expired_before) {
    pool->expired_before = now;
  }
}
