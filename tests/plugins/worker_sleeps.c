/* SPDX-License-Identifier: MIT
   Takes its time: as many ms as the first byte it is asked says. */
#define _DEFAULT_SOURCE
#define STUB_PREPARE prepare

#include <time.h>

#include "hearth/plugin.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out);

#include "tests/plugins/stub.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  (void)plugin;
  (void)call;
  struct timespec time = {0, in.data[0] * 1000000L};

  (void)nanosleep(&time, NULL);
  return out->write(out, in.data, in.len);
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
