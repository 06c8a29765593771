/* SPDX-License-Identifier: MIT
   Does not look whether save_state got the memory that it asked for. */
#include "tests/plugins/conforming.h"

static hearth_status save(hearth_plugin *plugin, const hearth_call *call,
                          hearth_sink *out) {
  char *block = hearth_resize(&plugin->memory, NULL, 100);
  block[99] = 0;
  hearth_release(&plugin->memory, block);
  return conforming_save(plugin, call, out);
}

#undef SAVE
#define SAVE save

CONFORMING_PLUGIN;
