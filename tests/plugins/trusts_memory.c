/* SPDX-License-Identifier: MIT
   Calls what a shorter hearth.memory/1 has not. */
#include "hearth/ext/memory.h"
#include "tests/plugins/conforming.h"

static hearth_status create(const hearth_plugin_entry *self,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes in, hearth_plugin **out) {
  const hearth_memory *memory =
      host && host->get_extension ? host->get_extension(host, HEARTH_EXT_MEMORY)
                                  : NULL;
  if (memory) {
    memory->resize(host, memory->zeroed(host, 64), 0);
  }
  return conforming_create(self, host, call, in, out);
}

#undef CREATE
#define CREATE create

CONFORMING_PLUGIN;
