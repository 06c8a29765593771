/* SPDX-License-Identifier: MIT
   Messages to the plugin under test, and what it answers. */
#include <string.h>

#include "hearth/ext/predict.h"
#include "host-sdk/validate/subject.h"
#include "plugin/sdk/wire/messages.h"

const char *validate__function(validate__kind kind) {
  static const char *const names[VALIDATE__KINDS] = {
      "create", "set_catalog", "prepare_models", "get_model_metadata",
      "record_outcome"};
  return names[kind];
}

static int answers(validate__kind kind) {
  return kind == VALIDATE__CONTEXT || kind == VALIDATE__QUERY;
}

int validate__good(validate__kind kind, hearth_status status) {
  return status == HEARTH_OK || (status == HEARTH_NO_OPINION && answers(kind));
}

int validate__allowed(validate__kind kind, hearth_status status) {
  return validate__good(kind, status) ||
         (status >= HEARTH_INTERNAL && status <= HEARTH_BAD_ARG);
}

static hearth_status give_config(validate_job *job, const hearth_call *call,
                                 hearth_bytes bytes) {
  hearth_plugin *made = NULL;
  const hearth_status status =
      job->entry->create(job->entry, job->host, call, bytes, &made);
  if (status == HEARTH_OK) {
    job->entry->destroy(made);
  }
  return status;
}

hearth_status validate__give(validate_job *job, hearth_plugin *plugin,
                             const hearth_call *call, validate__kind kind,
                             hearth_bytes bytes, hearth_sink *sink) {
  const hearth_plugin_entry *entry = job->entry;
  switch (kind) {
  case VALIDATE__CATALOG:
    return entry->set_catalog(plugin, call, bytes);
  case VALIDATE__CONTEXT:
    return entry->prepare_models(plugin, call, bytes, sink);
  case VALIDATE__QUERY:
    return entry->get_model_metadata(plugin, call, bytes, sink);
  case VALIDATE__OUTCOME:
    return entry->record_outcome(plugin, call, bytes);
  default:
    return give_config(job, call, bytes);
  }
}

static void append(validate_job *job, hearth_buffer *to, const void *data,
                   uint64_t len) {
  if (to != NULL && to->sink.write(&to->sink, data, len) != HEARTH_OK) {
    validate__need(job, NULL);
  }
}

hearth_status validate__tell(validate_job *job, hearth_plugin *plugin,
                             validate__kind kind, hearth_bytes bytes,
                             const hearth_call *call, hearth_buffer *heard) {
  validate__sink sink;
  validate__sink_init(&sink);
  const hearth_status status =
      validate__give(job, plugin, call, kind, bytes, &sink.base);
  append(job, heard, &status, sizeof status);
  if (status == HEARTH_OK) {
    append(job, heard, &sink.len, sizeof sink.len);
    append(job, heard, sink.data, sink.len);
  }
  validate__sink_free(&sink);
  return status;
}

void validate__play(validate_job *job, hearth_plugin *plugin,
                    const validate__scene *scene, uint32_t from, uint32_t to,
                    const hearth_call *call, hearth_buffer *heard) {
  for (uint32_t i = from; i < to && i < scene->count; i++) {
    const validate__kind kind = scene->steps[i].kind;
    const hearth_status status = validate__tell(
        job, plugin, kind, validate__step_bytes(scene, i), call, heard);
    if (!validate__good(kind, status)) {
      validate__fail(job, "expected %s to take the scene's message %u, got %s",
                     validate__function(kind), i, validate__status(status));
    }
  }
}

void validate__same(validate_job *job, const hearth_buffer *a,
                    const hearth_buffer *b, const char *what) {
  const uint64_t least = a->len < b->len ? a->len : b->len;
  uint64_t at = 0;
  while (at < least && a->data[at] == b->data[at]) {
    at++;
  }
  if (at < least || a->len != b->len) {
    validate__fail(job,
                   "expected %s, got a difference at byte %llu of %llu and "
                   "%llu",
                   what, (unsigned long long)at, (unsigned long long)a->len,
                   (unsigned long long)b->len);
  }
}

void validate__save(validate_job *job, hearth_plugin *plugin,
                    hearth_buffer *out) {
  const hearth_status status =
      job->entry->save_state(plugin, NULL, &out->sink);
  if (status != HEARTH_OK) {
    validate__fail(job, "expected save_state to return HEARTH_OK, got %s",
                   validate__status(status));
  }
}

hearth_status validate__load(validate_job *job, hearth_plugin *plugin,
                             hearth_bytes state) {
  validate__source source;
  validate__source_init(&source, state);
  return job->entry->load_state(plugin, NULL, &source.base);
}

static void ask_metadata(validate_job *job, hearth_plugin *plugin,
                         const validate__scene *scene, hearth_buffer *out) {
  for (uint32_t i = 0; i < scene->models; i++) {
    char name[32];
    hearth_metadata_query query;
    hearth_buffer message = {0};
    hearth_buffer_init(&message, 0);
    hearth_message_init(&hearth_metadata_query_schema, &query);
    query.model = hearth_str_from(validate__model(i, name));
    query.now_ms = scene->now_ms;
    hearth_encode(&hearth_metadata_query_schema, &query, &message.sink);
    validate__tell(job, plugin, VALIDATE__QUERY, hearth_buffer_bytes(&message),
                   NULL, out);
    hearth_buffer_free(&message);
  }
}

static void ask_predict(validate_job *job, hearth_plugin *plugin,
                        const validate__scene *scene, hearth_buffer *out) {
  const hearth_predict *predict = validate__extension(
      job, plugin, HEARTH_EXT_PREDICT, sizeof *predict);
  hearth_context context;
  hearth_buffer message = {0};
  if (predict == NULL || predict->predict == NULL) {
    return;
  }
  hearth_buffer_init(&message, 0);
  hearth_message_init(&hearth_context_schema, &context);
  context.now_ms = scene->now_ms;
  context.reason = HEARTH_REASON_TICK;
  hearth_encode(&hearth_context_schema, &context, &message.sink);
  const hearth_status status = predict->predict(
      plugin, NULL, hearth_buffer_bytes(&message), &out->sink);
  append(job, out, &status, sizeof status);
  hearth_buffer_free(&message);
}

void validate__learned(validate_job *job, hearth_plugin *plugin,
                       const validate__scene *scene, hearth_buffer *out) {
  if ((job->entry->caps & HEARTH_CAP_STATE) && job->entry->save_state) {
    validate__save(job, plugin, out);
    return;
  }
  ask_metadata(job, plugin, scene, out);
  ask_predict(job, plugin, scene, out);
}
