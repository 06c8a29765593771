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

/* Who asks, and what they asked for last. */
typedef struct asker {
  foresight_next_request request;
  uint32_t user, last, before;
  int64_t last_ms;
} asker;

static asker know(const hearth_plugin *f, const hearth_outcome *o) {
  const foresight_asked asked = {.now_ms = o->at_ms,
                                 .input_length = o->input_length,
                                 .task = o->task,
                                 .complexity = o->complexity,
                                 .priority = o->priority,
                                 .user = &o->user,
                                 .project = &o->project};
  asker a = {.request = foresight__request(f, &asked),
             .user = FORESIGHT_NOBODY,
             .last = UINT32_MAX,
             .before = UINT32_MAX};
  if (a.request.user != FORESIGHT_NEXT_NOBODY) {
    a.user = (uint32_t)a.request.user;
  }
  return a;
}

/* `next` is shared, or had alone. */
static void look_up(const hearth_plugin *f, asker *a) {
  foresight_user_view view;
  if (a->user != FORESIGHT_NOBODY &&
      foresight__view_user(f, a->user, &view)) {
    a->last = view.last;
    a->before = view.before;
    a->last_ms = view.last_ms;
  }
}

/* What the deciding heads take of an outcome. */
static foresight_case case_of(const hearth_outcome *o, uint32_t model) {
  return (foresight_case){.at_ms = o->at_ms,
                          .wait_ms = o->wait_ms,
                          .duration_ms = o->duration_ms,
                          .input_length = o->input_length,
                          .model = model,
                          .user = FORESIGHT_NOBODY,
                          .last = FORESIGHT_NOBODY,
                          .phase = o->phase,
                          .state = o->state,
                          .load = o->load};
}

static void note_start(hearth_plugin *f, const hearth_outcome *o,
                       uint32_t model, const asker *a) {
  foresight_model *m = &f->models[model];
  foresight_case c = case_of(o, model);
  c.user = a->user;
  c.last = a->last;
  c.last_ms = a->last_ms;
  c.task = a->request.task;
  hearth_mutex_lock(f->locks.models);
  foresight_usage_request(&m->usage, o->at_ms, a->user, o->user.session_ms);
  foresight_standing_began(&m->standing);
  hearth_mutex_unlock(f->locks.models);
  foresight__bring(f, &c);
}

/* What the user did before is looked up before `next` learns, which puts this
   request into the user's ring: so `price`, which looks there itself, must have
   learned by then.  Else one visit to `next` does for both if it is free. */
static void started(hearth_plugin *f, const hearth_outcome *o, uint32_t model) {
  asker a = know(f, o);
  const foresight_note note = {.request = a.request, .model = model};
  const int at_once = f->price == NULL && foresight__try_next(f);
  if (at_once) {
    look_up(f, &a);
    foresight__learn_next(f, note);
  } else {
    hearth_shared_read(f->locks.next);
    look_up(f, &a);
    hearth_shared_read_end(f->locks.next);
  }
  const foresight_within_user user = {.user = a.user,
                                      .last_model = a.last,
                                      .model_before = a.before,
                                      .last_time = a.last_ms};
  hearth_shared_write(f->locks.within);
  foresight_within_started(f->within, model, o->at_ms, user);
  hearth_shared_write_end(f->locks.within);
  note_start(f, o, model, &a);
  if (!at_once) {
    foresight__tell(f, note);
  }
}

/* A request ended.  Hosts may leave the model and the user out, who were told
   when it started; then the heads that want them pass it over. */
static void ended(hearth_plugin *f, const hearth_outcome *o, uint32_t model) {
  const foresight_case c = case_of(o, model);
  const uint32_t user = foresight__user(f, o->user.id);
  hearth_mutex_lock(f->locks.models);
  foresight_standing_ended(&f->models[model].standing, o->at_ms);
  hearth_mutex_unlock(f->locks.models);
  foresight__bring(f, &c);
  if (user != FORESIGHT_NOBODY) {
    foresight__tell(f, (foresight_note){.request = {.user = user},
                                        .model = model,
                                        .duration_ms = o->duration_ms,
                                        .ended = 1});
  }
}

static void loaded(hearth_plugin *f, const hearth_outcome *o, uint32_t model) {
  foresight_model *m = &f->models[model];
  foresight_case c = case_of(o, model);
  hearth_mutex_lock(f->locks.models);
  m->resident = 1;
  if (o->load_ms >= 0) {
    foresight_usage_load(&m->usage, o->load_ms);
    m->load_ms = o->load_ms < 1 ? 1 : o->load_ms;
  }
  c.load_ms = m->load_ms;
  hearth_mutex_unlock(f->locks.models);
  foresight__bring(f, &c);
}

static void left(hearth_plugin *f, const hearth_outcome *o, uint32_t model) {
  const foresight_case c = case_of(o, model);
  hearth_mutex_lock(f->locks.models);
  f->models[model].resident = 0;
  foresight_standing_moved(&f->models[model].standing);
  hearth_mutex_unlock(f->locks.models);
  foresight__bring(f, &c);
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

static int is_news(hearth_plugin *f, const hearth_outcome *o) {
  if (is_duplicate(f, o)) {
    return 0;
  }
  foresight__count(&foresight__place(f)->outcomes);
  return 1;
}

/* Whether the outcome changes what all calls share: a new model or task, other
   terms of the pool, or something to forget. */
static int changes_shape(const hearth_plugin *f, const hearth_outcome *o,
                         uint32_t model) {
  return model == HEARTH_NO_NAME ||
         (o->phase == HEARTH_PHASE_STARTED &&
          (f->config.data_retention_seconds >= 0 ||
           foresight__is_new_task(f, o->task) ||
           foresight__terms_differ(f, &o->pool)));
}

/* What is new of it; had alone. */
static hearth_status meet(hearth_plugin *f, const hearth_outcome *o,
                          uint32_t *model) {
  uint32_t task;
  hearth_status status = foresight__model(f, o->model, model);
  if (status != HEARTH_OK || o->phase != HEARTH_PHASE_STARTED) {
    return status;
  }
  if (foresight__is_new_task(f, o->task)) {
    (void)hearth_names_add(f->tasks, o->task, &task); /* or one of the rest */
  }
  return foresight__take_terms(f, &o->pool);
}

static hearth_status change_shape(hearth_plugin *f, const hearth_outcome *o,
                                  uint32_t *model) {
  hearth_status status;
  foresight__alone(f);
  do {
    status = meet(f, o, model);
  } while (status == HEARTH_NO_MEMORY && foresight__make_room(f));
  if (status == HEARTH_OK && o->phase == HEARTH_PHASE_STARTED) {
    foresight__forget(f, foresight__user(f, o->user.id), *model, o->at_ms);
  }
  foresight__not_alone(f);
  return status;
}

/* Get into `shape`, alone only for as long as it changes. */
static hearth_status enter(hearth_plugin *f, const hearth_outcome *o,
                           uint32_t *model) {
  hearth_striped_read(f->locks.shape);
  *model = hearth_names_find(f->names, o->model);
  if (!changes_shape(f, o, *model)) {
    return HEARTH_OK;
  }
  hearth_striped_read_end(f->locks.shape);
  const hearth_status status = change_shape(f, o, model);
  hearth_striped_read(f->locks.shape);
  return status;
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
  status = enter(f, &outcome, &model);
  if (status == HEARTH_OK && is_news(f, &outcome)) {
    learn(f, &outcome, model);
  }
  hearth_striped_read_end(f->locks.shape);
  return status;
}
