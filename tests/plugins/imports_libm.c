/* SPDX-License-Identifier: MIT
   Takes a logarithm of libm, and does nothing with it. */
#include <math.h>

#include "tests/plugins/conforming.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  volatile double two = 2;
  if (log(two) > 1) {
    return HEARTH_INTERNAL;
  }
  return conforming_prepare(plugin, call, in, out);
}

#undef PREPARE
#define PREPARE prepare

CONFORMING_PLUGIN;
