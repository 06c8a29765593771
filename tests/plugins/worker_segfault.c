/* SPDX-License-Identifier: MIT
   Writes to address 8 when it is asked. */
#define _DEFAULT_SOURCE
#define STUB_PREPARE prepare

#include "hearth/plugin.h"
#include <stdint.h>

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out);

#include "tests/plugins/stub.h"

static volatile uintptr_t nowhere = 8; /* volatile: no compiler sees it */

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  (void)plugin;
  (void)call;
  *(volatile int *)nowhere = 1;
  return out->write(out, in.data, in.len);
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
