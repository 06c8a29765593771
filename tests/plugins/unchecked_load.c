/* SPDX-License-Identifier: MIT
   Does not look whether load_state got the memory that it asked for. */
#include "tests/plugins/conforming.h"

static hearth_status load(hearth_plugin *plugin, const hearth_call *call,
                          hearth_source *in) {
  char *block = hearth_resize(&plugin->memory, NULL, 100);
  block[99] = 0;
  hearth_release(&plugin->memory, block);
  return conforming_load(plugin, call, in);
}

#undef LOAD
#define LOAD load

CONFORMING_PLUGIN;
