/* SPDX-License-Identifier: MIT
   Says OK and writes nothing. */
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
  (void)out;
  return HEARTH_OK;
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
