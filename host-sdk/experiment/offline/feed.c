/* SPDX-License-Identifier: MIT
   A trace told to an experiment as a host would tell it. */
#include "host-sdk/experiment/offline/feed.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/sdk/wire/encode.h"

enum { PROGRESS_EVERY = 1024 };

/* Names have no end mark: they are copied, behind the models. */
static const char *copy(char **at, hearth_str text) {
  char *const begin = *at;
  if (text.len == 0) {
    return NULL;
  }
  memcpy(begin, text.data, text.len);
  begin[text.len] = '\0';
  *at += text.len + 1;
  return begin;
}

hearth_model *hearth__feed_models(const hearth_models *models) {
  size_t room = ((size_t)models->count + 1) * sizeof(hearth_model);
  const size_t texts = room;
  for (uint32_t m = 0; m < models->count; m++) {
    room += models->items[m].model.len + models->items[m].group.len +
            models->items[m].hardware.len + 3;
  }
  hearth_model *out = malloc(room);
  char *at = (char *)out + texts;
  for (uint32_t m = 0; out != NULL && m < models->count; m++) {
    const hearth_catalog_model *item = &models->items[m];
    out[m].name = copy(&at, item->model);
    out[m].memory_mb = item->memory_mb;
    out[m].load_ms = item->load_ms;
    out[m].pinned = item->pinned;
    out[m].group = copy(&at, item->group);
    out[m].hardware = copy(&at, item->hardware);
  }
  return out;
}

static void fill(const hearth_trace *trace, uint32_t i, int64_t *session_start,
                 const char *id, hearth_context *context) {
  const uint32_t session = trace->id[HEARTH_TRACE_SESSION][i];
  hearth_message_init(&hearth_context_schema, context);
  context->request_id = hearth_str_from(id);
  context->now_ms = trace->ts_ms[i];
  context->reason = HEARTH_REASON_REQUEST;
  context->task = hearth_trace_name(trace, HEARTH_TRACE_TASK, i);
  context->input_length = trace->input_len[i];
  context->complexity = trace->complexity[i];
  context->priority = trace->priority[i];
  context->preferred_hardware =
      hearth_trace_name(trace, HEARTH_TRACE_HARDWARE, i);
  context->user.id = hearth_trace_name(trace, HEARTH_TRACE_USER, i);
  context->user.session_id = hearth_trace_name(trace, HEARTH_TRACE_SESSION, i);
  context->project.id = hearth_trace_name(trace, HEARTH_TRACE_PROJECT, i);
  context->project.language =
      hearth_trace_name(trace, HEARTH_TRACE_LANGUAGE, i);
  if (session != HEARTH_NO_NAME) {
    if (session_start[session] < 0) {
      session_start[session] = trace->ts_ms[i];
    }
    context->user.session_ms = trace->ts_ms[i] - session_start[session];
  }
}

static hearth_status tell(hearth_experiment *x, const hearth_trace *trace,
                          const char *model, uint32_t i, int64_t *session_start,
                          hearth_buffer *message) {
  char id[24];
  hearth_context context;
  snprintf(id, sizeof id, "%" PRIu32, i);
  fill(trace, i, session_start, id, &context);
  message->len = 0;
  hearth_status status =
      hearth_encode(&hearth_context_schema, &context, &message->sink);
  if (status == HEARTH_OK) {
    status = hearth_experiment_request(x, hearth_buffer_bytes(message));
  }
  if (status == HEARTH_OK) {
    status = hearth_experiment_settled(x, id, model);
  }
  if (status == HEARTH_OK) {
    const int64_t given = trace->duration_ms[i];
    status = hearth_experiment_finished(x, id, given < 0 ? 0 : given);
  }
  hearth_experiment_flush(x, 0);
  return status;
}

hearth_status hearth__feed(hearth_experiment *x, const hearth_trace *trace,
                           const hearth_models *models,
                           void (*progress)(void *user, uint64_t done,
                                            uint64_t total),
                           void *user) {
  const uint32_t sessions = hearth_trace_count(trace, HEARTH_TRACE_SESSION);
  int64_t *start = malloc(((size_t)sessions + 1) * sizeof *start);
  hearth_model *names = hearth__feed_models(models);
  hearth_buffer message = {0};
  hearth_status status =
      start == NULL || names == NULL ? HEARTH_NO_MEMORY : HEARTH_OK;
  hearth_buffer_init(&message, 0);
  for (uint32_t s = 0; start != NULL && s < sessions; s++) {
    start[s] = -1;
  }
  for (uint32_t i = 0; status == HEARTH_OK && i < trace->count; i++) {
    status = tell(x, trace, names[trace->id[HEARTH_TRACE_MODEL][i]].name, i,
                  start, &message);
    if (progress != NULL && i % PROGRESS_EVERY == 0) {
      progress(user, i, trace->count);
    }
  }
  hearth_buffer_free(&message);
  free(names);
  free(start);
  return status;
}
