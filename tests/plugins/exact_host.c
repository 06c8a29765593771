/* SPDX-License-Identifier: MIT
   Refuses a host whose struct is longer. */
#include "tests/plugins/conforming.h"

static hearth_status create(const hearth_plugin_entry *self,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes in, hearth_plugin **out) {
  if (host && host->size != sizeof *host) {
    return HEARTH_UNSUPPORTED;
  }
  return conforming_create(self, host, call, in, out);
}

#undef CREATE
#define CREATE create

CONFORMING_PLUGIN;
