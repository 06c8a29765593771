/* SPDX-License-Identifier: MIT
   Learns from what it is asked. */
#include "tests/plugins/conforming.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  plugin->known[0].last_used_ms++;
  return conforming_prepare(plugin, call, in, out);
}

#undef PREPARE
#define PREPARE prepare

CONFORMING_PLUGIN;
