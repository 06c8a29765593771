/* SPDX-License-Identifier: MIT
   Refuses keys that it does not know. */
#include "tests/plugins/conforming.h"

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  if (in.len > 2 && in.data[0] == 0xde) {
    return HEARTH_BAD_PAYLOAD;
  }
  return conforming_record(plugin, call, in);
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
