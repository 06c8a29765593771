/* SPDX-License-Identifier: MIT
   Changes the umask from its first outcome on. */
#define _POSIX_C_SOURCE 200809L
#include <sys/stat.h>

#include "tests/plugins/conforming.h"

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  umask(0123);
  return conforming_record(plugin, call, in);
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
