/* SPDX-License-Identifier: MIT
   Logs two lines at once. */
#include "tests/plugins/conforming.h"

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  plugin->host->log(plugin->host, HEARTH_LOG_INFO, 0, "one\ntwo");
  return conforming_record(plugin, call, in);
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
