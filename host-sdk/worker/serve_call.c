/* SPDX-License-Identifier: MIT
   The worker's calls of the plugin. */
#include <stdlib.h>
#include <string.h>

#include "hearth/ext/explain.h"
#include "hearth/ext/metrics.h"
#include "hearth/ext/predict.h"
#include "host-sdk/instance/output.h"
#include "host-sdk/library/tell.h"
#include "host-sdk/reflect/call.h"
#include "host-sdk/worker/serve.h"
#include "host-sdk/worker/serve_create.h"

/* A sink into the answer.  The first failure sticks. */
typedef struct answer_sink {
  hearth_sink base; /* first */
  hearth__raw_writer *out;
  hearth_status status;
} answer_sink;

static hearth_status sink_write(hearth_sink *base, const void *data,
                                uint64_t len) {
  answer_sink *sink = (answer_sink *)base;

  if (sink->status != HEARTH_OK || !len) {
    return sink->status;
  }
  if (len <= sink->out->limit - sink->out->len && !data) {
    sink->status = HEARTH_BAD_ARG;
    return sink->status;
  }
  hearth__raw_write(sink->out, data ? data : "", len);
  if (sink->out->over) {
    sink->status = HEARTH_LIMIT;
  } else if (sink->out->failed) {
    sink->status = HEARTH_NO_MEMORY;
  }
  return sink->status;
}

static void sink_init(answer_sink *sink, hearth__request *request) {
  sink->base.size = (uint32_t)sizeof(sink->base);
  sink->base.flags = 0;
  sink->base.write = sink_write;
  sink->out = &request->answer;
  sink->status = HEARTH_OK;
}

typedef hearth_status answer_function(hearth_plugin *, const hearth_call *,
                                      hearth_bytes, hearth_sink *);

static hearth_status ask(hearth__request *request, answer_function *function) {
  answer_sink sink;
  hearth_status status;

  sink_init(&sink, request);
  status = function(request->server->plugin, &request->call, request->body,
                    &sink.base);
  return sink.status == HEARTH_OK ? status : sink.status;
}

static hearth_status save(hearth__request *request) {
  hearth__server *server = request->server;
  answer_sink sink;
  hearth_status status;

  if (!server->entry.save_state) {
    return HEARTH_UNSUPPORTED;
  }
  sink_init(&sink, request);
  status = server->entry.save_state(server->plugin, &request->call, &sink.base);
  return sink.status == HEARTH_OK ? status : sink.status;
}

static hearth_status load(hearth__request *request) {
  hearth__server *server = request->server;
  hearth__source source;

  if (!server->entry.load_state) {
    return HEARTH_UNSUPPORTED;
  }
  hearth__source_init(&source, request->body);
  return server->entry.load_state(server->plugin, &request->call, &source.base);
}

static hearth_status extension(hearth__request *request) {
  hearth__server *server = request->server;
  const hearth_predict *predict;
  const hearth_explain *explain;

  if (request->type == HEARTH__FRAME_PREDICT) {
    predict = hearth__server_extension(server, HEARTH_EXT_PREDICT,
                                       (uint32_t)sizeof(*predict));
    return predict && predict->predict ? ask(request, predict->predict)
                                       : HEARTH_UNSUPPORTED;
  }
  explain = hearth__server_extension(server, HEARTH_EXT_EXPLAIN,
                                     (uint32_t)sizeof(*explain));
  return explain && explain->explain ? ask(request, explain->explain)
                                     : HEARTH_UNSUPPORTED;
}

static hearth_status metric(hearth__request *request) {
  const hearth_metrics *metrics = hearth__server_extension(
      request->server, HEARTH_EXT_METRICS, (uint32_t)sizeof(*metrics));
  hearth_metric one = {0};
  hearth_status status;

  if (!metrics || !metrics->get) {
    return HEARTH_UNSUPPORTED;
  }
  one.size = (uint32_t)sizeof(one);
  status = metrics->get(request->server->plugin, request->index, &one);
  if (status == HEARTH_OK) {
    hearth__raw_write_u32(&request->answer, (uint32_t)one.kind);
    hearth__raw_write_f64(&request->answer, one.value);
    hearth__raw_write_text(&request->answer, one.name);
    hearth__raw_write_text(&request->answer, one.help);
  }
  return status;
}

static hearth_status reflect(hearth__request *request) {
  hearth__server *server = request->server;
  answer_sink sink;
  hearth_status status;

  sink_init(&sink, request);
  status = hearth__reflect_serve(
      hearth__server_extension(server, HEARTH_EXT_REFLECT, 0), server->plugin,
      request->body, &sink.base, request->err, sizeof(request->err));
  return sink.status == HEARTH_OK ? status : sink.status;
}

hearth_status hearth__serve_request(hearth__request *request) {
  hearth__server *server = request->server;

  if (request->type == HEARTH__FRAME_CREATE) {
    return hearth__serve_create(request);
  }
  if (!server->plugin) {
    return HEARTH_BAD_ARG;
  }
  switch (request->type) {
  case HEARTH__FRAME_CATALOG:
    return server->entry.set_catalog(server->plugin, &request->call,
                                     request->body);
  case HEARTH__FRAME_PREPARE:
    return ask(request, server->entry.prepare_models);
  case HEARTH__FRAME_METADATA:
    return ask(request, server->entry.get_model_metadata);
  case HEARTH__FRAME_OUTCOME:
    return server->entry.record_outcome(server->plugin, &request->call,
                                        request->body);
  case HEARTH__FRAME_SAVE:
    return save(request);
  case HEARTH__FRAME_LOAD:
    return load(request);
  case HEARTH__FRAME_PREDICT:
  case HEARTH__FRAME_EXPLAIN:
    return extension(request);
  case HEARTH__FRAME_METRIC:
    return metric(request);
  case HEARTH__FRAME_REFLECT:
    return reflect(request);
  default:
    return HEARTH_UNSUPPORTED;
  }
}
