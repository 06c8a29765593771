/* SPDX-License-Identifier: MIT
   Handles a signal from its first outcome on. */
#include <signal.h>

#include "tests/plugins/conforming.h"

static void handle(int number) { (void)number; }

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  signal(SIGUSR1, handle);
  return conforming_record(plugin, call, in);
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
