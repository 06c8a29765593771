/* SPDX-License-Identifier: MIT
   Does not look whether its answer was taken. */
#include "tests/plugins/conforming.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  (void)conforming_prepare(plugin, call, in, out);
  return HEARTH_OK;
}

#undef PREPARE
#define PREPARE prepare

CONFORMING_PLUGIN;
