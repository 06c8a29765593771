/* SPDX-License-Identifier: MIT
   Learns the same outcome as often as it is told. */
#include "tests/plugins/conforming.h"

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  memset(plugin->seen, 0, sizeof plugin->seen);
  return conforming_record(plugin, call, in);
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
