/* SPDX-License-Identifier: MIT
   Dies of a state that is not right. */
#include "tests/plugins/conforming.h"

static hearth_status load(hearth_plugin *plugin, const hearth_call *call,
                          hearth_source *in) {
  const hearth_status status = conforming_load(plugin, call, in);
  if (status == HEARTH_BAD_PAYLOAD) {
    abort();
  }
  return status;
}

#undef LOAD
#define LOAD load

CONFORMING_PLUGIN;
