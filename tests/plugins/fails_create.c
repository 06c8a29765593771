/* SPDX-License-Identifier: MIT
   Can't be created, says why, and leaves a wild pointer behind. */
#define STUB_CREATE create

#include "hearth/plugin.h"

static hearth_status create(const hearth_plugin_entry *self,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes config, hearth_plugin **out);

#include "tests/plugins/stub.h"

static hearth_status create(const hearth_plugin_entry *self,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes config, hearth_plugin **out) {
  static const char why[] = "the moon is in the wrong phase";

  (void)self;
  (void)host;
  (void)config;
  *out = (hearth_plugin *)(uintptr_t)0x10;
  memcpy(call->err, why, sizeof(why));
  return HEARTH_UNSUPPORTED;
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
