/* SPDX-License-Identifier: MIT
   Fills the room for its message to the last byte, with rubbish. */
#define STUB_PREPARE prepare

#include "hearth/plugin.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out);

#include "tests/plugins/stub.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  (void)plugin;
  (void)in;
  (void)out;
  memset(call->err, 7, call->err_cap);
  return HEARTH_INTERNAL;
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
