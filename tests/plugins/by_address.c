/* SPDX-License-Identifier: MIT
   Its answers depend on where it lies. */
#include "tests/plugins/conforming.h"

static void spoil(hearth_plugin *plugin, const hearth_context *context,
                  hearth_model_set *set) {
  (void)plugin, (void)context;
  set->confidence = (double)((uintptr_t)plugin >> 4 & 0xffff) / 65536;
}

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  return conforming_answer(plugin, call, in, out, spoil);
}

#undef PREPARE
#define PREPARE prepare

CONFORMING_PLUGIN;
