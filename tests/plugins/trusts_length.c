/* SPDX-License-Identifier: MIT
   Takes memory for as many items as a message claims. */
#include "tests/plugins/conforming.h"

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  if (in.len > 5 && in.data[0] == 0xdd) {
    volatile char *items = malloc(UINT32_MAX);
    for (uint64_t i = 0; i < UINT32_MAX; i += 4096) {
      items[i] = 1;
    }
    free((void *)(uintptr_t)items);
  }
  return conforming_record(plugin, call, in);
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
