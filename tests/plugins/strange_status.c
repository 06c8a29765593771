/* SPDX-License-Identifier: MIT
   Returns a status that is none: the first byte of what it is asked. */
#define STUB_PREPARE prepare

#include "hearth/plugin.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out);

#include "tests/plugins/stub.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  (void)plugin;
  (void)call;
  (void)out->write(out, "x", 1);
  return (hearth_status)in.data[0] - 128;
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
