/* SPDX-License-Identifier: MIT
   Works once in a process. */
#include "tests/plugins/conforming.h"

static int lonely;

int setenv(const char *name, const char *value, int overwrite);

static hearth_status create(const hearth_plugin_entry *self,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes in, hearth_plugin **out) {
  if (getenv("HEARTH_TEST_LONELY") && lonely++ == 0) {
    return HEARTH_BUSY;
  }
  lonely++;
  setenv("HEARTH_TEST_LONELY", "1", 1);
  return conforming_create(self, host, call, in, out);
}

#undef CREATE
#define CREATE create

CONFORMING_PLUGIN;
