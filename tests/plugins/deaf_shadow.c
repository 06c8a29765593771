/* SPDX-License-Identifier: MIT
   Learns nothing in the shadow. */
#include "tests/plugins/conforming.h"

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  if (call && call->flags & HEARTH_CALL_SHADOW) {
    return HEARTH_OK;
  }
  return conforming_record(plugin, call, in);
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
