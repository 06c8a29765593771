/* SPDX-License-Identifier: MIT
   The pool's rules once more, in the plainest code: what it decides. */
#include "tests/pool/model.h"

#include <string.h>

void model_tell(model_sim *model, hearth_sim_event event) {
  model->events[model->event_count++] = event;
}

int model_resident(const model_sim *model, uint32_t id) {
  const hearth_residency state = model->of[id].state;
  return state == HEARTH_DEMANDED || state == HEARTH_PREWARMING ||
         state == HEARTH_READY;
}

int model_running(const model_sim *model, uint32_t id) {
  int n = 0;
  for (uint32_t i = 0; i < model->request_count; i++) {
    const model_request *r = &model->requests[i];
    n += r->model == id && r->order > 0 && !r->done;
  }
  return n;
}

int model_waiting(const model_sim *model, uint32_t id) {
  int n = 0;
  for (uint32_t i = 0; i < model->request_count; i++) {
    n += model->requests[i].model == id && model->requests[i].order == 0;
  }
  return n;
}

int model_evictable(const model_sim *model, uint32_t id) {
  return model->of[id].state == HEARTH_READY && !model_running(model, id) &&
         !model->of[id].is.pinned;
}

static uint32_t place_in_order(const model_sim *model, uint32_t id) {
  uint32_t place = 0;
  while (place < model->listed && model->order[place] != id) {
    place++;
  }
  return place;
}

static int lower(const model_sim *model, uint32_t a, uint32_t b) {
  const uint32_t x = place_in_order(model, a);
  const uint32_t y = place_in_order(model, b);
  if (x != y) {
    return x > y;
  }
  if (model->of[a].last_request != model->of[b].last_request) {
    return model->of[a].last_request < model->of[b].last_request;
  }
  return model->of[a].load_place < model->of[b].load_place;
}

static int64_t used(const model_sim *model) {
  int64_t sum = 0;
  for (uint32_t id = 0; id < model->count; id++) {
    sum += model_resident(model, id) ? model->of[id].is.memory_kb : 0;
  }
  return sum;
}

static uint32_t number_in(const model_sim *model, hearth_residency state) {
  uint32_t n = 0;
  for (uint32_t id = 0; id < model->count; id++) {
    n += model->of[id].state == state;
  }
  return n;
}

static uint32_t residents(const model_sim *model) {
  return number_in(model, HEARTH_DEMANDED) +
         number_in(model, HEARTH_PREWARMING) + number_in(model, HEARTH_READY);
}

static uint32_t mate_of(const model_sim *model, uint32_t wanted) {
  for (uint32_t id = 0; id < model->count; id++) {
    if (id != wanted && model_resident(model, id) &&
        model->of[id].is.group != HEARTH_NO_GROUP &&
        model->of[id].is.group == model->of[wanted].is.group) {
      return id;
    }
  }
  return HEARTH_NO_MODEL;
}

void model_evict(model_sim *model, int64_t now, uint32_t id, int expired) {
  model->of[id].state = HEARTH_ABSENT;
  model_tell(model, (hearth_sim_event){.kind = HEARTH_SIM_EVICT,
                                       .expired = expired,
                                       .model = id,
                                       .at_ms = now});
}

static void cancel(model_sim *model, int64_t now, uint32_t id) {
  model->of[id].state = HEARTH_ABSENT;
  model_tell(model, (hearth_sim_event){
                        .kind = HEARTH_SIM_CANCEL, .model = id, .at_ms = now});
}

static void load(model_sim *model, int64_t now, uint32_t id, int demand) {
  model_entry *m = &model->of[id];
  m->state = demand ? HEARTH_DEMANDED : HEARTH_PREWARMING;
  m->load_end = now + m->is.load_ms;
  m->load_order = m->load_place = ++model->started;
  m->wish = m->wish && !m->wish_due;
  model_tell(model, (hearth_sim_event){.kind = HEARTH_SIM_LOAD,
                                       .demand = demand,
                                       .model = id,
                                       .at_ms = now});
}

static uint32_t lowest_evictable(const model_sim *model) {
  uint32_t lowest = HEARTH_NO_MODEL;
  for (uint32_t id = 0; id < model->count; id++) {
    if (model_evictable(model, id) &&
        (lowest == HEARTH_NO_MODEL || lower(model, id, lowest))) {
      lowest = id;
    }
  }
  return lowest;
}

static uint32_t newest_prewarm(const model_sim *model) {
  uint32_t newest = HEARTH_NO_MODEL;
  for (uint32_t id = 0; id < model->count; id++) {
    if (model->of[id].state == HEARTH_PREWARMING &&
        (newest == HEARTH_NO_MODEL ||
         model->of[id].load_order > model->of[newest].load_order)) {
      newest = id;
    }
  }
  return newest;
}

static int lane_free(const model_sim *model, int but_prewarms) {
  const uint32_t demanded = number_in(model, HEARTH_DEMANDED);
  const uint32_t speculative =
      but_prewarms ? 0 : number_in(model, HEARTH_PREWARMING);
  return model->options.lanes == 0 ||
         demanded + speculative < model->options.lanes;
}

static int fits(const model_sim *model, uint32_t id, int64_t freed) {
  return model->options.budget_kb < 0 ||
         used(model) - freed + model->of[id].is.memory_kb <=
             model->options.budget_kb;
}

static int demand(model_sim *model, int64_t now) {
  if (model->queued == 0 || !lane_free(model, 1)) {
    return 0;
  }
  const uint32_t id = model->queue[0];
  const uint32_t mate = mate_of(model, id);
  int64_t could_free = 0;
  for (uint32_t i = 0; i < model->count; i++) {
    const int can_go =
        model_evictable(model, i) || model->of[i].state == HEARTH_PREWARMING;
    if (i == mate && !can_go) {
      return 0;
    }
    could_free += can_go ? model->of[i].is.memory_kb : 0;
  }
  if (!fits(model, id, could_free)) {
    return 0;
  }
  if (mate != HEARTH_NO_MODEL && model->of[mate].state == HEARTH_READY) {
    model_evict(model, now, mate, 0);
  } else if (mate != HEARTH_NO_MODEL) {
    cancel(model, now, mate);
  }
  while ((!lane_free(model, 0) || !fits(model, id, 0)) &&
         number_in(model, HEARTH_PREWARMING) > 0) {
    cancel(model, now, newest_prewarm(model));
  }
  while (!fits(model, id, 0)) {
    model_evict(model, now, lowest_evictable(model), 0);
  }
  model->queued--;
  memmove(model->queue, model->queue + 1, model->queued * sizeof *model->queue);
  load(model, now, id, 1);
  return 1;
}

static int may_go_for(const model_sim *model, uint32_t id, uint32_t wanted,
                      int64_t now) {
  return model_evictable(model, id) && lower(model, id, wanted) &&
         now - model->of[id].ready_at >= model->options.min_residency_ms;
}

/* Mark in `goes` who must leave for a prewarm; 0: there is no way. */
static int find_room(const model_sim *model, uint32_t wanted, int64_t now,
                     uint32_t *goes, uint32_t *count) {
  const uint32_t mate = mate_of(model, wanted);
  int64_t freed = 0;
  *count = 0;
  if (mate != HEARTH_NO_MODEL) {
    if (!may_go_for(model, mate, wanted, now)) {
      return 0;
    }
    goes[(*count)++] = mate;
    freed += model->of[mate].is.memory_kb;
  }
  for (;;) {
    const uint32_t left = residents(model) - *count;
    if (fits(model, wanted, freed) &&
        (model->options.max_warm == 0 || left < model->options.max_warm)) {
      return 1;
    }
    uint32_t next = HEARTH_NO_MODEL;
    for (uint32_t id = 0; id < model->count; id++) {
      int taken = 0;
      for (uint32_t i = 0; i < *count; i++) {
        taken = taken || goes[i] == id;
      }
      if (!taken && may_go_for(model, id, wanted, now) &&
          (next == HEARTH_NO_MODEL || lower(model, id, next))) {
        next = id;
      }
    }
    if (next == HEARTH_NO_MODEL) {
      return 0;
    }
    goes[(*count)++] = next;
    freed += model->of[next].is.memory_kb;
  }
}

static int prewarm(model_sim *model, int64_t now) {
  if (model->queued > 0 || !lane_free(model, 0)) {
    return 0;
  }
  for (uint32_t place = 0; place < model->listed; place++) {
    const uint32_t id = model->order[place];
    model_entry *m = &model->of[id];
    uint32_t goes[MODEL_MAX];
    uint32_t count = 0;
    if (!m->wish || !m->wish_due) {
      continue;
    }
    if (m->warm_by >= 0 && m->warm_by < now) {
      m->wish = 0;
    } else if (find_room(model, id, now, goes, &count)) {
      for (uint32_t i = 0; i < count; i++) {
        model_evict(model, now, goes[i], 0);
      }
      load(model, now, id, 0);
      return 1;
    }
  }
  return 0;
}

static void wishes_fall_due(model_sim *model, int64_t now) {
  for (uint32_t id = 0; id < model->count; id++) {
    model_entry *m = &model->of[id];
    if (m->wish && !m->wish_due && m->start_at <= now) {
      m->wish_due = 1;
      m->wish = m->state == HEARTH_ABSENT;
    }
  }
}

static int surplus(model_sim *model, int64_t now) {
  const uint32_t id = lowest_evictable(model);
  if (model->options.max_warm == 0 ||
      residents(model) <= model->options.max_warm || id == HEARTH_NO_MODEL) {
    return 0;
  }
  model_evict(model, now, id, 0);
  return 1;
}

void model_start(model_sim *model, int64_t now) {
  wishes_fall_due(model, now);
  while (demand(model, now) || surplus(model, now) || prewarm(model, now)) {
  }
}
