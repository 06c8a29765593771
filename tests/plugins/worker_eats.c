/* SPDX-License-Identifier: MIT
   Takes all the memory there is, and writes to it. */
#define _DEFAULT_SOURCE
#define STUB_PREPARE prepare

#include <stdlib.h>
#include <string.h>

#include "hearth/plugin.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out);

#include "tests/plugins/stub.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  (void)plugin;
  (void)call;
  for (;;) {
    char *block = malloc(1 << 20);

    if (!block) {
      abort();
    }
    memset(block, 1, 1 << 20);
    *(char *volatile *)block = block;
  }
  return out->write(out, in.data, in.len);
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
