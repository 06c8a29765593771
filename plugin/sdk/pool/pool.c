/* SPDX-License-Identifier: MIT
   The warm pool: its making, its models, and how to look at it. */
#include "plugin/sdk/pool/pool.h"

#include <string.h>

#include "plugin/sdk/pool/state.h"

/* So that the sum over all models fits into 63 bits: 256 TB a model. */
#define MAX_MEMORY_KB ((int64_t)1 << 38)
#define MAX_MODELS ((uint32_t)1 << 24)

void hearth_pool_options_init(hearth_pool_options *options) {
  *options = (hearth_pool_options){.budget_kb = -1, .speculation_share = -1};
}

hearth_status hearth_pool_new(const hearth_memory_user *memory,
                              const hearth_pool_options *options,
                              hearth_pool **out) {
  const double share = options->speculation_share;
  if (options->budget_kb < -1 || options->min_residency_ms < 0 ||
      share != share) {
    return HEARTH_BAD_ARG;
  }
  hearth_pool *pool = hearth_zalloc(memory, 1, sizeof *pool);
  if (!pool) {
    return HEARTH_NO_MEMORY;
  }
  const hearth__list empty = {HEARTH_NO_MODEL, HEARTH_NO_MODEL};
  pool->memory = *memory;
  pool->options = *options;
  pool->bottom = pool->top = pool->top_unlisted = HEARTH_NO_MODEL;
  pool->queue = pool->prewarms = pool->wishes = empty;
  pool->expired_before = INT64_MIN;
  *out = pool;
  return HEARTH_OK;
}

void hearth_pool_free(hearth_pool *pool) {
  if (!pool) {
    return;
  }
  const hearth_memory_user memory = pool->memory;
  hearth__heap_free(&memory, &pool->expiries);
  hearth__heap_free(&memory, &pool->starts);
  hearth_release(&memory, pool->models);
  hearth_release(&memory, pool);
}

static hearth_status check(const hearth_pool *pool,
                           const hearth_pool_model *model) {
  if (model->memory_kb <= 0 || model->load_ms < 0 ||
      model->load_ms > UINT32_MAX || model->memory_kb > MAX_MEMORY_KB) {
    return HEARTH_BAD_ARG;
  }
  const int64_t budget = pool->options.budget_kb;
  return budget >= 0 && model->memory_kb > budget ? HEARTH_LIMIT : HEARTH_OK;
}

static hearth_status reserve(hearth_pool *pool, uint32_t want) {
  void *models = pool->models;
  hearth_status status = hearth_grow(&pool->memory, &models, &pool->cap, want,
                                     sizeof *pool->models);
  pool->models = models;
  if (status == HEARTH_OK) {
    status = hearth__heap_reserve(&pool->memory, &pool->expiries, want);
  }
  if (status == HEARTH_OK) {
    status = hearth__heap_reserve(&pool->memory, &pool->starts, want);
  }
  return status;
}

/* The first model of `group`, or the next number to be given. */
static uint32_t leader_of(const hearth_pool *pool, uint32_t group) {
  uint32_t id = 0;
  while (id < pool->count && pool->models[id].group != group) {
    id++;
  }
  return id;
}

hearth_status hearth_pool_add(hearth_pool *pool,
                              const hearth_pool_model *model) {
  hearth_status status = check(pool, model);
  if (status == HEARTH_OK) {
    status = pool->count < MAX_MODELS ? reserve(pool, pool->count + 1)
                                      : HEARTH_LIMIT;
  }
  if (status != HEARTH_OK) {
    return status;
  }
  const uint32_t leader = model->group == HEARTH_NO_GROUP
                              ? HEARTH_NO_MODEL
                              : leader_of(pool, model->group);
  pool->models[pool->count++] = (hearth__model){
      .memory_kb = model->memory_kb,
      .load_ms = (uint32_t)model->load_ms,
      .last_request = INT64_MIN,
      .keep_for = HEARTH_NEVER,
      .group = model->group,
      .leader = leader,
      .resident = HEARTH_NO_MODEL,
      .pinned = model->pinned != 0,
  };
  return HEARTH_OK;
}

hearth_status hearth_pool_update(hearth_pool *pool, uint32_t id,
                                 const hearth_pool_model *changed) {
  const hearth_status status =
      id < pool->count ? check(pool, changed) : HEARTH_BAD_ARG;
  if (status != HEARTH_OK) {
    return status;
  }
  hearth__model *model = &pool->models[id];
  const int64_t more = changed->memory_kb - model->memory_kb;
  hearth__idle_end(pool, id);
  if (hearth__is_resident(model)) {
    pool->used_kb += more;
  }
  if (model->state == HEARTH_PREWARMING) {
    pool->prewarm_kb += more;
  }
  model->memory_kb = changed->memory_kb;
  model->load_ms = (uint32_t)changed->load_ms;
  model->pinned = changed->pinned != 0;
  hearth__idle_begin(pool, id, model->idle_since);
  return HEARTH_OK;
}

int64_t hearth_pool_next_expiry(const hearth_pool *pool) {
  return pool->expiries.count > 0 ? hearth__heap_top_key(&pool->expiries) + 1
                                  : HEARTH_NEVER;
}

int64_t hearth_pool_next_start(const hearth_pool *pool) {
  return pool->starts.count > 0 ? hearth__heap_top_key(&pool->starts)
                                : HEARTH_NEVER;
}

hearth_residency hearth_pool_residency(const hearth_pool *pool, uint32_t id) {
  return (hearth_residency)pool->models[id].state;
}

int hearth_pool_busy(const hearth_pool *pool, uint32_t id) {
  return pool->models[id].users > 0;
}

uint32_t hearth_pool_count(const hearth_pool *pool) {
  return pool->count;
}

int64_t hearth_pool_used_kb(const hearth_pool *pool) {
  return pool->used_kb;
}

uint32_t hearth_pool_loading(const hearth_pool *pool) {
  return pool->loading;
}

uint32_t hearth_pool_above(const hearth_pool *pool, uint32_t id) {
  return id == HEARTH_NO_MODEL ? pool->bottom : pool->models[id].above;
}
