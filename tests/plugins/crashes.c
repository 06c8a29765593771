/* SPDX-License-Identifier: MIT
   Reads where nothing is. */
#include "tests/plugins/conforming.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  const volatile int *nowhere = NULL;
  if (*nowhere) {
    return HEARTH_INTERNAL;
  }
  return conforming_prepare(plugin, call, in, out);
}

#undef PREPARE
#define PREPARE prepare

CONFORMING_PLUGIN;
