/* SPDX-License-Identifier: MIT
   Divides by how many models there are. */
#include "tests/plugins/conforming.h"

static hearth_status catalog(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in) {
  const hearth_status status = conforming_catalog(plugin, call, in);
  if (status == HEARTH_OK && in.len == 9) {
    abort();
  }
  return status;
}

#undef CATALOG
#define CATALOG catalog

CONFORMING_PLUGIN;
