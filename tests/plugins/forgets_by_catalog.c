/* SPDX-License-Identifier: MIT
   Forgets what it learned with each catalog. */
#include "tests/plugins/conforming.h"

static hearth_status catalog(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in) {
  const hearth_status status = conforming_catalog(plugin, call, in);
  for (uint32_t i = 0; i < hearth_names_count(plugin->names); i++) {
    plugin->known[i].requests = 0;
  }
  return status;
}

#undef CATALOG
#define CATALOG catalog

CONFORMING_PLUGIN;
