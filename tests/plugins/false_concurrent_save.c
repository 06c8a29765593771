/* SPDX-License-Identifier: MIT
   Claims that it may be saved at any time. */
#define _POSIX_C_SOURCE 200809L
#include <time.h>

#include "tests/plugins/conforming.h"

static volatile int learning;

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  const struct timespec moment = {0, 200000};
  learning = 1;
  nanosleep(&moment, NULL);
  learning = 0;
  return conforming_record(plugin, call, in);
}

static hearth_status save(hearth_plugin *plugin, const hearth_call *call,
                          hearth_sink *out) {
  return learning ? HEARTH_INTERNAL : conforming_save(plugin, call, out);
}

#undef RECORD
#define RECORD record
#undef SAVE
#define SAVE save
#undef CAPS
#define CAPS (HEARTH_CAP_STATE | HEARTH_CAP_CONCURRENT_SAVE)

CONFORMING_PLUGIN;
