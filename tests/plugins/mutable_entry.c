/* SPDX-License-Identifier: MIT
   Changes its entry while it works. */
#include "tests/plugins/conforming.h"

extern HEARTH_EXPORT hearth_plugin_entry hearth_plugin_v1;

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  hearth_plugin_v1.description = "It has learned a lot.";
  return conforming_record(plugin, call, in);
}

#undef RECORD
#define RECORD record

HEARTH_EXPORT hearth_plugin_entry hearth_plugin_v1 = {
    .size = sizeof(hearth_plugin_entry), .abi_minor = HEARTH_ABI_MINOR,
    CONFORMING_MEMBERS};
