/* SPDX-License-Identifier: MIT
   Writes half an answer, then fails. */
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
  (void)out->write(out, "half", 4);
  return HEARTH_INTERNAL;
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
