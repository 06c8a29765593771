/* SPDX-License-Identifier: MIT
   Leaves a file open. */
#include <stdio.h>

#include "tests/plugins/conforming.h"

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  static FILE *file;
  if (!file) {
    file = fopen("/dev/null", "r");
  }
  return conforming_record(plugin, call, in);
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
