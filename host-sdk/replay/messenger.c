/* SPDX-License-Identifier: MIT
   A replay's talk with one plugin: requests to contexts, answers to plans. */
#include "host-sdk/replay/messenger_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "plugin/sdk/wire/decode.h"

hearth_status hearth__messenger_blame(hearth_messenger *m, hearth_status status,
                            const char *what) {
  char why[400];
  snprintf(why, sizeof why, "%.399s",
           m->err[0] != '\0' ? m->err : hearth_status_text(status));
  snprintf(m->err, sizeof m->err, "%.80s: %s", what, why);
  return HEARTH_UNAVAILABLE;
}

hearth_status hearth__write(hearth_messenger *m, const hearth_schema *schema,
                            const void *message) {
  m->message.len = 0;
  m->err[0] = '\0';
  const hearth_status status = hearth_encode(schema, message, &m->message.sink);
  if (status != HEARTH_OK) {
    snprintf(m->err, sizeof m->err, "can't write %s", schema->name);
  }
  return status;
}

static hearth_status send_catalog(hearth_messenger *m) {
  const hearth_models *models = m->options.models;
  const hearth_catalog catalog = {
      .models = {models->items, models->count, models->count}};
  hearth_status status = hearth__write(m, &hearth_catalog_schema, &catalog);
  if (status != HEARTH_OK) {
    return status;
  }
  hearth_call call = {
      .size = sizeof call, .err = m->err, .err_cap = sizeof m->err};
  status = hearth_instance_set_catalog(m->instance, &call,
                                       hearth_buffer_bytes(&m->message));
  return status == HEARTH_OK ? status : hearth__messenger_blame(m, status, "set_catalog");
}

static hearth_status create(hearth_messenger *m, hearth_library *library) {
  const hearth_host_options host_options = {
      .extension = hearth_uses_extension,
      .user = (void *)(uintptr_t)m->options.uses};
  hearth_status status = hearth_host_new(&host_options, &m->host);
  if (status == HEARTH_OK) {
    status = hearth__write(m, &hearth_config_schema, m->options.config);
  }
  if (status != HEARTH_OK) {
    return status;
  }
  const hearth_instance_options instance_options = {
      .host = m->host, .config = hearth_buffer_bytes(&m->message)};
  status = hearth_instance_create(library, &instance_options, &m->instance,
                                  m->err, sizeof m->err);
  return status == HEARTH_OK ? send_catalog(m)
                             : hearth__messenger_blame(m, status, "create");
}

static hearth_status make_room(hearth_messenger *m) {
  const uint32_t sessions =
      hearth_trace_count(m->options.trace, HEARTH_TRACE_SESSION);
  m->cap = m->options.models->count + 1;
  m->decoded = calloc(m->cap, sizeof *m->decoded);
  m->plan.lines = calloc(m->cap, sizeof *m->plan.lines);
  m->plan.entries = calloc(m->cap, sizeof *m->plan.entries);
  m->session_start = calloc((size_t)sessions + 1, sizeof(int64_t));
  if (m->decoded == NULL || m->plan.lines == NULL || m->plan.entries == NULL ||
      m->session_start == NULL) {
    return HEARTH_NO_MEMORY;
  }
  for (uint32_t s = 0; s < sessions; s++) {
    m->session_start[s] = -1;
  }
  return HEARTH_OK;
}

hearth_status hearth_messenger_new(hearth_library *library,
                                   const hearth_messenger_options *options,
                                   hearth_messenger **out, char *err,
                                   uint64_t err_cap) {
  hearth_messenger *m = calloc(1, sizeof *m);
  if (m == NULL) {
    return HEARTH_NO_MEMORY;
  }
  m->options = *options;
  hearth_buffer_init(&m->message, 0);
  hearth_status status = make_room(m);
  if (status == HEARTH_OK) {
    status = create(m, library);
  }
  if (status != HEARTH_OK) {
    if (err != NULL && err_cap > 0) {
      snprintf(err, err_cap, "%s", m->err);
    }
    hearth_messenger_free(m);
    return status;
  }
  m->predicts = hearth_instance_get_extension(m->instance, HEARTH_EXT_PREDICT,
                                              sizeof(hearth_predict)) != NULL;
  *out = m;
  return HEARTH_OK;
}

void hearth_messenger_free(hearth_messenger *m) {
  if (m == NULL) {
    return;
  }
  hearth_instance_destroy(m->instance);
  hearth_host_free(m->host);
  hearth_buffer_free(&m->message);
  hearth_output_free(&m->answer);
  hearth_stopwatch_free(&m->prepare);
  hearth_stopwatch_free(&m->record);
  free(m->decoded);
  free(m->reasons);
  free(m->plan.lines);
  free(m->plan.entries);
  free(m->session_start);
  free(m);
}

void hearth__messenger_user(hearth_messenger *m, uint32_t i, hearth_user *user,
                            hearth_project *project) {
  const hearth_trace *trace = m->options.trace;
  user->id = hearth_trace_name(trace, HEARTH_TRACE_USER, i);
  user->session_id = hearth_trace_name(trace, HEARTH_TRACE_SESSION, i);
  const uint32_t session = trace->id[HEARTH_TRACE_SESSION][i];
  if (session != HEARTH_NO_NAME) {
    if (m->session_start[session] < 0) {
      m->session_start[session] = trace->ts_ms[i];
    }
    user->session_ms = trace->ts_ms[i] - m->session_start[session];
  }
  project->id = hearth_trace_name(trace, HEARTH_TRACE_PROJECT, i);
  project->language = hearth_trace_name(trace, HEARTH_TRACE_LANGUAGE, i);
}

hearth_str hearth__messenger_request_id(hearth_messenger *m, uint64_t i) {
  const int len = snprintf(m->request_id, sizeof m->request_id, "%" PRIu64, i);
  return (hearth_str){m->request_id, (uint64_t)len};
}

static void fill_terms(const hearth_messenger *m, hearth_pool_info *pool) {
  const hearth_setting *setting = m->options.setting;
  pool->id = hearth_str_from("replay");
  pool->budget_mb = setting->budget_mb;
  pool->load_lanes =
      setting->load_lanes == 0 ? -1 : (int64_t)setting->load_lanes;
  pool->idle_price = setting->idle_price;
}

hearth_pool_terms hearth__messenger_terms(const hearth_messenger *m) {
  hearth_pool_info pool = {0};
  fill_terms(m, &pool);
  return hearth_pool_terms_of(&pool);
}

void hearth__messenger_pool(hearth_messenger *m, int64_t used_kb,
                            hearth_context *context) {
  fill_terms(m, &context->pool);
  context->pool.used_mb = (double)used_kb / 1024.0;
  context->pool.resync = !m->introduced;
  context->max_models = m->options.models->count;
  m->introduced = 1;
}

void hearth__messenger_request(hearth_messenger *m, uint32_t i,
                               hearth_context *context) {
  const hearth_trace *trace = m->options.trace;
  context->request_id = hearth__messenger_request_id(m, i);
  context->now_ms = trace->ts_ms[i];
  context->task = hearth_trace_name(trace, HEARTH_TRACE_TASK, i);
  context->input_length = trace->input_len[i];
  context->complexity = trace->complexity[i];
  context->priority = trace->priority[i];
  context->preferred_hardware =
      hearth_trace_name(trace, HEARTH_TRACE_HARDWARE, i);
  hearth__messenger_user(m, i, &context->user, &context->project);
}

/* Number the answer's models.  One that is not in the catalog, or more lines
   than there are models, is the plugin's failure. */
hearth_status hearth__number_models(hearth_messenger *m,
                                    const hearth_model_set *set) {
  if (set->models.count > m->cap) {
    snprintf(m->err, sizeof m->err, "a plan of %" PRIu32 " models of %" PRIu32,
             set->models.count, m->cap - 1);
    return HEARTH_BAD_PAYLOAD;
  }
  for (uint32_t k = 0; k < set->models.count; k++) {
    const hearth_plan_model *from = &m->decoded[k];
    const uint32_t id =
        hearth_names_find(m->options.models->names, from->model);
    if (id == HEARTH_NO_NAME) {
      snprintf(m->err, sizeof m->err, "a plan names '%.*s', not in the catalog",
               (int)(from->model.len < 100 ? from->model.len : 100),
               from->model.data);
      return HEARTH_BAD_PAYLOAD;
    }
    m->plan.entries[k] = (hearth_plan_entry){.model = id,
                                             .action = from->action,
                                             .start_at_ms = from->start_at_ms,
                                             .warm_by_ms = from->warm_by_ms,
                                             .keep_for_ms = from->keep_for_ms};
    m->plan.lines[k] = (hearth_plan_line){.entry = m->plan.entries[k],
                                          .confidence = from->confidence,
                                          .p_next = from->p_next};
    for (int h = 0; h < HEARTH_HORIZONS; h++) {
      m->plan.lines[k].p_within[h] = from->p_within.p[h];
    }
  }
  m->plan.count = set->models.count;
  m->plan.opinion = 1;
  m->plan.review_at_ms = set->review_at_ms;
  return HEARTH_OK;
}

static hearth_status read_plan(hearth_messenger *m, hearth_status called,
                               const char *what, const hearth_plan **plan) {
  *plan = &m->plan;
  m->plan.count = 0;
  m->plan.opinion = 0;
  m->plan.review_at_ms = -1;
  if (called == HEARTH_NO_OPINION) {
    return HEARTH_OK;
  }
  if (called != HEARTH_OK) {
    return hearth__messenger_blame(m, called, what);
  }
  hearth_model_set set;
  hearth_message_init(&hearth_model_set_schema, &set);
  set.models = (hearth_list){m->decoded, m->cap, 0};
  const hearth_bytes bytes = {m->answer.data, m->answer.len};
  hearth_status status = hearth_decode(&hearth_model_set_schema, bytes, &set,
                                       m->err, sizeof m->err);
  status = status == HEARTH_OK ? hearth__number_models(m, &set) : status;
  return status == HEARTH_OK ? status : hearth__messenger_blame(m, status, what);
}

static hearth_status ask(hearth_messenger *m, const hearth_context *context,
                         const hearth_plan **plan) {
  static const char *const names[] = {"prepare_models (request)",
                                      "prepare_models (settled)",
                                      "prepare_models (tick)"};
  hearth_status status = hearth__write(m, &hearth_context_schema, context);
  if (status != HEARTH_OK) {
    return status;
  }
  hearth_call call = {
      .size = sizeof call, .err = m->err, .err_cap = sizeof m->err};
  const uint64_t begin = m->options.timing ? hearth_monotonic_ns() : 0;
  status = hearth_instance_prepare_models(
      m->instance, &call, hearth_buffer_bytes(&m->message), &m->answer);
  if (m->options.timing) {
    hearth_stopwatch_lap(&m->prepare, hearth_monotonic_ns() - begin);
  }
  return read_plan(m, status, names[context->reason], plan);
}

hearth_status hearth_messenger_ask(hearth_messenger *m, int32_t reason,
                                   uint32_t i, int64_t used_kb,
                                   const hearth_plan **plan) {
  hearth_context context;
  hearth_message_init(&hearth_context_schema, &context);
  context.reason = reason;
  hearth__messenger_request(m, i, &context);
  hearth__messenger_pool(m, used_kb, &context);
  return ask(m, &context, plan);
}

hearth_status hearth_messenger_review(hearth_messenger *m, int64_t now,
                                      int64_t used_kb,
                                      const hearth_plan **plan) {
  hearth_context context;
  hearth_message_init(&hearth_context_schema, &context);
  context.reason = HEARTH_REASON_TICK;
  context.now_ms = now;
  hearth__messenger_pool(m, used_kb, &context);
  return ask(m, &context, plan);
}

int hearth_messenger_predicts(const hearth_messenger *m) {
  return m->predicts;
}

hearth_status hearth_messenger_predict(hearth_messenger *m, int64_t now,
                                       const hearth_plan **plan) {
  hearth_context context;
  hearth_message_init(&hearth_context_schema, &context);
  context.reason = HEARTH_REASON_TICK;
  context.now_ms = now;
  context.max_models = m->options.models->count;
  hearth_status status = hearth__write(m, &hearth_context_schema, &context);
  if (status != HEARTH_OK) {
    return status;
  }
  hearth_call call = {
      .size = sizeof call, .err = m->err, .err_cap = sizeof m->err};
  status = hearth_instance_predict(
      m->instance, &call, hearth_buffer_bytes(&m->message), &m->answer);
  return read_plan(m, status, "predict", plan);
}

const char *hearth_messenger_error(const hearth_messenger *m) {
  return m->err;
}

uint64_t hearth_messenger_plugin_bytes(const hearth_messenger *m) {
  return hearth_host_memory_used(m->host);
}

void hearth_messenger_times(hearth_messenger *m, hearth_call_times *prepare,
                            hearth_call_times *record) {
  *prepare = hearth_stopwatch_times(&m->prepare);
  *record = hearth_stopwatch_times(&m->record);
}
