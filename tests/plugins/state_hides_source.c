/* SPDX-License-Identifier: MIT
   Says that a source that fails is a broken state. */
#include "tests/plugins/conforming.h"

static hearth_status load(hearth_plugin *plugin, const hearth_call *call,
                          hearth_source *in) {
  const hearth_status status = conforming_load(plugin, call, in);
  return status == HEARTH_NO_MEMORY || status == HEARTH_INTERNAL
             ? HEARTH_BAD_PAYLOAD
             : status;
}

#undef LOAD
#define LOAD load

CONFORMING_PLUGIN;
