/* SPDX-License-Identifier: MIT
   record_outcome: every head learns from what happened. */
#include "plugin/foresight/inside.h"
#include "plugin/sdk/wire/decode.h"

static int is_duplicate(hearth_plugin *f, const hearth_outcome *outcome) {
  if (outcome->request_id.len == 0) {
    return 0; /* what nobody named can't be told twice */
  }
  const uint64_t seed = (uint64_t)f->config.seed + (uint64_t)outcome->phase;
  return hearth_seen_before(&f->seen,
                            hearth_hash(seed, outcome->request_id.data,
                                        outcome->request_id.len));
}

static foresight_budget_found found(int32_t state) {
  return state == HEARTH_STATE_WARM      ? FORESIGHT_BUDGET_WARM
         : state == HEARTH_STATE_LOADING ? FORESIGHT_BUDGET_DELAYED
                                         : FORESIGHT_BUDGET_COLD;
}

/* The heads that look at the user's last request learn before `next`, which
   puts this one into the user's ring. */
static void started(hearth_plugin *f, const hearth_outcome *o, uint32_t model) {
  const uint32_t user = foresight__user(f, o->user.id);
  foresight__forget(f, user, model, o->at_ms);
  const foresight_asked asked = {.now_ms = o->at_ms,
                                 .input_length = o->input_length,
                                 .task = o->task,
                                 .complexity = o->complexity,
                                 .priority = o->priority,
                                 .user = &o->user,
                                 .project = &o->project};
  const foresight_next_request request = foresight__request(f, &asked, 1);
  foresight_user_view view;
  const bool known =
      user != FORESIGHT_NOBODY && foresight_users_view(f->users, user, &view);
  const uint32_t last = known ? view.last : UINT32_MAX;
  foresight_within_started(
      f->within, model, o->at_ms,
      (foresight_within_user){.user = user,
                              .last_model = last,
                              .model_before = known ? view.before : UINT32_MAX,
                              .last_time = known ? view.last_ms : 0});
  if (f->budget != NULL) {
    const foresight_budget_use use = {.now = o->at_ms,
                                      .model = model,
                                      .user = user,
                                      .last_model = last,
                                      .last_ms = known ? view.last_ms : 0,
                                      .found = found(o->state)};
    foresight_budget_started(f->budget, &use);
  }
  if (f->price != NULL) {
    const foresight_price_event event = {.model = model,
                                         .user = user,
                                         .task = request.task,
                                         .input_length = o->input_length,
                                         .now_ms = o->at_ms};
    foresight_price_started(f->price, &event);
  }
  foresight_next_learn(f->next, &request, model);
  foresight_usage_request(&f->models[model].usage, o->at_ms, user,
                          o->user.session_ms);
  foresight_standing_began(&f->models[model].standing);
}

/* A request ended.  Hosts may leave the model and the user out, who were told
   when it started; then the heads that want them pass it over. */
static void ended(hearth_plugin *f, const hearth_outcome *o, uint32_t model) {
  const int64_t duration = o->duration_ms;
  foresight_standing_ended(&f->models[model].standing, o->at_ms);
  if (f->budget != NULL) {
    foresight_budget_finished(f->budget, model, o->at_ms, o->wait_ms);
  }
  if (f->price != NULL) {
    foresight_price_finished(f->price, model, duration < 0 ? 0 : duration,
                             o->at_ms);
  }
  const uint32_t user = foresight__user(f, o->user.id);
  if (user != FORESIGHT_NOBODY) {
    foresight_next_finished(f->next, user, model, duration);
  }
}

static void loaded(hearth_plugin *f, const hearth_outcome *o, uint32_t model) {
  foresight_model *m = &f->models[model];
  m->resident = 1;
  if (o->load_ms >= 0) {
    foresight_usage_load(&m->usage, o->load_ms);
    m->load_ms = o->load_ms < 1 ? 1 : o->load_ms;
  }
  if (f->budget != NULL) {
    foresight_budget_update(f->budget, model, (int64_t)(m->memory_mb * 1024.0),
                            m->load_ms);
    foresight_budget_loaded(f->budget, model, o->at_ms,
                            o->load != HEARTH_LOAD_DEMAND);
  }
  if (f->price != NULL) {
    foresight_price_set_model(f->price, model, m->memory_mb,
                              (double)m->load_ms);
    foresight_price_loaded(f->price, model);
  }
}

static void left(hearth_plugin *f, const hearth_outcome *o, uint32_t model) {
  f->models[model].resident = 0;
  foresight_standing_moved(&f->models[model].standing);
  if (f->budget != NULL && o->phase == HEARTH_PHASE_LOAD_CANCELLED) {
    foresight_budget_cancelled(f->budget, model, o->at_ms);
  } else if (f->budget != NULL) {
    foresight_budget_evicted(f->budget, model, o->at_ms);
  }
  if (f->price != NULL) {
    foresight_price_evicted(f->price, model);
  }
}

static void learn(hearth_plugin *f, const hearth_outcome *o, uint32_t model) {
  switch (o->phase) {
  case HEARTH_PHASE_STARTED:
    started(f, o, model);
    break;
  case HEARTH_PHASE_LOADED:
    loaded(f, o, model);
    break;
  case HEARTH_PHASE_LOAD_CANCELLED:
  case HEARTH_PHASE_EVICTED:
    left(f, o, model);
    break;
  default:
    ended(f, o, model);
    break;
  }
}

hearth_status foresight__outcome(hearth_plugin *f, const hearth_call *call,
                                 hearth_bytes bytes) {
  hearth_outcome outcome;
  hearth_message_init(&hearth_outcome_schema, &outcome);
  hearth_status status =
      hearth_decode(&hearth_outcome_schema, bytes, &outcome,
                    call != NULL ? call->err : NULL,
                    call != NULL ? call->err_cap : 0);
  if (status != HEARTH_OK || outcome.model.len == 0 ||
      outcome.phase == HEARTH_PHASE_FEEDBACK) {
    return status; /* a host's judgement says nothing that a start does not */
  }
  uint32_t model;
  status = foresight__model(f, outcome.model, &model);
  if (status == HEARTH_OK && outcome.phase == HEARTH_PHASE_STARTED) {
    status = foresight__take_terms(f, &outcome.pool);
  }
  if (status == HEARTH_OK && !is_duplicate(f, &outcome)) {
    f->outcomes++;
    learn(f, &outcome, model);
  }
  return status;
}
