/* SPDX-License-Identifier: MIT
   Counts how often it was saved. */
#include "tests/plugins/conforming.h"

static hearth_status save(hearth_plugin *plugin, const hearth_call *call,
                          hearth_sink *out) {
  if (hearth_names_count(plugin->names) > 0) {
    plugin->known[0].requests++;
  }
  return conforming_save(plugin, call, out);
}

#undef SAVE
#define SAVE save

CONFORMING_PLUGIN;
