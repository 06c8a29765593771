/* SPDX-License-Identifier: MIT
   Does not come to an end. */
#include "tests/plugins/conforming.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  volatile int for_ever = 1;
  while (for_ever) {
    continue;
  }
  return conforming_prepare(plugin, call, in, out);
}

#undef PREPARE
#define PREPARE prepare

CONFORMING_PLUGIN;
