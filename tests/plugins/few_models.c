/* SPDX-License-Identifier: MIT
   Has room for a hundred models. */
#include "tests/plugins/conforming.h"

static hearth_status catalog(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in) {
  const hearth_status status = conforming_catalog(plugin, call, in);
  return status == HEARTH_OK && hearth_names_count(plugin->names) > 100
             ? HEARTH_LIMIT
             : status;
}

#undef CATALOG
#define CATALOG catalog

CONFORMING_PLUGIN;
