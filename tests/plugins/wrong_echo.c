/* SPDX-License-Identifier: MIT
   Echoes another request. */
#include "tests/plugins/conforming.h"

static void spoil(hearth_plugin *plugin, const hearth_context *context,
                  hearth_model_set *set) {
  (void)plugin, (void)context;
  set->request_id = hearth_str_from("another");
}

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  return conforming_answer(plugin, call, in, out, spoil);
}

#undef PREPARE
#define PREPARE prepare

CONFORMING_PLUGIN;
