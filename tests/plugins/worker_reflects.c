/* SPDX-License-Identifier: MIT
   Reflects functions that count, crash and hang, and has each extension. */
#include "hearth/ext/explain.h"
#include "hearth/ext/metrics.h"
#include "hearth/ext/predict.h"
#include "hearth/ext/reflect.h"
#include "hearth/plugin.h"

static const void *extension(hearth_plugin *plugin, const char *id);
static hearth_status save(hearth_plugin *plugin, const hearth_call *call,
                          hearth_sink *out);
static hearth_status load(hearth_plugin *plugin, const hearth_call *call,
                          hearth_source *in);

#define STUB_CAPS HEARTH_CAP_STATE
#define STUB_EXTENSION extension
#define STUB_SAVE save
#define STUB_LOAD load

#include "tests/plugins/stub.h"

static volatile uintptr_t nowhere = 8; /* volatile: no compiler sees it */

static hearth_status save(hearth_plugin *plugin, const hearth_call *call,
                          hearth_sink *out) {
  (void)call;
  return out->write(out, &plugin->outcomes, sizeof(plugin->outcomes));
}

static hearth_status load(hearth_plugin *plugin, const hearth_call *call,
                          hearth_source *in) {
  uint64_t outcomes = 0, got = 0;
  hearth_status status = in->read(in, &outcomes, sizeof(outcomes), &got);

  (void)call;
  if (status == HEARTH_OK && got == sizeof(outcomes)) {
    plugin->outcomes = outcomes;
  }
  return status == HEARTH_OK && got != sizeof(outcomes) ? HEARTH_BAD_PAYLOAD
                                                        : status;
}

static uint64_t add(hearth_plugin *plugin, uint64_t outcomes) {
  plugin->outcomes += outcomes;
  return plugin->outcomes;
}

static void crash(hearth_plugin *plugin) {
  (void)plugin;
  *(volatile int *)nowhere = 1;
}

static hearth_status refuse(hearth_plugin *plugin) {
  (void)plugin;
  return HEARTH_CRASHED; /* which a plugin can't say */
}

static void hang(hearth_plugin *plugin) {
  volatile uint64_t *outcomes = &plugin->outcomes;

  for (;;) {
    ++*outcomes;
  }
}

static hearth_status metric(hearth_plugin *plugin, uint32_t index,
                            hearth_metric *out) {
  if (index) {
    return HEARTH_NO_OPINION;
  }
  out->kind = HEARTH_METRIC_COUNTER;
  out->name = "outcomes";
  out->help = "Outcomes that it was told.";
  out->value = (double)plugin->outcomes;
  return HEARTH_OK;
}

static const void *extension(hearth_plugin *plugin, const char *id) {
  static const hearth_function functions[] = {
      {sizeof(hearth_function), 0, "add", "u(pu)", "Adds outcomes.",
       (void (*)(void))add},
      {sizeof(hearth_function), 0, "crash", "v(p)", "Crashes.",
       (void (*)(void))crash},
      {sizeof(hearth_function), 0, "refuse", "h(p)", NULL,
       (void (*)(void))refuse},
      {sizeof(hearth_function), 0, "hang", "v(p)", "Does not end.",
       (void (*)(void))hang}};
  static const hearth_reflect reflect = {sizeof(reflect), 4, functions};
  static const hearth_metrics metrics = {sizeof(metrics), 0, metric};
  static const hearth_explain explain = {sizeof(explain), 0, stub_prepare};
  static const hearth_predict predict = {sizeof(predict), 0, stub_prepare};

  (void)plugin;
  if (strcmp(id, HEARTH_EXT_METRICS) == 0) {
    return &metrics;
  }
  if (strcmp(id, HEARTH_EXT_EXPLAIN) == 0) {
    return &explain;
  }
  if (strcmp(id, HEARTH_EXT_PREDICT) == 0) {
    return &predict;
  }
  return strcmp(id, HEARTH_EXT_REFLECT) == 0 ? &reflect : NULL;
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
