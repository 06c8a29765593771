/* SPDX-License-Identifier: MIT
   What a host tells an experiment, and what it asks on the reply path. */
#include <string.h>

#include "host-sdk/experiment/inside.h"
#include "host-sdk/experiment/split.h"
#include "plugin/sdk/wire/decode.h"

/* Somebody may have to play. */
static void wake(hearth_experiment *x) {
  if (x->has_thread && hearth__inbox_ready(&x->inbox, x->options.hold_ms, 0)) {
    pthread_cond_signal(&x->more);
  }
}

hearth_status hearth_experiment_request(hearth_experiment *x,
                                        hearth_bytes bytes) {
  hearth_context context;
  hearth_message_init(&hearth_context_schema, &context);
  hearth_status status =
      hearth_decode(&hearth_context_schema, bytes, &context, NULL, 0);
  if (status != HEARTH_OK || context.reason != HEARTH_REASON_REQUEST) {
    return status;
  }
  pthread_mutex_lock(&x->told);
  status =
      hearth__inbox_add(&x->inbox, context.request_id, context.now_ms, bytes);
  wake(x); /* time went on: others may have been held for long enough */
  pthread_mutex_unlock(&x->told);
  return status;
}

hearth_status hearth_experiment_settled(hearth_experiment *x, const char *id,
                                        const char *model) {
  /* The names never change once made. */
  const uint32_t number =
      hearth_names_find(x->arena.names, hearth_str_from(model));
  if (number == HEARTH_NO_NAME) {
    return HEARTH_BAD_ARG;
  }
  pthread_mutex_lock(&x->told);
  hearth__told *told = hearth__inbox_find(&x->inbox, id);
  if (told != NULL) {
    told->model = number;
    wake(x);
  }
  pthread_mutex_unlock(&x->told);
  return HEARTH_OK;
}

hearth_status hearth_experiment_finished(hearth_experiment *x, const char *id,
                                         int64_t duration_ms) {
  pthread_mutex_lock(&x->told);
  hearth__told *told = hearth__inbox_find(&x->inbox, id);
  if (told != NULL) {
    told->duration_ms = duration_ms;
    told->finished = 1;
    wake(x);
  }
  pthread_mutex_unlock(&x->told);
  return HEARTH_OK;
}

/* A context as a `started` outcome tells it. */
static hearth_status told_started(hearth_experiment *x,
                                  const hearth_outcome *outcome) {
  hearth_context context;
  hearth_buffer bytes = {0};
  hearth_message_init(&hearth_context_schema, &context);
  context.request_id = outcome->request_id;
  context.now_ms = outcome->at_ms;
  context.reason = HEARTH_REASON_REQUEST;
  context.task = outcome->task;
  context.input_length = outcome->input_length;
  context.complexity = outcome->complexity;
  context.priority = outcome->priority;
  context.user = outcome->user;
  context.project = outcome->project;
  const uint32_t model = hearth_names_find(x->arena.names, outcome->model);
  hearth_buffer_init(&bytes, 0);
  hearth_status status =
      model == HEARTH_NO_NAME
          ? HEARTH_BAD_ARG
          : hearth_encode(&hearth_context_schema, &context, &bytes.sink);
  if (status == HEARTH_OK) {
    pthread_mutex_lock(&x->told);
    status = hearth__inbox_add(&x->inbox, context.request_id, context.now_ms,
                               hearth_buffer_bytes(&bytes));
    if (status == HEARTH_OK) {
      x->inbox.last->model = model;
    }
    wake(x);
    pthread_mutex_unlock(&x->told);
  }
  hearth_buffer_free(&bytes);
  return status;
}

void hearth_experiment_outcome(void *experiment, hearth_bytes bytes) {
  hearth_experiment *x = experiment;
  hearth_outcome outcome;
  hearth_str activities[HEARTH__LIST_ROOM], changes[HEARTH__LIST_ROOM];
  hearth_pair preferences[HEARTH__LIST_ROOM];
  hearth_message_init(&hearth_outcome_schema, &outcome);
  outcome.user.recent_activities =
      (hearth_list){activities, HEARTH__LIST_ROOM, 0};
  outcome.user.preferences = (hearth_list){preferences, HEARTH__LIST_ROOM, 0};
  outcome.project.recent_changes = (hearth_list){changes, HEARTH__LIST_ROOM, 0};
  if (hearth_decode(&hearth_outcome_schema, bytes, &outcome, NULL, 0) !=
          HEARTH_OK ||
      outcome.request_id.len == 0 || outcome.request_id.len >= HEARTH_ID_CAP) {
    return;
  }
  if (outcome.phase == HEARTH_PHASE_STARTED) {
    (void)told_started(x, &outcome);
  } else if (outcome.phase == HEARTH_PHASE_FINISHED ||
             outcome.phase == HEARTH_PHASE_FAILED ||
             outcome.phase == HEARTH_PHASE_CANCELLED) {
    char id[HEARTH_ID_CAP] = "";
    memcpy(id, outcome.request_id.data, outcome.request_id.len);
    (void)hearth_experiment_finished(x, id, outcome.duration_ms);
  }
}

/* `told` is held. */
static uint32_t arm_of(const hearth_experiment *x, hearth_str unit) {
  double shares[HEARTH_EXPERIMENT_ARMS];
  for (uint32_t a = 0; a < x->options.arm_count; a++) {
    shares[a] = x->arms[a].share;
  }
  const uint32_t arm =
      hearth__split(x->salt, unit, shares, x->options.arm_count);
  return x->arms[arm].stopped ? x->champion : arm;
}

static hearth_str text_of(const char *text) {
  return text == NULL ? (hearth_str){NULL, 0} : hearth_str_from(text);
}

uint32_t hearth_experiment_arm_of(hearth_experiment *x, const char *user,
                                  const char *session, const char *request_id) {
  const hearth_str unit = hearth__unit_text(
      x->options.unit, text_of(user), text_of(session), text_of(request_id));
  pthread_mutex_lock(&x->told);
  const uint32_t arm = arm_of(x, unit);
  pthread_mutex_unlock(&x->told);
  return arm;
}

/* The arm's answer.  The context goes without its residents, which are the real
   pool's: an arm knows those of its ghost. */
static hearth_status ask_arm(hearth_experiment *x, uint32_t arm,
                             hearth_context *context, hearth_output *out) {
  hearth_buffer message = {0};
  hearth_buffer_init(&message, 0);
  context->pool.resync = 0;
  context->pool.resident = (hearth_list){0};
  hearth_status status =
      hearth_encode(&hearth_context_schema, context, &message.sink);
  if (status == HEARTH_OK) {
    status = hearth_instance_prepare_models(x->arms[arm].ghost.instance, NULL,
                                            hearth_buffer_bytes(&message), out);
  }
  hearth_buffer_free(&message);
  return status;
}

hearth_status hearth_experiment_answer(hearth_experiment *x, hearth_bytes bytes,
                                       hearth_output *out, uint32_t *arm) {
  hearth_context context;
  hearth_str activities[HEARTH__LIST_ROOM], changes[HEARTH__LIST_ROOM];
  hearth_pair preferences[HEARTH__LIST_ROOM];
  hearth_message_init(&hearth_context_schema, &context);
  context.user.recent_activities =
      (hearth_list){activities, HEARTH__LIST_ROOM, 0};
  context.user.preferences = (hearth_list){preferences, HEARTH__LIST_ROOM, 0};
  context.project.recent_changes = (hearth_list){changes, HEARTH__LIST_ROOM, 0};
  const hearth_status status =
      hearth_decode(&hearth_context_schema, bytes, &context, NULL, 0);
  if (status != HEARTH_OK) {
    return status;
  }
  const hearth_str unit =
      hearth__unit_text(x->options.unit, context.user.id,
                        context.user.session_id, context.request_id);
  pthread_mutex_lock(&x->told);
  const uint32_t chosen = arm_of(x, unit);
  const int real = chosen == x->champion;
  x->arms[chosen].answers++;
  pthread_mutex_unlock(&x->told);
  *arm = chosen;
  return real ? HEARTH_NO_OPINION : ask_arm(x, chosen, &context, out);
}
