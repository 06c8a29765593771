/* SPDX-License-Identifier: MIT
   Behaves: echoes, counts outcomes, keeps state, has an extension. */
#define STUB_CAPS (HEARTH_CAP_STATE | HEARTH_CAP_DETERMINISTIC)
#define STUB_SAVE save
#define STUB_LOAD load
#define STUB_EXTENSION extension

#include "hearth/ext/metrics.h"
#include "hearth/plugin.h"

static hearth_status save(hearth_plugin *plugin, const hearth_call *call,
                          hearth_sink *out);
static hearth_status load(hearth_plugin *plugin, const hearth_call *call,
                          hearth_source *in);
static const void *extension(hearth_plugin *plugin, const char *id);

#include "tests/plugins/stub.h"

static hearth_status save(hearth_plugin *plugin, const hearth_call *call,
                          hearth_sink *out) {
  (void)call;
  return out->write(out, &plugin->outcomes, sizeof(plugin->outcomes));
}

static hearth_status load(hearth_plugin *plugin, const hearth_call *call,
                          hearth_source *in) {
  uint64_t outcomes, got = 0;
  hearth_status status = in->read(in, &outcomes, sizeof(outcomes), &got);

  (void)call;
  if (status == HEARTH_OK && got != sizeof(outcomes)) {
    status = HEARTH_BAD_PAYLOAD;
  }
  if (status == HEARTH_OK) {
    plugin->outcomes = outcomes;
  }
  return status;
}

static hearth_status metric(hearth_plugin *plugin, uint32_t index,
                            hearth_metric *out) {
  if (index) {
    return HEARTH_NO_OPINION;
  }
  out->kind = HEARTH_METRIC_COUNTER;
  out->name = "outcomes_total";
  out->help = "Outcomes recorded.";
  out->value = (double)plugin->outcomes;
  return HEARTH_OK;
}

static const hearth_metrics metrics = {sizeof(metrics), 0, metric};

static const void *extension(hearth_plugin *plugin, const char *id) {
  (void)plugin;
  return strcmp(id, HEARTH_EXT_METRICS) == 0 ? &metrics : NULL;
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
