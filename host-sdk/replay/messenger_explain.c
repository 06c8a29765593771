/* SPDX-License-Identifier: MIT
   A replay's question to hearth.explain/1. */
#include <stdlib.h>
#include <string.h>

#include "host-sdk/replay/messenger_state.h"
#include "plugin/sdk/wire/decode.h"

uint32_t hearth_messenger_model(const hearth_messenger *m, hearth_str name) {
  return hearth_names_find(m->options.models->names, name);
}

static hearth_status ask(hearth_messenger *m, const hearth_context *context) {
  hearth_status status = hearth__write(m, &hearth_context_schema, context);
  if (status != HEARTH_OK) {
    return status;
  }
  hearth_call call = {
      .size = sizeof call, .err = m->err, .err_cap = sizeof m->err};
  status = hearth_instance_explain(
      m->instance, &call, hearth_buffer_bytes(&m->message), &m->answer);
  return status == HEARTH_OK || status == HEARTH_UNSUPPORTED
             ? status
             : hearth__messenger_blame(m, status, "explain");
}

static hearth_status make_room(hearth_messenger *m) {
  if (m->reasons == NULL) {
    m->reasons =
        calloc((size_t)m->cap * HEARTH_MAX_REASONS, sizeof *m->reasons);
  }
  if (m->reasons == NULL) {
    return HEARTH_NO_MEMORY;
  }
  for (uint32_t k = 0; k < m->cap; k++) {
    m->decoded[k].reasons = (hearth_list){
        &m->reasons[(size_t)k * HEARTH_MAX_REASONS], HEARTH_MAX_REASONS, 0};
  }
  return HEARTH_OK;
}

/* Decode the answer out of a copy of it, which outlives the next question. */
static hearth_status decode(hearth_messenger *m, void **text, uint32_t *count) {
  uint8_t *copy = malloc((size_t)m->answer.len + 1);
  if (copy == NULL) {
    return HEARTH_NO_MEMORY;
  }
  memcpy(copy, m->answer.data, (size_t)m->answer.len);
  hearth_model_set set;
  hearth_message_init(&hearth_model_set_schema, &set);
  set.models = (hearth_list){m->decoded, m->cap, 0};
  const hearth_bytes bytes = {copy, m->answer.len};
  hearth_status status = hearth_decode(&hearth_model_set_schema, bytes, &set,
                                       m->err, sizeof m->err);
  if (status == HEARTH_OK) {
    status = hearth__number_models(m, &set);
  }
  if (status != HEARTH_OK) {
    free(copy);
    return hearth__messenger_blame(m, status, "explain");
  }
  *text = copy;
  *count = set.models.count;
  return HEARTH_OK;
}

hearth_status hearth_messenger_explain(hearth_messenger *m, int64_t now,
                                       int64_t request, int64_t used_kb,
                                       void **text,
                                       const hearth_plan_model **models,
                                       uint32_t *count) {
  hearth_context context;
  hearth_message_init(&hearth_context_schema, &context);
  context.reason = HEARTH_REASON_TICK;
  context.now_ms = now;
  if (request >= 0) {
    context.reason = HEARTH_REASON_REQUEST;
    hearth__messenger_request(m, (uint32_t)request, &context);
  }
  hearth__messenger_pool(m, used_kb, &context);
  context.want_reasons = 1;
  hearth_status status = ask(m, &context);
  if (status == HEARTH_OK) {
    status = make_room(m);
  }
  if (status == HEARTH_OK) {
    status = decode(m, text, count);
  }
  *models = m->decoded;
  return status;
}
