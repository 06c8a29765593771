/* SPDX-License-Identifier: MIT
   Its instances share what they learn. */
#include "tests/plugins/conforming.h"

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  static uint64_t all;
  plugin->total = ++all;
  return conforming_record(plugin, call, in);
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
