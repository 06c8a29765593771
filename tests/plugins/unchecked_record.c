/* SPDX-License-Identifier: MIT
   Does not look whether record_outcome got the memory that it asked for. */
#include "tests/plugins/conforming.h"

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  char *block = hearth_resize(&plugin->memory, NULL, 100);
  block[99] = 0;
  hearth_release(&plugin->memory, block);
  return conforming_record(plugin, call, in);
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
