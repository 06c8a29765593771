/* SPDX-License-Identifier: MIT
   Does not read its configuration. */
#include "tests/plugins/conforming.h"

static hearth_status create(const hearth_plugin_entry *self,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes in, hearth_plugin **out) {
  (void)in;
  return conforming_create(self, host, call, (hearth_bytes){NULL, 0}, out);
}

#undef CREATE
#define CREATE create

CONFORMING_PLUGIN;
