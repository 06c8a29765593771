/* SPDX-License-Identifier: MIT
   Has every extension that it is asked for. */
#include "tests/plugins/conforming.h"

static const void *extension(hearth_plugin *plugin, const char *id) {
  (void)id;
  return conforming_extension(plugin, HEARTH_EXT_METRICS);
}

#undef EXTENSION
#define EXTENSION extension

CONFORMING_PLUGIN;
