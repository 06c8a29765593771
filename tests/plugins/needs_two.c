/* SPDX-License-Identifier: MIT
   Has no use for a single model. */
#include "tests/plugins/conforming.h"

static hearth_status catalog(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in) {
  const hearth_status status = conforming_catalog(plugin, call, in);
  return status == HEARTH_OK && hearth_names_count(plugin->names) == 1
             ? HEARTH_LIMIT
             : status;
}

#undef CATALOG
#define CATALOG catalog

CONFORMING_PLUGIN;
