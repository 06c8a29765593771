/* SPDX-License-Identifier: MIT
   Takes any bytes for a state. */
#include "tests/plugins/conforming.h"

static hearth_status load(hearth_plugin *plugin, const hearth_call *call,
                          hearth_source *in) {
  const hearth_status status = conforming_load(plugin, call, in);
  return status == HEARTH_BAD_PAYLOAD || status == HEARTH_STATE_VERSION
             ? HEARTH_OK
             : status;
}

#undef LOAD
#define LOAD load

CONFORMING_PLUGIN;
