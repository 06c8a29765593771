/* SPDX-License-Identifier: MIT
   The pool's books: what every change of a model's state adds and takes. */
#include "plugin/sdk/pool/state.h"

int hearth__is_resident(const hearth__model *model) {
  return model->state >= HEARTH_DEMANDED;
}

int hearth__is_idle(const hearth__model *model) {
  return model->state == HEARTH_READY && model->users == 0;
}

uint32_t hearth__group_mate(const hearth_pool *pool, uint32_t id) {
  const uint32_t leader = pool->models[id].leader;
  return leader == HEARTH_NO_MODEL ? HEARTH_NO_MODEL
                                   : pool->models[leader].resident;
}

static int is_loading(hearth_residency state) {
  return state == HEARTH_DEMANDED || state == HEARTH_PREWARMING;
}

static void leave_list(hearth_pool *pool, uint32_t id) {
  const hearth__model *model = &pool->models[id];
  if (model->state == HEARTH_QUEUED) {
    hearth__list_remove(pool, &pool->queue, id);
  } else if (model->state == HEARTH_PREWARMING) {
    hearth__list_remove(pool, &pool->prewarms, id);
    pool->prewarming--;
    pool->prewarm_kb -= model->memory_kb;
  }
}

static void enter_list(hearth_pool *pool, uint32_t id) {
  const hearth__model *model = &pool->models[id];
  if (model->state == HEARTH_QUEUED) {
    hearth__list_append(pool, &pool->queue, id);
  } else if (model->state == HEARTH_PREWARMING) {
    hearth__list_append(pool, &pool->prewarms, id);
    pool->prewarming++;
    pool->prewarm_kb += model->memory_kb;
  }
}

static void move_in(hearth_pool *pool, uint32_t id) {
  hearth__model *model = &pool->models[id];
  if (!model->listed) {
    model->rank = ++pool->last_load;
  }
  pool->used_kb += model->memory_kb;
  pool->residents++;
  if (model->leader != HEARTH_NO_MODEL) {
    pool->models[model->leader].resident = id;
  }
  hearth__order_link(pool, id);
}

static void move_out(hearth_pool *pool, uint32_t id) {
  hearth__model *model = &pool->models[id];
  pool->used_kb -= model->memory_kb;
  pool->residents--;
  if (model->leader != HEARTH_NO_MODEL) {
    pool->models[model->leader].resident = HEARTH_NO_MODEL;
  }
  hearth__order_unlink(pool, id);
}

void hearth__become(hearth_pool *pool, uint32_t id, hearth_residency state,
                    int64_t now) {
  hearth__model *model = &pool->models[id];
  const hearth_residency was = (hearth_residency)model->state;
  const int was_resident = hearth__is_resident(model);
  /* A load, queued or begun, is all that a wish which is due could ask for. */
  if (model->wish == HEARTH__WISH_DUE) {
    hearth__wish_drop(pool, id);
  }
  leave_list(pool, id);
  model->state = (uint8_t)state;
  if (was_resident && !hearth__is_resident(model)) {
    move_out(pool, id);
  } else if (!was_resident && hearth__is_resident(model)) {
    move_in(pool, id);
  }
  if (is_loading(was) && !is_loading(state)) {
    pool->loading--;
    model->since = now;
  } else if (!is_loading(was) && is_loading(state)) {
    pool->loading++;
    model->since = now;
  }
  enter_list(pool, id);
}

void hearth__idle_end(hearth_pool *pool, uint32_t id) {
  const hearth__model *model = &pool->models[id];
  if (hearth__is_idle(model) && !model->pinned) {
    pool->idle_kb -= model->memory_kb;
    hearth__heap_remove(&pool->expiries, id);
  }
}

/* When the keep-alive of an idle model runs out. */
static int64_t runs_out(const hearth__model *model) {
  const int64_t since = model->idle_since;
  return since > 0 && model->keep_for > HEARTH_NEVER - since
             ? HEARTH_NEVER
             : since + model->keep_for;
}

void hearth__idle_begin(hearth_pool *pool, uint32_t id, int64_t now) {
  hearth__model *model = &pool->models[id];
  if (!hearth__is_idle(model)) {
    return;
  }
  model->idle_since = now;
  if (model->pinned) {
    return;
  }
  pool->idle_kb += model->memory_kb;
  if (pool->options.keep_alive && model->keep_for != HEARTH_NEVER) {
    hearth__heap_put(&pool->expiries, id, runs_out(model));
  }
}
