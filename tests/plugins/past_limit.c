/* SPDX-License-Identifier: MIT
   Writes until it is refused, then a little more, and says OK. */
#define STUB_PREPARE prepare

#include "hearth/plugin.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out);

#include "tests/plugins/stub.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  (void)plugin;
  (void)call;
  (void)in;
  while (out->write(out, "0123456789abcdef", 16) == HEARTH_OK) {
    continue;
  }
  (void)out->write(out, "x", 1);
  return HEARTH_OK;
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
