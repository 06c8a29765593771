/* SPDX-License-Identifier: MIT
   Fails before it has a catalog. */
#include "tests/plugins/conforming.h"

static hearth_status catalog(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in) {
  const hearth_status status = conforming_catalog(plugin, call, in);
  plugin->seen[0] = 1;
  return status;
}

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  if (!plugin->seen[0]) {
    return HEARTH_INTERNAL;
  }
  return conforming_prepare(plugin, call, in, out);
}

#undef CATALOG
#define CATALOG catalog
#undef PREPARE
#define PREPARE prepare

CONFORMING_PLUGIN;
