/* SPDX-License-Identifier: MIT
   Refuses every configuration that says something. */
#include "tests/plugins/conforming.h"

static hearth_status create(const hearth_plugin_entry *self,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes in, hearth_plugin **out) {
  if (in.len > 0) {
    return HEARTH_UNSUPPORTED;
  }
  return conforming_create(self, host, call, in, out);
}

#undef CREATE
#define CREATE create

CONFORMING_PLUGIN;
