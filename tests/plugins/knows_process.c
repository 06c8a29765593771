/* SPDX-License-Identifier: MIT
   Claims to be deterministic, and goes by the number of its process. */
#include <unistd.h>

#include "tests/plugins/conforming.h"

static void hedge(hearth_plugin *plugin, const hearth_context *context,
                  hearth_model_set *set) {
  (void)plugin, (void)context;
  set->confidence = (double)getpid() / (double)(1 << 23);
}

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  return conforming_answer(plugin, call, in, out, hedge);
}

#undef PREPARE
#define PREPARE prepare

CONFORMING_PLUGIN;
