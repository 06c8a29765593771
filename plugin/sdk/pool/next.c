/* SPDX-License-Identifier: MIT
   What the pool does next: releases, demand loads, then prewarms. */
#include "plugin/sdk/pool/state.h"

static int evict(hearth_pool *pool, uint32_t id, int expired, int64_t now,
                 hearth_action *action) {
  hearth__idle_end(pool, id);
  hearth__become(pool, id, HEARTH_ABSENT, now);
  *action =
      (hearth_action){.kind = HEARTH_DO_EVICT, .model = id, .expired = expired};
  return 1;
}

static int cancel(hearth_pool *pool, uint32_t id, int64_t now,
                  hearth_action *action) {
  hearth__prewarm_refund(pool, id, now);
  hearth__become(pool, id, HEARTH_ABSENT, now);
  *action = (hearth_action){.kind = HEARTH_DO_CANCEL, .model = id};
  return 1;
}

static int next_expired(hearth_pool *pool, int64_t now, hearth_action *action) {
  if (pool->expiries.count == 0 ||
      hearth__heap_top_key(&pool->expiries) >= pool->expired_before) {
    return 0;
  }
  return evict(pool, hearth__heap_top(&pool->expiries), 1, now, action);
}

static uint32_t lowest_idle(const hearth_pool *pool) {
  uint32_t id = pool->bottom;
  while (id != HEARTH_NO_MODEL &&
         (!hearth__is_idle(&pool->models[id]) || pool->models[id].pinned)) {
    id = pool->models[id].above;
  }
  return id;
}

static int lacks_memory(const hearth_pool *pool, uint32_t id,
                        int64_t reclaimed_kb) {
  const int64_t budget = pool->options.budget_kb;
  return budget >= 0 &&
         pool->used_kb + pool->models[id].memory_kb - reclaimed_kb > budget;
}

/* Whether cancels and evictions could let the demanded `id` load now. */
static int can_have_room(const hearth_pool *pool, uint32_t id, uint32_t mate) {
  if (pool->options.lanes > 0 &&
      pool->loading - pool->prewarming >= pool->options.lanes) {
    return 0;
  }
  if (mate != HEARTH_NO_MODEL) {
    const hearth__model *other = &pool->models[mate];
    if (other->state != HEARTH_PREWARMING &&
        (!hearth__is_idle(other) || other->pinned)) {
      return 0;
    }
  }
  return !lacks_memory(pool, id, pool->idle_kb + pool->prewarm_kb);
}

/* A resident of the same group has to go in any case, so it goes first. */
static int next_demand(hearth_pool *pool, int64_t now, hearth_action *action) {
  const uint32_t id = pool->queue.first;
  const uint32_t mate = hearth__group_mate(pool, id);
  if (!can_have_room(pool, id, mate)) {
    return 0;
  }
  if (mate != HEARTH_NO_MODEL) {
    return pool->models[mate].state == HEARTH_PREWARMING
               ? cancel(pool, mate, now, action)
               : evict(pool, mate, 0, now, action);
  }
  const int lacks_lane =
      pool->options.lanes > 0 && pool->loading >= pool->options.lanes;
  if (lacks_lane || lacks_memory(pool, id, 0)) {
    return pool->prewarming > 0
               ? cancel(pool, pool->prewarms.last, now, action)
               : evict(pool, lowest_idle(pool), 0, now, action);
  }
  hearth__become(pool, id, HEARTH_DEMANDED, now);
  *action = (hearth_action){.kind = HEARTH_DO_LOAD, .model = id, .demand = 1};
  return 1;
}

/* Demand may pass max_warm; what is idle then leaves again. */
static int next_surplus(hearth_pool *pool, int64_t now, hearth_action *action) {
  if (pool->options.max_warm == 0 ||
      pool->residents <= pool->options.max_warm) {
    return 0;
  }
  const uint32_t id = lowest_idle(pool);
  return id != HEARTH_NO_MODEL && evict(pool, id, 0, now, action);
}

int hearth_pool_next(hearth_pool *pool, int64_t now, hearth_action *action) {
  if (next_expired(pool, now, action)) {
    return 1;
  }
  hearth__wishes_fall_due(pool, now);
  if (pool->queue.first != HEARTH_NO_MODEL && next_demand(pool, now, action)) {
    return 1;
  }
  if (next_surplus(pool, now, action)) {
    return 1;
  }
  return pool->queue.first == HEARTH_NO_MODEL &&
         hearth__prewarm_next(pool, now, action);
}
