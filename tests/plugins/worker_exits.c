/* SPDX-License-Identifier: MIT
   Ends the process, politely. */
#define _DEFAULT_SOURCE
#define STUB_PREPARE prepare

#include <stdlib.h>

#include "hearth/plugin.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out);

#include "tests/plugins/stub.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  (void)plugin;
  (void)call;
  exit(0);
  return out->write(out, in.data, in.len);
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
