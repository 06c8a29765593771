/* SPDX-License-Identifier: MIT
   Looks at the clock, and does nothing with it. */
#include <time.h>

#include "tests/plugins/conforming.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  if (time(NULL) == 0) {
    return HEARTH_INTERNAL;
  }
  return conforming_prepare(plugin, call, in, out);
}

#undef PREPARE
#define PREPARE prepare

CONFORMING_PLUGIN;
