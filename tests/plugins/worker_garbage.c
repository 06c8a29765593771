/* SPDX-License-Identifier: MIT
   Writes over whatever is open, the socket among it. */
#define _DEFAULT_SOURCE
#define STUB_PREPARE prepare

#include <string.h>
#include <unistd.h>

#include "hearth/plugin.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out);

#include "tests/plugins/stub.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  (void)plugin;
  (void)call;
  char garbage[300];

  memset(garbage, 0xa5, sizeof(garbage));
  for (int fd = 3; fd < 16; ++fd) {
    ssize_t put = write(fd, garbage, sizeof(garbage));

    (void)put;
  }
  return out->write(out, in.data, in.len);
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
