/* SPDX-License-Identifier: MIT
   Does not look whether set_catalog got the memory that it asked for. */
#include "tests/plugins/conforming.h"

static hearth_status catalog(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in) {
  char *block = hearth_resize(&plugin->memory, NULL, 100);
  block[99] = 0;
  hearth_release(&plugin->memory, block);
  return conforming_catalog(plugin, call, in);
}

#undef CATALOG
#define CATALOG catalog

CONFORMING_PLUGIN;
