/* SPDX-License-Identifier: MIT
   What a predictor is told afterwards, and what it tells of itself. */
#include <string.h>

#include "host-sdk/predictor/predictor.h"

/* Count a prediction that nobody started, once.  The plans that it is about
   change.  With the lock held. */
static void judge(hearth_predictor *predictor, hearth__entry *entry,
                  int32_t used, uint32_t model) {
  int right = used != 0, first = 0;

  if (!entry->was_predicted || entry->judged) {
    return;
  }
  if (model != HEARTH_NO_MODEL) {
    right = 0;
    for (uint32_t i = 0; i < entry->count; ++i) {
      right |= entry->predicted[i] == model;
    }
    first = entry->count && entry->predicted[0] == model;
  }
  entry->judged = 1;
  hearth__metrics_judge(&predictor->metrics, right, first);
}

hearth_status hearth_predictor_record_prediction_outcome(
    hearth_predictor *predictor, const char *prediction_id,
    int32_t actual_usage, const char *actual_model) {
  hearth__cache_key key = {0};
  hearth__entry *entry;
  hearth_outcome outcome;

  if (!prediction_id || !*prediction_id) {
    return HEARTH_BAD_ARG;
  }
  pthread_mutex_lock(&predictor->lock);
  entry = hearth__ledger_find(predictor->ledger, prediction_id);
  if (entry) {
    key.user = entry->user;
    key.project = entry->project;
    key.task = entry->task;
    judge(predictor, entry, actual_usage,
          hearth__model_find(predictor, hearth__str(actual_model)));
  }
  hearth__outcome_of(predictor, HEARTH_PHASE_FEEDBACK, HEARTH_NO_MODEL,
                     &outcome);
  pthread_mutex_unlock(&predictor->lock);
  outcome.request_id = hearth__str(prediction_id);
  outcome.actual_usage = actual_usage != 0;
  outcome.actual_model = hearth__str(actual_model);
  hearth__tell_outcome(predictor, &outcome);
  pthread_mutex_lock(&predictor->planning);
  if (predictor->cache && entry) {
    hearth__cache_drop(predictor->cache, &key);
  }
  pthread_mutex_unlock(&predictor->planning);
  return HEARTH_OK;
}

void hearth_predictor_get_metrics(hearth_predictor *predictor,
                                  hearth_predictor_metrics *out) {
  double memory_mb = hearth__memory_mb(predictor);

  pthread_mutex_lock(&predictor->lock);
  hearth__metrics_read(&predictor->metrics, memory_mb, out);
  pthread_mutex_unlock(&predictor->lock);
}

void hearth_predictor_get_health(hearth_predictor *predictor,
                                 hearth_health *out) {
  double memory_mb = hearth__memory_mb(predictor);

  pthread_mutex_lock(&predictor->lock);
  hearth__metrics_health(&predictor->metrics, memory_mb, out);
  pthread_mutex_unlock(&predictor->lock);
}

int32_t hearth_predictor_model_state(hearth_predictor *predictor,
                                     const char *model) {
  int32_t state = 0;
  uint32_t number;

  pthread_mutex_lock(&predictor->lock);
  number = hearth__model_find(predictor, hearth__str(model));
  if (number != HEARTH_NO_MODEL) {
    state = hearth__model_state(predictor, number);
  }
  pthread_mutex_unlock(&predictor->lock);
  return state;
}

static void read_metadata(const hearth_metadata *from,
                          hearth_model_metadata *out) {
  const hearth_resources *needs = &from->resource_requirements;

  out->load_p50_ms = from->expected_load_ms.p50;
  out->load_p90_ms = from->expected_load_ms.p90;
  out->memory_mb = needs->memory_mb;
  out->cpu_percent = needs->cpu_percent;
  out->network_bandwidth_mbps = needs->network_bandwidth_mbps;
  out->storage_mb = needs->storage_mb;
  out->requests = from->usage.requests;
  out->users = from->usage.users;
  out->last_used_ms = from->usage.last_used_ms;
  out->mean_session_ms = from->usage.mean_session_ms;
  out->estimated = from->estimated;
}

hearth_status hearth_predictor_get_model_metadata(hearth_predictor *predictor,
                                                  const char *model,
                                                  hearth_model_metadata *out) {
  hearth_output query = {0}, answer = {0};
  hearth_metadata_query asked;
  hearth_metadata metadata;
  hearth_status status;

  if (!model || !*model) {
    return HEARTH_BAD_ARG;
  }
  hearth_message_init(&hearth_metadata_query_schema, &asked);
  asked.model = hearth__str(model);
  asked.now_ms = hearth__now(predictor);
  status = hearth__encode(&hearth_metadata_query_schema, &asked, &query);
  if (status == HEARTH_OK) {
    status = hearth_slot_get_model_metadata(
        predictor->slot, NULL, (hearth_bytes){query.data, query.len}, &answer);
  }
  hearth_message_init(&hearth_metadata_schema, &metadata);
  if (status == HEARTH_OK) {
    status = hearth_decode(&hearth_metadata_schema,
                           (hearth_bytes){answer.data, answer.len}, &metadata,
                           NULL, 0);
  }
  if (status == HEARTH_OK) {
    read_metadata(&metadata, out);
  }
  hearth_output_free(&query);
  hearth_output_free(&answer);
  return status;
}
