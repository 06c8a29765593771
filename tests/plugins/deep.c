/* SPDX-License-Identifier: MIT
   Descends as deep as a message likes. */
#include "tests/plugins/conforming.h"

static int descend(const uint8_t *at, const uint8_t *end) {
  volatile char frame[256];
  frame[0] = 1;
  return at < end && *at == 0x91 ? descend(at + 1, end) + frame[0] : 1;
}

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  if (descend(in.data, in.data + in.len) == 0) {
    return HEARTH_INTERNAL;
  }
  return conforming_record(plugin, call, in);
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
