/* SPDX-License-Identifier: MIT
   Does not look before it frees. */
#include "tests/plugins/conforming.h"

static void destroy(hearth_plugin *plugin) {
  plugin->total = 0;
  conforming_destroy(plugin);
}

#undef DESTROY
#define DESTROY destroy

CONFORMING_PLUGIN;
