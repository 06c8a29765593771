/* SPDX-License-Identifier: MIT
   A request's way: predicted, started, waited for, finished. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "host-sdk/predictor/predictor.h"

/* The request's id, or one of our own; 0: too long.  With the lock held. */
static int name_request(hearth_predictor *predictor, const char *id,
                        char out[HEARTH_ID_CAP]) {
  if (id && *id) {
    if (strlen(id) >= HEARTH_ID_CAP) {
      return 0;
    }
    memcpy(out, id, strlen(id) + 1);
  } else {
    (void)snprintf(out, HEARTH_ID_CAP, "hearth-%llu",
                   (unsigned long long)++predictor->made_ids);
  }
  return 1;
}

static hearth__cache_key key_of(const hearth_predictor *predictor,
                                const hearth_request *request) {
  return hearth__cache_key_of(request,
                              (uint64_t)predictor->options.settings.seed, 0);
}

/* Whose plans an outcome of this request changes. */
static void note_asker(hearth__entry *entry, const hearth__cache_key *key) {
  entry->user = key->user;
  entry->project = key->project;
  entry->task = key->task;
}

/* Remember what was predicted, for when the model becomes known, and say how
   the models stand now.  With the lock held. */
static void write_down(hearth_predictor *predictor,
                       const hearth_request *request,
                       const hearth__cache_key *key,
                       hearth_prediction *prediction) {
  hearth__entry *entry = hearth__ledger_add(predictor->ledger, request->id);
  int open = entry && entry->stage == HEARTH__PREDICTED && !request->intent;

  if (open) {
    note_asker(entry, key);
    entry->count = 0;
  }
  for (uint32_t i = 0; i < prediction->count; ++i) {
    uint32_t model = hearth_names_find(
        predictor->names, hearth__str(prediction->models[i].model));

    prediction->models[i].state = hearth__model_state(predictor, model);
    if (open) {
      entry->predicted[entry->count++] = model;
    }
  }
  if (open) {
    entry->was_predicted = entry->count > 0;
  }
}

hearth_status hearth_predict_and_warm(hearth_predictor *predictor,
                                      const hearth_request *request,
                                      hearth_prediction *prediction) {
  hearth__metrics *metrics = &predictor->metrics;
  uint64_t began = hearth__ticks(predictor);
  hearth_request named = *request;
  hearth__cache_key key = key_of(predictor, request);
  int fits;

  pthread_mutex_lock(&predictor->lock);
  fits = name_request(predictor, request->id, prediction->prediction_id);
  pthread_mutex_unlock(&predictor->lock);
  if (!fits) {
    return HEARTH_BAD_ARG;
  }
  named.id = prediction->prediction_id;
  hearth__plan(predictor, &named,
               request->intent ? HEARTH_REASON_INTENT : HEARTH_REASON_REQUEST,
               HEARTH_NO_MODEL, prediction);
  pthread_mutex_lock(&predictor->lock);
  hearth__metrics_latency(metrics, hearth__ticks(predictor) - began);
  ++metrics->counts.total_predictions;
  metrics->counts.cache_hits += prediction->cached != 0;
  metrics->counts.fallbacks += prediction->fallback != 0;
  metrics->last_prediction_ms = hearth__now(predictor);
  pthread_mutex_unlock(&predictor->lock);
  hearth__act(predictor);
  pthread_mutex_lock(&predictor->lock);
  write_down(predictor, &named, &key, prediction);
  pthread_mutex_unlock(&predictor->lock);
  return HEARTH_OK;
}

/* Count whether the model had been predicted, once.  With the lock held. */
static void judge(hearth_predictor *predictor, hearth__entry *entry,
                  uint32_t model) {
  int right = 0;

  if (!entry->was_predicted || entry->judged) {
    return;
  }
  for (uint32_t i = 0; i < entry->count; ++i) {
    right |= entry->predicted[i] == model;
  }
  entry->judged = 1;
  hearth__metrics_judge(&predictor->metrics, right,
                        entry->count && entry->predicted[0] == model);
}

static int32_t count_found(hearth_predictor_metrics *counts,
                           hearth_found found) {
  ++counts->requests;
  switch (found) {
  case HEARTH_FOUND_WARM:
    ++counts->warm;
    return HEARTH_MODEL_WARM;
  case HEARTH_FOUND_DELAYED:
    ++counts->delayed;
    return HEARTH_MODEL_LOADING;
  case HEARTH_FOUND_COLD:
    break;
  }
  ++counts->cold;
  return HEARTH_MODEL_COLD;
}

/* The books of a start.  With the lock held. */
static hearth_status book_start(hearth_predictor *predictor, const char *id,
                                const hearth__cache_key *key, const char *model,
                                uint32_t *number, int32_t *found,
                                int *foreseen) {
  hearth__entry *entry;

  *number = hearth__model_find(predictor, hearth__str(model));
  if (*number == HEARTH_NO_MODEL) {
    return HEARTH_BAD_ARG;
  }
  entry = hearth__ledger_add(predictor->ledger, id);
  if (!entry) {
    return HEARTH_NO_MEMORY;
  }
  if (entry->stage != HEARTH__PREDICTED) {
    return HEARTH_BAD_ARG;
  }
  entry->model = *number;
  entry->losses = predictor->models[*number].losses;
  note_asker(entry, key);
  hearth__ledger_stage(predictor->ledger, entry, HEARTH__STARTED);
  *found = count_found(
      &predictor->metrics.counts,
      hearth_pool_request(predictor->pool, *number, hearth__now(predictor)));
  judge(predictor, entry, *number);
  *foreseen = entry->count > 0 && entry->predicted[0] == *number;
  return HEARTH_OK;
}

static void tell_start(hearth_predictor *predictor, const char *id,
                       const hearth_request *request, uint32_t model,
                       int32_t found) {
  hearth__lists lists;
  hearth_outcome outcome;

  pthread_mutex_lock(&predictor->lock);
  hearth__outcome_of(predictor, HEARTH_PHASE_STARTED, model, &outcome);
  pthread_mutex_unlock(&predictor->lock);
  outcome.request_id = hearth__str(id);
  outcome.state = found;
  outcome.task = hearth__str(request->task);
  outcome.input_length = request->input_length < 0 ? -1 : request->input_length;
  outcome.complexity = hearth__complexity(request);
  outcome.priority = hearth__priority(request);
  hearth__user_fill(&request->user, &lists, &outcome.user);
  hearth__project_fill(&request->project, &lists, &outcome.project);
  outcome.pool = hearth__terms_of(predictor);
  hearth__tell_outcome(predictor, &outcome);
}

/* A start that was foreseen changes no plan, but which plan is asked for. */
static void drop_plans(hearth_predictor *predictor,
                       const hearth__cache_key *key, uint32_t model,
                       int foreseen) {
  pthread_mutex_lock(&predictor->planning);
  if (predictor->cache && !foreseen) {
    hearth__cache_drop(predictor->cache, key);
  }
  if (predictor->cache) {
    hearth__cache_started(predictor->cache, key, model);
  }
  pthread_mutex_unlock(&predictor->planning);
}

hearth_status hearth_predictor_started(hearth_predictor *predictor,
                                       const char *prediction_id,
                                       const hearth_request *request,
                                       const char *model, int32_t *found) {
  const char *id = prediction_id ? prediction_id : request->id;
  hearth_request named = *request;
  hearth__cache_key key = key_of(predictor, request);
  uint32_t number;
  int32_t state = 0;
  int foreseen = 0;
  hearth_status status;

  if (!id || !*id || strlen(id) >= HEARTH_ID_CAP || !model) {
    return HEARTH_BAD_ARG;
  }
  pthread_mutex_lock(&predictor->lock);
  status = book_start(predictor, id, &key, model, &number, &state, &foreseen);
  pthread_mutex_unlock(&predictor->lock);
  if (status != HEARTH_OK) {
    return status;
  }
  named.id = id;
  tell_start(predictor, id, request, number, state);
  drop_plans(predictor, &key, number, foreseen);
  hearth__plan(predictor, &named, HEARTH_REASON_SETTLED, number, NULL);
  hearth__act(predictor);
  if (found) {
    *found = state;
  }
  return HEARTH_OK;
}

/* Give the model back.  With the lock held. */
static void release(hearth_predictor *predictor, const hearth__entry *entry) {
  int64_t now = hearth__now(predictor);

  if (predictor->models[entry->model].losses != entry->losses) {
    return;
  }
  if (hearth_pool_residency(predictor->pool, entry->model) == HEARTH_READY) {
    hearth_pool_finish(predictor->pool, entry->model, now);
  } else {
    hearth_pool_abandon(predictor->pool, entry->model, now);
  }
}

hearth_status hearth_predictor_finished(hearth_predictor *predictor,
                                        const char *prediction_id, int32_t how,
                                        int64_t wait_ms, int64_t duration_ms) {
  static const int32_t phases[] = {HEARTH_PHASE_FINISHED, HEARTH_PHASE_FAILED,
                                   HEARTH_PHASE_CANCELLED};
  hearth__entry *entry;
  hearth_outcome outcome;

  if (!prediction_id || how < 0 || how > HEARTH_REQUEST_CANCELLED) {
    return HEARTH_BAD_ARG;
  }
  pthread_mutex_lock(&predictor->lock);
  entry = hearth__ledger_find(predictor->ledger, prediction_id);
  if (!entry || entry->stage != HEARTH__STARTED) {
    pthread_mutex_unlock(&predictor->lock);
    return HEARTH_BAD_ARG;
  }
  release(predictor, entry);
  hearth__outcome_of(predictor, phases[how], entry->model, &outcome);
  hearth__ledger_stage(predictor->ledger, entry, HEARTH__ENDED);
  pthread_mutex_unlock(&predictor->lock);
  outcome.request_id = hearth__str(prediction_id);
  outcome.wait_ms = wait_ms < 0 ? -1 : wait_ms;
  outcome.duration_ms = duration_ms < 0 ? -1 : duration_ms;
  hearth__tell_outcome(predictor, &outcome);
  hearth__act(predictor);
  return HEARTH_OK;
}

/* HEARTH_BUSY: not yet.  With the lock held. */
static hearth_status readiness(const hearth_predictor *predictor,
                               const char *id) {
  const hearth__entry *entry = hearth__ledger_find(predictor->ledger, id);

  if (!entry || entry->stage != HEARTH__STARTED) {
    return HEARTH_BAD_ARG;
  }
  if (predictor->models[entry->model].losses != entry->losses) {
    return HEARTH_UNAVAILABLE;
  }
  return hearth_pool_residency(predictor->pool, entry->model) == HEARTH_READY
             ? HEARTH_OK
             : HEARTH_BUSY;
}

hearth_status hearth_predictor_wait(hearth_predictor *predictor,
                                    const char *prediction_id,
                                    int64_t timeout_ms) {
  struct timespec until;
  hearth_status status;
  int late = 0;

  if (!prediction_id) {
    return HEARTH_BAD_ARG;
  }
  clock_gettime(CLOCK_MONOTONIC, &until);
  if (timeout_ms > 0) {
    until.tv_sec += (time_t)(timeout_ms / 1000);
    until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
  }
  pthread_mutex_lock(&predictor->lock);
  status = readiness(predictor, prediction_id);
  while (status == HEARTH_BUSY && !late) {
    if (timeout_ms < 0) {
      pthread_cond_wait(&predictor->changed, &predictor->lock);
    } else {
      late = pthread_cond_timedwait(&predictor->changed, &predictor->lock,
                                    &until) == ETIMEDOUT;
    }
    status = readiness(predictor, prediction_id);
  }
  pthread_mutex_unlock(&predictor->lock);
  return status == HEARTH_BUSY ? HEARTH_DEADLINE : status;
}
