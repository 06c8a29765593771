/* SPDX-License-Identifier: MIT
   Names its first model twice. */
#include "tests/plugins/conforming.h"

static void spoil(hearth_plugin *plugin, const hearth_context *context,
                  hearth_model_set *set) {
  hearth_plan_model *plan = set->models.items;
  (void)plugin, (void)context;
  if (set->models.count > 1) {
    plan[1] = plan[0];
  }
}

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  return conforming_answer(plugin, call, in, out, spoil);
}

#undef PREPARE
#define PREPARE prepare

CONFORMING_PLUGIN;
