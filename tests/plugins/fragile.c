/* SPDX-License-Identifier: MIT
   Dies of a message that begins with an integer. */
#include "tests/plugins/conforming.h"

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  if (in.len > 0 && in.data[0] < 0x80) {
    abort();
  }
  return conforming_record(plugin, call, in);
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
