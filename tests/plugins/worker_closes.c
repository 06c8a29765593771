/* SPDX-License-Identifier: MIT
   Closes fd 0 to 63. */
#define _DEFAULT_SOURCE
#define STUB_PREPARE prepare

#include <unistd.h>

#include "hearth/plugin.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out);

#include "tests/plugins/stub.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  (void)plugin;
  (void)call;
  for (int fd = 0; fd < 64; ++fd) {
    (void)close(fd);
  }
  return out->write(out, in.data, in.len);
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
