/* SPDX-License-Identifier: MIT
   Keeps a pointer into what it was lent. */
#include "tests/plugins/conforming.h"

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  static const volatile uint8_t *kept;
  if (kept && *kept == 0xc1) {
    return HEARTH_INTERNAL;
  }
  kept = in.data;
  return conforming_record(plugin, call, in);
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
