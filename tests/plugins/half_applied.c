/* SPDX-License-Identifier: MIT
   Counts an outcome before it looks at it. */
#include "tests/plugins/conforming.h"

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  plugin->known[0].requests++;
  const hearth_status status = conforming_record(plugin, call, in);
  if (status == HEARTH_OK) {
    plugin->known[0].requests--;
  }
  return status;
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
