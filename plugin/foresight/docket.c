/* SPDX-License-Identifier: MIT
   What the deciding heads are told, while others plan with them. */
#include "plugin/foresight/inside.h"

static foresight_budget_found found(int32_t state) {
  return state == HEARTH_STATE_WARM      ? FORESIGHT_BUDGET_WARM
         : state == HEARTH_STATE_LOADING ? FORESIGHT_BUDGET_DELAYED
                                         : FORESIGHT_BUDGET_COLD;
}

static void tell_budget(foresight_budget *budget, const foresight_case *c,
                        const foresight_model *model) {
  const foresight_budget_use use = {.now = c->at_ms,
                                    .model = c->model,
                                    .user = c->user,
                                    .last_model = c->last,
                                    .last_ms = c->last_ms,
                                    .found = found(c->state)};
  switch (c->phase) {
  case HEARTH_PHASE_STARTED:
    foresight_budget_started(budget, &use);
    break;
  case HEARTH_PHASE_LOADED:
    foresight_budget_update(budget, c->model,
                            (int64_t)(model->memory_mb * 1024.0), c->load_ms);
    foresight_budget_loaded(budget, c->model, c->at_ms,
                            c->load != HEARTH_LOAD_DEMAND);
    break;
  case HEARTH_PHASE_LOAD_CANCELLED:
    foresight_budget_cancelled(budget, c->model, c->at_ms);
    break;
  case HEARTH_PHASE_EVICTED:
    foresight_budget_evicted(budget, c->model, c->at_ms);
    break;
  default:
    foresight_budget_finished(budget, c->model, c->at_ms, c->wait_ms);
    break;
  }
}

static void tell_price(foresight_price *price, const foresight_case *c,
                       const foresight_model *model) {
  const foresight_price_event event = {.model = c->model,
                                       .user = c->user,
                                       .task = c->task,
                                       .input_length = c->input_length,
                                       .now_ms = c->at_ms};
  switch (c->phase) {
  case HEARTH_PHASE_STARTED:
    foresight_price_started(price, &event);
    break;
  case HEARTH_PHASE_LOADED:
    foresight_price_set_model(price, c->model, model->memory_mb,
                              (double)c->load_ms);
    foresight_price_loaded(price, c->model);
    break;
  case HEARTH_PHASE_LOAD_CANCELLED:
  case HEARTH_PHASE_EVICTED:
    foresight_price_evicted(price, c->model);
    break;
  default:
    foresight_price_finished(price, c->model,
                             c->duration_ms < 0 ? 0 : c->duration_ms, c->at_ms);
    break;
  }
}

static void tell(hearth_plugin *f, const foresight_case *c) {
  const foresight_model *model = &f->models[c->model];
  if (f->budget != NULL) {
    tell_budget(f->budget, c, model);
  }
  if (f->price != NULL) {
    tell_price(f->price, c, model);
  }
}

static uint32_t waiting(const foresight_docket *docket) {
  return atomic_load_explicit(&docket->count, memory_order_acquire);
}

static void set_waiting(foresight_docket *docket, uint32_t count) {
  atomic_store_explicit(&docket->count, count, memory_order_release);
}

/* 0: it is full. */
static int put(hearth_plugin *f, const foresight_case *c) {
  foresight_docket *docket = &f->docket;
  hearth_mutex_lock(f->locks.notes);
  const uint32_t count = waiting(docket);
  if (count < FORESIGHT_CASES) {
    docket->cases[(docket->first + count) % FORESIGHT_CASES] = *c;
    set_waiting(docket, count + 1);
  }
  hearth_mutex_unlock(f->locks.notes);
  return count < FORESIGHT_CASES;
}

static int take(hearth_plugin *f, foresight_case *c) {
  foresight_docket *docket = &f->docket;
  hearth_mutex_lock(f->locks.notes);
  const uint32_t count = waiting(docket);
  if (count > 0) {
    *c = docket->cases[docket->first];
    docket->first = (docket->first + 1) % FORESIGHT_CASES;
    set_waiting(docket, count - 1);
  }
  hearth_mutex_unlock(f->locks.notes);
  return count > 0;
}

/* Not of what others put there meanwhile: that could go on for ever. */
void foresight__clear_docket(hearth_plugin *f) {
  foresight_case c;
  for (uint32_t n = waiting(&f->docket); n > 0 && take(f, &c); n--) {
    tell(f, &c);
  }
}

void foresight__bring(hearth_plugin *f, const foresight_case *c) {
  if (f->budget == NULL && f->price == NULL) {
    return;
  }
  /* Of a start `price` looks up in `next` what the user did before, and `next`
     learns of it as soon as this returns. */
  const int may_wait = f->price == NULL || c->phase != HEARTH_PHASE_STARTED;
  if (!hearth_mutex_try_lock(f->locks.decide)) {
    if (may_wait && put(f, c)) {
      return;
    }
    hearth_mutex_lock(f->locks.decide);
  }
  foresight__clear_docket(f);
  tell(f, c);
  hearth_mutex_unlock(f->locks.decide);
}

void foresight__decide(hearth_plugin *f) {
  hearth_mutex_lock(f->locks.decide);
  foresight__clear_docket(f);
}

void foresight__decide_end(hearth_plugin *f) {
  hearth_mutex_unlock(f->locks.decide);
}
