/* SPDX-License-Identifier: MIT
   Believes a length that can't be true. */
#include "tests/plugins/conforming.h"

static hearth_status create(const hearth_plugin_entry *self,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes in, hearth_plugin **out) {
  if (in.len == 5 && in.data[0] == 0xdf) {
    return conforming_create(self, host, call, (hearth_bytes){NULL, 0}, out);
  }
  return conforming_create(self, host, call, in, out);
}

#undef CREATE
#define CREATE create

CONFORMING_PLUGIN;
