/* SPDX-License-Identifier: MIT
   Reads one byte past its message. */
#include "tests/plugins/conforming.h"

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  const volatile uint8_t *past = in.data + in.len;
  if (*past == 0xc1 && in.len == 0) {
    return HEARTH_INTERNAL;
  }
  return conforming_record(plugin, call, in);
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
