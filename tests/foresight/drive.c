/* SPDX-License-Identifier: MIT
   A Foresight instance in a test: short calls instead of messages. */
#include "tests/foresight/drive.h"

#include <stdio.h>
#include <string.h>

#include "hearth/ext/explain.h"
#include "hearth/ext/predict.h"
#include "plugin/sdk/wire/decode.h"

static hearth_str text(const char *s) {
  return s == NULL ? (hearth_str){NULL, 0} : hearth_str_from(s);
}

static hearth_str name_of(uint32_t model) {
  static _Thread_local char names[DRIVE_MODELS][8];
  const uint32_t k = model % DRIVE_MODELS;
  snprintf(names[k], sizeof names[k], "m%u", (unsigned)k);
  return hearth_str_from(names[k]);
}

static hearth_bytes encode(drive *d, const hearth_schema *schema,
                           const void *message) {
  d->message.len = 0;
  (void)hearth_encode(schema, message, &d->message.sink);
  return hearth_buffer_bytes(&d->message);
}

static hearth_call call_of(drive *d) {
  d->err[0] = '\0';
  return (hearth_call){.size = sizeof(hearth_call),
                       .err = d->err,
                       .err_cap = sizeof d->err};
}

hearth_status drive_begin(drive *d, const hearth_config *config,
                          uint32_t models, uint64_t fail_at) {
  memset(d, 0, sizeof *d);
  support_host_init(&d->host, fail_at);
  hearth_buffer_init(&d->message, 0);
  hearth_buffer_init(&d->answer, 0);
  d->budget_mb = 4096;
  d->idle_price = -1;
  const hearth_call call = call_of(d);
  hearth_bytes bytes = {NULL, 0};
  if (config != NULL) {
    bytes = encode(d, &hearth_config_schema, config);
  }
  d->status = foresight_entry.create(&foresight_entry, &d->host.host, &call,
                                     bytes, &d->plugin);
  if (d->status != HEARTH_OK) {
    return d->status;
  }
  static hearth_catalog_model items[DRIVE_MODELS];
  for (uint32_t m = 0; m < models && m < DRIVE_MODELS; m++) {
    hearth_message_init(&hearth_catalog_model_schema, &items[m]);
    items[m].model = name_of(m);
    items[m].memory_mb = 1024;
    items[m].load_ms = 10000;
  }
  const hearth_catalog catalog = {.models = {items, models, models}};
  d->status = foresight_entry.set_catalog(
      d->plugin, &call, encode(d, &hearth_catalog_schema, &catalog));
  return d->status;
}

void drive_end(drive *d) {
  foresight_entry.destroy(d->plugin);
  hearth_buffer_free(&d->message);
  hearth_buffer_free(&d->answer);
}

static hearth_status read_answer(drive *d) {
  memset(d->lines, 0, sizeof d->lines);
  for (int i = 0; i < DRIVE_LINES; i++) {
    d->lines[i].reasons =
        (hearth_list){d->reasons[i], HEARTH_MAX_REASONS, 0};
  }
  hearth_message_init(&hearth_model_set_schema, &d->set);
  d->set.models = (hearth_list){d->lines, DRIVE_LINES, 0};
  if (d->status == HEARTH_OK) {
    d->status = hearth_decode(&hearth_model_set_schema,
                              hearth_buffer_bytes(&d->answer), &d->set, d->err,
                              sizeof d->err);
  }
  return d->status;
}

static hearth_bytes context_of(drive *d, int32_t reason, int64_t now,
                               const char *user, const char *task) {
  hearth_context context;
  hearth_message_init(&hearth_context_schema, &context);
  context.reason = reason;
  context.now_ms = now;
  context.user.id = text(user);
  context.task = text(task);
  context.pool.budget_mb = d->budget_mb;
  context.pool.idle_price = d->idle_price;
  context.pool.load_lanes = 2;
  context.want_reasons = d->want_reasons;
  d->answer.len = 0;
  return encode(d, &hearth_context_schema, &context);
}

hearth_status drive_ask(drive *d, int32_t reason, int64_t now,
                        const char *user, const char *task) {
  const hearth_call call = call_of(d);
  d->status = foresight_entry.prepare_models(
      d->plugin, &call, context_of(d, reason, now, user, task),
      &d->answer.sink);
  return read_answer(d);
}

hearth_status drive_predict(drive *d, int32_t reason, int64_t now,
                            const char *user, const char *task) {
  const hearth_call call = call_of(d);
  const hearth_predict *predict =
      foresight_entry.get_extension(d->plugin, HEARTH_EXT_PREDICT);
  d->status =
      predict->predict(d->plugin, &call, context_of(d, reason, now, user, task),
                       &d->answer.sink);
  return read_answer(d);
}

hearth_status drive_explain(drive *d, int32_t reason, int64_t now,
                            const char *user, const char *task) {
  const hearth_call call = call_of(d);
  const hearth_explain *explain =
      foresight_entry.get_extension(d->plugin, HEARTH_EXT_EXPLAIN);
  d->status =
      explain->explain(d->plugin, &call, context_of(d, reason, now, user, task),
                       &d->answer.sink);
  return read_answer(d);
}

hearth_status drive_tell(drive *d, int32_t phase, int64_t now, uint32_t model,
                         const char *user, const char *request) {
  hearth_outcome outcome;
  hearth_message_init(&hearth_outcome_schema, &outcome);
  outcome.phase = phase;
  outcome.at_ms = now;
  outcome.model = name_of(model);
  outcome.user.id = text(user);
  outcome.request_id = text(request);
  outcome.state = HEARTH_STATE_COLD;
  outcome.load = HEARTH_LOAD_DEMAND;
  outcome.duration_ms = phase == HEARTH_PHASE_FINISHED ? 1000 : -1;
  outcome.load_ms = phase == HEARTH_PHASE_LOADED ? 10000 : -1;
  const hearth_call call = call_of(d);
  d->status = foresight_entry.record_outcome(
      d->plugin, &call, encode(d, &hearth_outcome_schema, &outcome));
  return d->status;
}

void drive_request(drive *d, int64_t now, uint32_t model, const char *user) {
  (void)drive_ask(d, HEARTH_REASON_REQUEST, now, user, NULL);
  (void)drive_tell(d, HEARTH_PHASE_STARTED, now, model, user, NULL);
  (void)drive_ask(d, HEARTH_REASON_SETTLED, now, user, NULL);
  (void)drive_tell(d, HEARTH_PHASE_LOADED, now + 10000, model, NULL, NULL);
  (void)drive_tell(d, HEARTH_PHASE_FINISHED, now + 11000, model, user, NULL);
}

const hearth_plan_model *drive_line(const drive *d, uint32_t model) {
  const hearth_str name = name_of(model);
  for (uint32_t i = 0; i < d->set.models.count; i++) {
    if (hearth_str_equal(d->lines[i].model, name)) {
      return &d->lines[i];
    }
  }
  return NULL;
}

hearth_status drive_metadata(drive *d, uint32_t model, int64_t now,
                             hearth_metadata *metadata) {
  const hearth_metadata_query query = {.model = name_of(model), .now_ms = now};
  const hearth_call call = call_of(d);
  d->answer.len = 0;
  d->status = foresight_entry.get_model_metadata(
      d->plugin, &call, encode(d, &hearth_metadata_query_schema, &query),
      &d->answer.sink);
  hearth_message_init(&hearth_metadata_schema, metadata);
  if (d->status == HEARTH_OK) {
    d->status =
        hearth_decode(&hearth_metadata_schema, hearth_buffer_bytes(&d->answer),
                      metadata, d->err, sizeof d->err);
  }
  return d->status;
}
