/* SPDX-License-Identifier: MIT
   Exits where it should answer. */
#include "tests/plugins/conforming.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  (void)plugin, (void)call, (void)in, (void)out;
  exit(0);
}

#undef PREPARE
#define PREPARE prepare

CONFORMING_PLUGIN;
