/* SPDX-License-Identifier: MIT
   The pool's rules in plain code: how time passes, and what plans change. */
#include "tests/pool/model.h"

#include <string.h>

#include "plugin/sdk/wire/messages.h"

void model_init(model_sim *model, const hearth_pool_options *options) {
  memset(model, 0, sizeof *model);
  model->options = *options;
}

void model_add(model_sim *model, const hearth_pool_model *is) {
  model->of[model->count++] =
      (model_entry){.is = *is, .last_request = INT64_MIN, .keep_for = -1};
}

static void falls_idle(model_sim *model, int64_t now, uint32_t id) {
  if (!model_running(model, id)) {
    model->of[id].keep_from = now;
  }
}

static void run(model_sim *model, int64_t now, model_request *r) {
  r->order = ++model->started;
  r->end = now + r->duration;
  model_tell(model,
             (hearth_sim_event){.kind = HEARTH_SIM_START,
                                .model = r->model,
                                .request = (uint64_t)(r - model->requests),
                                .at_ms = now,
                                .wait_ms = now - r->since});
}

static void load_done(model_sim *model, int64_t now, uint32_t id) {
  model_tell(model, (hearth_sim_event){.kind = HEARTH_SIM_READY,
                                       .demand = model_waiting(model, id) > 0,
                                       .model = id,
                                       .at_ms = now});
  model->of[id].state = HEARTH_READY;
  model->of[id].ready_at = now;
  for (uint32_t i = 0; i < model->request_count; i++) {
    if (model->requests[i].model == id && model->requests[i].order == 0) {
      run(model, now, &model->requests[i]);
    }
  }
  falls_idle(model, now, id);
}

static void request_done(model_sim *model, int64_t now, model_request *r) {
  r->done = 1;
  model_tell(model,
             (hearth_sim_event){.kind = HEARTH_SIM_DONE,
                                .model = r->model,
                                .request = (uint64_t)(r - model->requests),
                                .at_ms = now,
                                .wait_ms = now - r->duration - r->since,
                                .duration_ms = r->duration});
  falls_idle(model, now, r->model);
}

/* The first load or else request that completes by `now`. */
static int complete_one(model_sim *model, int64_t now) {
  uint32_t load_id = HEARTH_NO_MODEL;
  model_request *first = NULL;
  for (uint32_t id = 0; id < model->count; id++) {
    const model_entry *m = &model->of[id];
    if (model_resident(model, id) && m->state != HEARTH_READY &&
        m->load_end <= now &&
        (load_id == HEARTH_NO_MODEL ||
         m->load_end < model->of[load_id].load_end ||
         (m->load_end == model->of[load_id].load_end &&
          m->load_order < model->of[load_id].load_order))) {
      load_id = id;
    }
  }
  for (uint32_t i = 0; i < model->request_count; i++) {
    model_request *r = &model->requests[i];
    if (r->order > 0 && !r->done && r->end <= now &&
        (!first || r->end < first->end ||
         (r->end == first->end && r->order < first->order))) {
      first = r;
    }
  }
  if (load_id != HEARTH_NO_MODEL &&
      (!first || model->of[load_id].load_end <= first->end)) {
    load_done(model, now, load_id);
    return 1;
  }
  if (first) {
    request_done(model, now, first);
  }
  return first != NULL;
}

static void complete(model_sim *model, int64_t now) {
  while (complete_one(model, now)) {
    model_start(model, now);
  }
}

static int expire_one(model_sim *model, int64_t now) {
  uint32_t first = HEARTH_NO_MODEL;
  int64_t earliest = now;
  for (uint32_t id = 0; id < model->count; id++) {
    const model_entry *m = &model->of[id];
    if (model_evictable(model, id) && m->keep_for >= 0 &&
        m->keep_from + m->keep_for < earliest) {
      earliest = m->keep_from + m->keep_for;
      first = id;
    }
  }
  if (first == HEARTH_NO_MODEL || !model->options.keep_alive) {
    return 0;
  }
  model_evict(model, now, first, 1);
  return 1;
}

void model_finish_instant(model_sim *model, int64_t now) {
  model_advance(model, now);
  while (expire_one(model, now)) {
  }
  model_start(model, now);
  complete(model, now);
}

static int wish_begins(const model_sim *model, int64_t now) {
  int begins = 0;
  for (uint32_t id = 0; id < model->count; id++) {
    const model_entry *m = &model->of[id];
    begins += m->wish && !m->wish_due && m->start_at <= now;
  }
  return begins;
}

/* One millisecond at a time.  Loads start where something happened. */
void model_advance(model_sim *model, int64_t now) {
  for (; model->clock < now; model->clock++) {
    int happened = 0;
    complete(model, model->clock);
    while (expire_one(model, model->clock)) {
      happened = 1;
    }
    if (happened || wish_begins(model, model->clock)) {
      model_start(model, model->clock);
    }
    complete(model, model->clock);
  }
  complete(model, now);
}

hearth_found model_ask(model_sim *model, int64_t now, uint32_t id,
                       int64_t duration_ms) {
  model_entry *m = &model->of[id];
  model_request *r = &model->requests[model->request_count++];
  *r = (model_request){.since = now, .duration = duration_ms, .model = id};
  m->last_request = now;
  if (m->state == HEARTH_READY) {
    run(model, now, r);
    return HEARTH_FOUND_WARM;
  }
  if (m->state == HEARTH_ABSENT) {
    m->state = HEARTH_QUEUED;
    m->wish = m->wish && !m->wish_due;
    model->queue[model->queued++] = id;
    return HEARTH_FOUND_COLD;
  }
  if (m->state == HEARTH_PREWARMING) {
    m->state = HEARTH_DEMANDED;
  }
  return HEARTH_FOUND_DELAYED;
}

static void adopt(model_sim *model, int64_t now,
                  const hearth_plan_entry *entry) {
  model_entry *m = &model->of[entry->model];
  m->keep_for = entry->keep_for_ms;
  m->keep_from = now;
  m->warm_by = entry->warm_by_ms;
  m->start_at = entry->start_at_ms;
  m->wish = entry->action == HEARTH_ACTION_WARM;
  m->wish_due = m->start_at <= now;
  if (m->wish_due && m->state != HEARTH_ABSENT) {
    m->wish = 0;
  }
}

void model_plan(model_sim *model, int64_t now, const hearth_plan_entry *entries,
                uint32_t count) {
  uint32_t order[MODEL_MAX];
  uint32_t n = 0;
  int seen[MODEL_MAX] = {0};
  for (uint32_t i = 0; i < count; i++) {
    if (!seen[entries[i].model]) {
      seen[entries[i].model] = 1;
      order[n++] = entries[i].model;
      adopt(model, now, &entries[i]);
    }
  }
  for (uint32_t i = 0; i < model->listed; i++) {
    if (!seen[model->order[i]]) {
      order[n++] = model->order[i];
    }
  }
  model->listed = n;
  memcpy(model->order, order, n * sizeof *order);
}
