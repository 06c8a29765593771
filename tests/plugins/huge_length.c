/* SPDX-License-Identifier: MIT
   Says that its three bytes are 2^64 - 1. */
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
  return out->write(out, "abc", UINT64_MAX);
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
