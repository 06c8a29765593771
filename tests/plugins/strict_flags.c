/* SPDX-License-Identifier: MIT
   Refuses flags that it does not know. */
#include "tests/plugins/conforming.h"

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  if (call && call->flags & ~HEARTH_CALL_SHADOW) {
    return HEARTH_BAD_ARG;
  }
  return conforming_record(plugin, call, in);
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
