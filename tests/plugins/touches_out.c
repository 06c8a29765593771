/* SPDX-License-Identifier: MIT
   Sets *out and fails. */
#include "tests/plugins/conforming.h"

static hearth_status create(const hearth_plugin_entry *self,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes in, hearth_plugin **out) {
  const hearth_status status = conforming_create(self, host, call, in, out);
  if (status != HEARTH_OK) {
    *out = NULL;
  }
  return status;
}

#undef CREATE
#define CREATE create

CONFORMING_PLUGIN;
