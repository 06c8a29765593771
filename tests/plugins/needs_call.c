/* SPDX-License-Identifier: MIT
   Takes it that there is a call. */
#include "tests/plugins/conforming.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  if (call->deadline_ns == 1) {
    return HEARTH_DEADLINE;
  }
  return conforming_prepare(plugin, call, in, out);
}

#undef PREPARE
#define PREPARE prepare

CONFORMING_PLUGIN;
