/* SPDX-License-Identifier: MIT
   Says that it was created, and gives no instance. */
#define STUB_CREATE create

#include "hearth/plugin.h"

static hearth_status create(const hearth_plugin_entry *self,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes config, hearth_plugin **out);

#include "tests/plugins/stub.h"

static hearth_status create(const hearth_plugin_entry *self,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes config, hearth_plugin **out) {
  (void)self;
  (void)host;
  (void)call;
  (void)config;
  (void)out;
  return HEARTH_OK;
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
