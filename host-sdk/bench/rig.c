/* SPDX-License-Identifier: MIT
   A plugin under a benchmark: its calls through the whole boundary, timed. */
#include "host-sdk/bench/rig.h"

#include <stdio.h>
#include <string.h>

#include "plugin/sdk/wire/decode.h"

void hearth_rig_init(hearth_rig *rig, hearth_instance *instance) {
  memset(rig, 0, sizeof *rig);
  rig->instance = instance;
  hearth_buffer_init(&rig->message, 0);
}

void hearth_rig_free(hearth_rig *rig) {
  hearth_stopwatch_free(&rig->prepare);
  hearth_stopwatch_free(&rig->guess);
  hearth_stopwatch_free(&rig->plan);
  hearth_stopwatch_free(&rig->outcome);
  hearth_stopwatch_free(&rig->metadata);
  hearth_buffer_free(&rig->message);
  hearth_output_free(&rig->out);
}

static void lap(hearth_rig *rig, hearth_stopwatch *watch, uint64_t began_ns) {
  if (rig->timed) {
    hearth_stopwatch_lap(watch, hearth_monotonic_ns() - began_ns);
  }
}

static hearth_status write_message(hearth_rig *rig, const hearth_schema *schema,
                                   const void *message) {
  rig->message.len = 0;
  return hearth_encode(schema, message, &rig->message.sink);
}

static hearth_status fail(hearth_rig *rig, hearth_status status,
                          const char *function) {
  char said[sizeof rig->err - 32];
  snprintf(said, sizeof said, "%.470s",
           rig->err[0] != '\0' ? rig->err : hearth_status_text(status));
  snprintf(rig->err, sizeof rig->err, "%s: %s", function, said);
  return status;
}

hearth_status hearth_rig_prepare(hearth_rig *rig, const hearth_scene *scene,
                                 const hearth_bench_request *request,
                                 int32_t reason) {
  hearth_context context;
  hearth_model_set set;
  hearth_call call = {
      .size = sizeof call, .err = rig->err, .err_cap = sizeof rig->err};
  rig->err[0] = '\0';
  hearth_scene_context(scene, request, reason, &context);
  const uint64_t began = hearth_monotonic_ns();
  hearth_status status = write_message(rig, &hearth_context_schema, &context);
  if (status == HEARTH_OK) {
    status = hearth_instance_prepare_models(
        rig->instance, &call, hearth_buffer_bytes(&rig->message), &rig->out);
  }
  if (status == HEARTH_OK) {
    hearth_message_init(&hearth_model_set_schema, &set);
    set.models = (hearth_list){rig->lines, HEARTH_BENCH_LINES, 0};
    status = hearth_decode(&hearth_model_set_schema,
                           (hearth_bytes){rig->out.data, rig->out.len}, &set,
                           rig->err, sizeof rig->err);
  }
  lap(rig, &rig->prepare, began);
  lap(rig, reason == HEARTH_REASON_REQUEST ? &rig->guess : &rig->plan, began);
  rig->answers++;
  rig->answer_bytes += rig->out.len;
  return status < 0 ? fail(rig, status, "prepare_models") : HEARTH_OK;
}

hearth_status hearth_rig_tell(hearth_rig *rig, const hearth_scene *scene,
                              const hearth_bench_request *request,
                              int32_t phase) {
  hearth_outcome outcome;
  hearth_call call = {
      .size = sizeof call, .err = rig->err, .err_cap = sizeof rig->err};
  rig->err[0] = '\0';
  hearth_scene_outcome(scene, request, phase, &outcome);
  const uint64_t began = hearth_monotonic_ns();
  hearth_status status = write_message(rig, &hearth_outcome_schema, &outcome);
  if (status == HEARTH_OK) {
    status = hearth_instance_record_outcome(rig->instance, &call,
                                            hearth_buffer_bytes(&rig->message));
  }
  lap(rig, &rig->outcome, began);
  return status < 0 ? fail(rig, status, "record_outcome") : HEARTH_OK;
}

hearth_status hearth_rig_ask(hearth_rig *rig, const hearth_scene *scene,
                             const hearth_bench_request *request) {
  hearth_metadata_query query;
  hearth_metadata metadata;
  hearth_call call = {
      .size = sizeof call, .err = rig->err, .err_cap = sizeof rig->err};
  rig->err[0] = '\0';
  hearth_message_init(&hearth_metadata_query_schema, &query);
  hearth_message_init(&hearth_metadata_schema, &metadata);
  query.model = hearth_str_from(scene->names[request->model]);
  query.now_ms = request->at_ms;
  const uint64_t began = hearth_monotonic_ns();
  hearth_status status =
      write_message(rig, &hearth_metadata_query_schema, &query);
  if (status == HEARTH_OK) {
    status = hearth_instance_get_model_metadata(
        rig->instance, &call, hearth_buffer_bytes(&rig->message), &rig->out);
  }
  if (status == HEARTH_OK) {
    status = hearth_decode(&hearth_metadata_schema,
                           (hearth_bytes){rig->out.data, rig->out.len},
                           &metadata, rig->err, sizeof rig->err);
  }
  lap(rig, &rig->metadata, began);
  return status < 0 ? fail(rig, status, "get_model_metadata") : HEARTH_OK;
}

hearth_status hearth_rig_request(hearth_rig *rig, const hearth_scene *scene,
                                 const hearth_bench_request *request) {
  hearth_status status =
      hearth_rig_prepare(rig, scene, request, HEARTH_REASON_REQUEST);
  if (status == HEARTH_OK) {
    status = hearth_rig_tell(rig, scene, request, HEARTH_PHASE_STARTED);
  }
  if (status == HEARTH_OK && request->evicted != HEARTH_BENCH_NONE) {
    status = hearth_rig_tell(rig, scene, request, HEARTH_PHASE_EVICTED);
  }
  if (status == HEARTH_OK && request->cold) {
    status = hearth_rig_tell(rig, scene, request, HEARTH_PHASE_LOADED);
  }
  if (status == HEARTH_OK) {
    status = hearth_rig_prepare(rig, scene, request, HEARTH_REASON_SETTLED);
  }
  if (status == HEARTH_OK) {
    status = hearth_rig_tell(rig, scene, request, HEARTH_PHASE_FINISHED);
  }
  if (status == HEARTH_OK && rig->requests++ % 16 == 0) {
    status = hearth_rig_ask(rig, scene, request);
  }
  return status;
}

hearth_status hearth_rig_teach(hearth_rig *rig, const hearth_scene *scene,
                               const hearth_bench_request *request) {
  const int timed = rig->timed;
  rig->timed = 0;
  const hearth_status status =
      hearth_rig_tell(rig, scene, request, HEARTH_PHASE_STARTED);
  rig->timed = timed;
  return status;
}
