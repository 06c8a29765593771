/* SPDX-License-Identifier: MIT
   Writes into what it was lent. */
#include "tests/plugins/conforming.h"

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  if (in.len > 0) {
    *(volatile uint8_t *)(uintptr_t)in.data = in.data[0];
  }
  return conforming_record(plugin, call, in);
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
