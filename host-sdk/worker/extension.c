/* SPDX-License-Identifier: MIT
   The extensions of a plugin in a worker. */
#include <stdlib.h>
#include <string.h>

#include "hearth/ext/explain.h"
#include "hearth/ext/metrics.h"
#include "hearth/ext/predict.h"
#include "host-sdk/reflect/caller.h"
#include "host-sdk/worker/proxy.h"

static hearth_status proxy_predict(hearth_plugin *plugin,
                                   const hearth_call *call,
                                   hearth_bytes context, hearth_sink *out) {
  return hearth__proxy_answer(plugin, HEARTH__FRAME_PREDICT, 0, call, context,
                              out);
}

static hearth_status proxy_explain(hearth_plugin *plugin,
                                   const hearth_call *call,
                                   hearth_bytes context, hearth_sink *out) {
  return hearth__proxy_answer(plugin, HEARTH__FRAME_EXPLAIN, 0, call, context,
                              out);
}

/* A call may change what was learned: a snapshot takes it along. */
static hearth_status proxy_reflect(hearth_plugin *plugin,
                                   const hearth_call *call,
                                   hearth_bytes request, hearth_sink *out) {
  hearth__keeper *keeper = plugin->keeper;
  hearth_status status = hearth__proxy_answer(plugin, HEARTH__FRAME_REFLECT, 1,
                                              call, request, out);

  if (status == HEARTH_OK) {
    pthread_mutex_lock(&keeper->lock);
    keeper->recall.asked = UINT32_MAX;
    pthread_cond_broadcast(&keeper->changed);
    pthread_mutex_unlock(&keeper->lock);
  }
  return status;
}

/* The text, kept as long as the library is; NULL where there are too many. */
static const char *name(hearth__worker_library *library,
                        hearth__raw_reader *in) {
  char *text = hearth__raw_read_text(in, HEARTH__TEXT_MOST);
  const char *found = NULL;

  pthread_mutex_lock(&library->lock);
  for (uint32_t i = 0; text && !found && i < library->name_count; ++i) {
    if (strcmp(library->names[i], text) == 0) {
      found = library->names[i];
    }
  }
  if (text && !found && library->name_count < HEARTH__NAMES_MOST) {
    found = library->names[library->name_count++] = text;
    text = NULL;
  }
  pthread_mutex_unlock(&library->lock);
  free(text);
  return found;
}

static hearth_status proxy_metric(hearth_plugin *plugin, uint32_t index,
                                  hearth_metric *out) {
  hearth__question question = {
      HEARTH__FRAME_METRIC, index, NULL, 0, {NULL, 0}, {NULL, 0}};
  hearth__reply reply;
  hearth__raw_reader in;
  hearth_metric metric = {0};

  if (!hearth__keeper_ask(plugin->keeper, &question, &reply, NULL, 0)) {
    return reply.status;
  }
  if (reply.status == HEARTH_OK) {
    in.rest = reply.body;
    in.bad = in.no_memory = 0;
    metric.size = (uint32_t)sizeof(metric);
    metric.kind = (int32_t)hearth__raw_read_u32(&in);
    metric.value = hearth__raw_read_f64(&in);
    metric.name = name(plugin->library, &in);
    metric.help = name(plugin->library, &in);
    if (in.bad || in.rest.len || !metric.name) {
      reply.status = in.no_memory ? HEARTH_NO_MEMORY : HEARTH_INTERNAL;
    } else {
      memcpy(out, &metric,
             out->size < sizeof(metric) ? out->size : sizeof(metric));
    }
  }
  hearth__keeper_done(plugin->keeper);
  return reply.status;
}

const void *hearth__proxy_extension(hearth_plugin *plugin, const char *id) {
  static const hearth_metrics metrics = {sizeof(metrics), 0, proxy_metric};
  static const hearth_predict predict = {sizeof(predict), 0, proxy_predict};
  static const hearth_explain explain = {sizeof(explain), 0, proxy_explain};
  static const hearth__reflect_caller caller = {sizeof(caller), 0,
                                                proxy_reflect};
  const struct {
    const char *id;
    uint32_t bit;
    const void *extension;
  } table[] = {
      {HEARTH_EXT_METRICS, HEARTH__HAS_METRICS, &metrics},
      {HEARTH_EXT_PREDICT, HEARTH__HAS_PREDICT, &predict},
      {HEARTH_EXT_EXPLAIN, HEARTH__HAS_EXPLAIN, &explain},
      {HEARTH_EXT_REFLECT, HEARTH__HAS_REFLECT, &plugin->reflect},
      {HEARTH__EXT_REFLECT_CALLER, HEARTH__HAS_REFLECT, &caller},
  };

  for (size_t i = 0; id && i < sizeof(table) / sizeof(*table); ++i) {
    if ((plugin->has & table[i].bit) && strcmp(id, table[i].id) == 0) {
      return table[i].extension;
    }
  }
  return NULL;
}
