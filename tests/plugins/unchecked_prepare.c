/* SPDX-License-Identifier: MIT
   Does not look whether prepare_models got the memory that it asked for. */
#include "tests/plugins/conforming.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  char *block = hearth_resize(&plugin->memory, NULL, 100);
  block[99] = 0;
  hearth_release(&plugin->memory, block);
  return conforming_prepare(plugin, call, in, out);
}

#undef PREPARE
#define PREPARE prepare

CONFORMING_PLUGIN;
