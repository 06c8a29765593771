/* SPDX-License-Identifier: MIT
   Aborts in create. */
#define STUB_CREATE create

#include <stdlib.h>

#include "hearth/plugin.h"

static hearth_status create(const hearth_plugin_entry *self,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes config, hearth_plugin **out);

#include "tests/plugins/stub.h"

static hearth_status create(const hearth_plugin_entry *self,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes config, hearth_plugin **out) {
  if (call) {
    abort();
  }
  return stub_create(self, host, call, config, out);
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
