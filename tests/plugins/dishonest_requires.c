/* SPDX-License-Identifier: MIT
   Needs hearth.memory/1, and does not say so. */
#include "tests/plugins/conforming.h"

static hearth_status create(const hearth_plugin_entry *self,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes in, hearth_plugin **out) {
  if (!host || !host->get_extension(host, "hearth.memory/1")) {
    return HEARTH_INTERNAL;
  }
  return conforming_create(self, host, call, in, out);
}

#undef CREATE
#define CREATE create

CONFORMING_PLUGIN;
