/* SPDX-License-Identifier: MIT
   Refuses an outcome without all that it could have. */
#include "tests/plugins/conforming.h"

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  if (in.len < 40) {
    return HEARTH_BAD_PAYLOAD;
  }
  return conforming_record(plugin, call, in);
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
