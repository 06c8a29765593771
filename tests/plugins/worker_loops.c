/* SPDX-License-Identifier: MIT
   Never answers. */
#define _DEFAULT_SOURCE
#define STUB_PREPARE prepare

#include "hearth/plugin.h"
#include <stdint.h>

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out);

#include "tests/plugins/stub.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  (void)plugin;
  (void)call;
  for (volatile uint64_t turns = 0;;) {
    turns = turns + 1;
  }
  return out->write(out, in.data, in.len);
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
