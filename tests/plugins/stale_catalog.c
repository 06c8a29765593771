/* SPDX-License-Identifier: MIT
   Never forgets a candidate. */
#include "tests/plugins/conforming.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  for (uint32_t i = 0; i < hearth_names_count(plugin->names); i++) {
    plugin->known[i].candidate = 1;
  }
  return conforming_prepare(plugin, call, in, out);
}

#undef PREPARE
#define PREPARE prepare

CONFORMING_PLUGIN;
