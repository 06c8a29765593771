/* SPDX-License-Identifier: MIT
   Has no opinion on what happened. */
#define STUB_RECORD record

#include "hearth/plugin.h"

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes outcome);

#include "tests/plugins/stub.h"

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes outcome) {
  (void)plugin;
  (void)call;
  (void)outcome;
  return HEARTH_NO_OPINION;
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
