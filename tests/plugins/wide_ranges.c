/* SPDX-License-Identifier: MIT
   Takes a threshold of any size. */
#include "tests/plugins/conforming.h"

static hearth_status create(const hearth_plugin_entry *self,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes in, hearth_plugin **out) {
  const uint8_t *at = in.data;
  for (uint64_t i = 0; i + 29 < in.len + 1 && i < 2; i++) {
    if (memcmp(at + i, "\xb4prediction_threshold", 21) == 0) {
      return conforming_create(self, host, call, (hearth_bytes){NULL, 0}, out);
    }
  }
  return conforming_create(self, host, call, in, out);
}

#undef CREATE
#define CREATE create

CONFORMING_PLUGIN;
