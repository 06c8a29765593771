/* SPDX-License-Identifier: MIT
   Throws away what it knew before it looks. */
#include "tests/plugins/conforming.h"

static hearth_status load(hearth_plugin *plugin, const hearth_call *call,
                          hearth_source *in) {
  plugin->total = 0;
  for (uint32_t i = 0; i < hearth_names_count(plugin->names); i++) {
    plugin->known[i].requests = 0;
  }
  return conforming_load(plugin, call, in);
}

#undef LOAD
#define LOAD load

CONFORMING_PLUGIN;
