/* SPDX-License-Identifier: MIT
   Which prewarm may start, and which idle models must go for it. */
#include "plugin/sdk/math.h"
#include "plugin/sdk/pool/state.h"

#define SPECULATION_WINDOW_MS 3600000.0

/* Whether `id` may be evicted for the prewarm of `wanted`. */
static int gives_way(const hearth_pool *pool, uint32_t id, uint32_t wanted,
                     int64_t now) {
  const hearth__model *model = &pool->models[id];
  return hearth__is_idle(model) && !model->pinned &&
         now - model->since >= pool->options.min_residency_ms &&
         hearth__ranks_below(pool, id, wanted);
}

/* What is still missing for one more model. */
struct lack {
  int64_t kb;
  int64_t places;
};

static int is_enough(const struct lack *lack) {
  return lack->kb <= 0 && lack->places <= 0;
}

static struct lack lack_for(const hearth_pool *pool, uint32_t wanted) {
  struct lack result = {0, 0};
  if (pool->options.budget_kb >= 0) {
    result.kb = pool->used_kb + pool->models[wanted].memory_kb -
                pool->options.budget_kb;
  }
  if (pool->options.max_warm > 0) {
    result.places =
        (int64_t)pool->residents + 1 - (int64_t)pool->options.max_warm;
  }
  return result;
}

/* Whether room can be made for `wanted`; then *victim is who goes next, or
   HEARTH_NO_MODEL when there is room already. */
static int find_room(const hearth_pool *pool, uint32_t wanted, int64_t now,
                     uint32_t *victim) {
  const uint32_t mate = hearth__group_mate(pool, wanted);
  struct lack lack = lack_for(pool, wanted);
  *victim = mate;
  if (lack.kb > pool->idle_kb) {
    return 0;
  }
  if (mate != HEARTH_NO_MODEL) {
    if (!gives_way(pool, mate, wanted, now)) {
      return 0;
    }
    lack.kb -= pool->models[mate].memory_kb;
    lack.places--;
  }
  for (uint32_t id = pool->bottom; !is_enough(&lack);
       id = pool->models[id].above) {
    if (id == HEARTH_NO_MODEL || !hearth__ranks_below(pool, id, wanted)) {
      return 0;
    }
    if (id != mate && gives_way(pool, id, wanted, now)) {
      lack.kb -= pool->models[id].memory_kb;
      lack.places--;
      if (*victim == HEARTH_NO_MODEL) {
        *victim = id;
      }
    }
  }
  return 1;
}

static double speculated(const hearth_pool *pool, int64_t now) {
  const double passed = (double)(now - pool->speculated_at);
  return pool->speculated_ms * hearth_exp(-passed / SPECULATION_WINDOW_MS);
}

/* Whether a prewarm of `id` keeps within speculation's share.  Without a limit
   of lanes, their time is taken as that of one. */
static int within_share(const hearth_pool *pool, uint32_t id, int64_t now) {
  const double share = pool->options.speculation_share;
  const uint32_t lanes = pool->options.lanes > 0 ? pool->options.lanes : 1;
  return share < 0 || speculated(pool, now) + pool->models[id].load_ms <=
                          share * lanes * SPECULATION_WINDOW_MS;
}

static void charge(hearth_pool *pool, double ms, int64_t now) {
  const double sum = speculated(pool, now) + ms;
  pool->speculated_ms = sum > 0 ? sum : 0;
  pool->speculated_at = now;
}

void hearth__prewarm_refund(hearth_pool *pool, uint32_t id, int64_t now) {
  const int64_t left =
      pool->models[id].load_ms - (now - pool->models[id].since);
  if (left > 0) {
    charge(pool, -(double)left, now);
  }
}

static int step(hearth_pool *pool, uint32_t id, int64_t now,
                hearth_action *action) {
  uint32_t victim = HEARTH_NO_MODEL;
  if (!within_share(pool, id, now) || !find_room(pool, id, now, &victim)) {
    return 0;
  }
  if (victim != HEARTH_NO_MODEL) {
    hearth__idle_end(pool, victim);
    hearth__become(pool, victim, HEARTH_ABSENT, now);
    *action = (hearth_action){.kind = HEARTH_DO_EVICT, .model = victim};
    return 1;
  }
  charge(pool, pool->models[id].load_ms, now);
  hearth__become(pool, id, HEARTH_PREWARMING, now);
  *action = (hearth_action){.kind = HEARTH_DO_LOAD, .model = id};
  return 1;
}

int hearth__prewarm_next(hearth_pool *pool, int64_t now,
                         hearth_action *action) {
  if (pool->options.lanes > 0 && pool->loading >= pool->options.lanes) {
    return 0;
  }
  uint32_t id = pool->wishes.first;
  while (id != HEARTH_NO_MODEL) {
    const uint32_t next = pool->models[id].next;
    if (pool->models[id].warm_by < now) {
      hearth__wish_drop(pool, id);
    } else if (step(pool, id, now, action)) {
      return 1;
    }
    id = next;
  }
  return 0;
}
