/* SPDX-License-Identifier: MIT
   Has nothing to say before it learned something. */
#include "tests/plugins/conforming.h"

static hearth_status save(hearth_plugin *plugin, const hearth_call *call,
                          hearth_sink *out) {
  return plugin->total == 0 ? HEARTH_OK : conforming_save(plugin, call, out);
}

#undef SAVE
#define SAVE save

CONFORMING_PLUGIN;
