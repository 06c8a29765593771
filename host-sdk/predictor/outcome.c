/* SPDX-License-Identifier: MIT
   Telling the plugin what happened. */
#include "host-sdk/predictor/predictor.h"

void hearth__outcome_of(const hearth_predictor *predictor, int32_t phase,
                        uint32_t model, hearth_outcome *out) {
  hearth_message_init(&hearth_outcome_schema, out);
  out->at_ms = hearth__now(predictor);
  out->phase = phase;
  if (model != HEARTH_NO_MODEL) {
    out->model = hearth__str(predictor->models[model].name);
  }
}

hearth_pool_terms hearth__terms_of(const hearth_predictor *predictor) {
  const hearth_predictor_options *options = &predictor->options;
  return (hearth_pool_terms){
      .id = hearth__str(predictor->pool_id),
      .budget_mb = options->budget_mb > 0 ? options->budget_mb : -1,
      .load_lanes = options->load_lanes ? (int64_t)options->load_lanes : -1,
      .idle_price = options->settings.idle_price};
}

/* A plugin that fails to learn goes on being asked, unless it is on trial
   (hearth/slot.h); its host's log and the slot's stats say that it failed. */
static void complain(const hearth_predictor *predictor, const char *message) {
  const hearth_host *host = predictor->options.host;

  if (host && host->log) {
    host->log(host, HEARTH_LOG_WARN, 0, message);
  }
}

void hearth__tell_outcome(hearth_predictor *predictor,
                          const hearth_outcome *outcome) {
  char message[256] = "";
  hearth_call call = {(uint32_t)sizeof(call), 0, 0, 0, message,
                      sizeof(message)};
  hearth_bytes bytes;
  hearth_status status;

  pthread_mutex_lock(&predictor->telling);
  status = hearth__encode(&hearth_outcome_schema, outcome, &predictor->outcome);
  bytes.data = predictor->outcome.data;
  bytes.len = predictor->outcome.len;
  if (status == HEARTH_OK) {
    status = hearth_slot_record_outcome(predictor->slot, &call, bytes);
  }
  pthread_mutex_unlock(&predictor->telling);
  if (status != HEARTH_OK) {
    complain(predictor, *message ? message : hearth_status_text(status));
  }
}
