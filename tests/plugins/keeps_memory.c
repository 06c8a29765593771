/* SPDX-License-Identifier: MIT
   Keeps a block of the host's for ever. */
#include "tests/plugins/conforming.h"

static hearth_status create(const hearth_plugin_entry *self,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes in, hearth_plugin **out) {
  const hearth_memory_user memory = hearth_memory_of(host);
  if (!hearth_zalloc(&memory, 1, 64)) {
    return HEARTH_NO_MEMORY;
  }
  return conforming_create(self, host, call, in, out);
}

#undef CREATE
#define CREATE create

CONFORMING_PLUGIN;
