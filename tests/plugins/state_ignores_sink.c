/* SPDX-License-Identifier: MIT
   Does not look whether its state was taken. */
#include "tests/plugins/conforming.h"

static hearth_status save(hearth_plugin *plugin, const hearth_call *call,
                          hearth_sink *out) {
  (void)conforming_save(plugin, call, out);
  return HEARTH_OK;
}

#undef SAVE
#define SAVE save

CONFORMING_PLUGIN;
