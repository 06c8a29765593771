/* SPDX-License-Identifier: MIT
   Takes half a megabyte of stack. */
#include "tests/plugins/conforming.h"

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  volatile char room[512 * 1024];
  room[0] = 1;
  room[sizeof room - 1] = room[0];
  return conforming_record(plugin, call, in);
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
