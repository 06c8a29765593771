/* SPDX-License-Identifier: MIT
   Claims that it may be called from many threads. */
#define _POSIX_C_SOURCE 200809L
#include <time.h>

#include "tests/plugins/conforming.h"

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  static volatile int inside;
  const struct timespec moment = {0, 200000};
  if (inside) {
    return HEARTH_INTERNAL;
  }
  inside = 1;
  nanosleep(&moment, NULL);
  inside = 0;
  (void)plugin, (void)call, (void)in;
  return HEARTH_OK;
}

#undef CAPS
#define CAPS HEARTH_CAP_REENTRANT
#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
