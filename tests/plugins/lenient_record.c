/* SPDX-License-Identifier: MIT
   Takes what is no outcome. */
#include "tests/plugins/conforming.h"

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  const hearth_status status = conforming_record(plugin, call, in);
  return status == HEARTH_BAD_PAYLOAD ? HEARTH_OK : status;
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
