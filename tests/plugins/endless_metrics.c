/* SPDX-License-Identifier: MIT
   Its metrics have no end. */
#include "tests/plugins/conforming.h"

static hearth_status metric(hearth_plugin *plugin, uint32_t index,
                            hearth_metric *out) {
  (void)plugin;
  out->kind = HEARTH_METRIC_GAUGE;
  out->name = "again";
  out->help = "The same again.";
  out->value = index;
  return HEARTH_OK;
}

static const hearth_metrics endless = {sizeof endless, 0, metric};

static const void *extension(hearth_plugin *plugin, const char *id) {
  (void)plugin;
  return strcmp(id, HEARTH_EXT_METRICS) == 0 ? &endless : NULL;
}

#undef EXTENSION
#define EXTENSION extension

CONFORMING_PLUGIN;
