/* SPDX-License-Identifier: MIT
   Sets a variable from its first outcome on. */
#include "tests/plugins/conforming.h"

int setenv(const char *name, const char *value, int overwrite);

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  setenv("HEARTH_TEST_OUTCOME", "1", 1);
  return conforming_record(plugin, call, in);
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
