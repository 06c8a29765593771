/* SPDX-License-Identifier: MIT
   Its answer is one byte too long. */
#include "tests/plugins/conforming.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  const hearth_status status = conforming_prepare(plugin, call, in, out);
  return status == HEARTH_OK ? out->write(out, "x", 1) : status;
}

#undef PREPARE
#define PREPARE prepare

CONFORMING_PLUGIN;
