/* SPDX-License-Identifier: MIT
   Behaves; built twice, as version 1 and 2, with the version in its answer. */
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
  return out->write(out, STUB_VERSION, 1);
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
