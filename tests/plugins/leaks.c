/* SPDX-License-Identifier: MIT
   Loses a block in each life. */
#include "tests/plugins/conforming.h"

static hearth_status create(const hearth_plugin_entry *self,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes in, hearth_plugin **out) {
  void *volatile lost = malloc(4096);
  if (!lost) {
    return HEARTH_NO_MEMORY;
  }
  return conforming_create(self, host, call, in, out);
}

#undef CREATE
#define CREATE create

CONFORMING_PLUGIN;
