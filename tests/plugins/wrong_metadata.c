/* SPDX-License-Identifier: MIT
   Tells of another model than the one asked for. */
#include "tests/plugins/conforming.h"

static hearth_status metadata(hearth_plugin *plugin, const hearth_call *call,
                              hearth_bytes in, hearth_sink *out) {
  static const uint8_t other[] = {0x81, 0xa5, 'm', 'o', 'd', 'e',
                                  'l',  0xa5, 'o', 't', 'h', 'e', 'r'};
  (void)plugin, (void)call, (void)in;
  return out->write(out, other, sizeof other);
}

#undef METADATA
#define METADATA metadata

CONFORMING_PLUGIN;
