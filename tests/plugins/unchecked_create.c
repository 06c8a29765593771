/* SPDX-License-Identifier: MIT
   Does not look whether create got the memory that it asked for. */
#include "tests/plugins/conforming.h"

static hearth_status create(const hearth_plugin_entry *self,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes in, hearth_plugin **out) {
  const hearth_memory_user memory = hearth_memory_of(host);
  char *block = hearth_resize(&memory, NULL, 100);
  block[99] = 0;
  hearth_release(&memory, block);
  return conforming_create(self, host, call, in, out);
}

#undef CREATE
#define CREATE create

CONFORMING_PLUGIN;
