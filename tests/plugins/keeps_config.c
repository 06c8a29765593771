/* SPDX-License-Identifier: MIT
   Keeps a pointer into its configuration. */
#include "tests/plugins/conforming.h"

static const volatile uint8_t *kept;

static hearth_status create(const hearth_plugin_entry *self,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes in, hearth_plugin **out) {
  kept = in.len > 0 ? in.data : NULL;
  return conforming_create(self, host, call, in, out);
}

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  if (kept && *kept == 0xc1) {
    return HEARTH_INTERNAL;
  }
  return conforming_record(plugin, call, in);
}

#undef RECORD
#define RECORD record
#undef CREATE
#define CREATE create

CONFORMING_PLUGIN;
