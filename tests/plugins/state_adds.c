/* SPDX-License-Identifier: MIT
   Adds what it loads to what it knows. */
#include "tests/plugins/conforming.h"

static hearth_status load(hearth_plugin *plugin, const hearth_call *call,
                          hearth_source *in) {
  const uint64_t before =
      hearth_names_count(plugin->names) > 0 ? plugin->known[0].requests : 0;
  const hearth_status status = conforming_load(plugin, call, in);
  if (status == HEARTH_OK && hearth_names_count(plugin->names) > 0) {
    plugin->known[0].requests += before;
  }
  return status;
}

#undef LOAD
#define LOAD load

CONFORMING_PLUGIN;
