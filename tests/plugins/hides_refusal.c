/* SPDX-License-Identifier: MIT
   Says that a full sink is its own fault. */
#include "tests/plugins/conforming.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  const hearth_status status = conforming_prepare(plugin, call, in, out);
  return status == HEARTH_LIMIT ? HEARTH_INTERNAL : status;
}

#undef PREPARE
#define PREPARE prepare

CONFORMING_PLUGIN;
