/* SPDX-License-Identifier: MIT
   Begins to load after it must have begun. */
#include "tests/plugins/conforming.h"

static void spoil(hearth_plugin *plugin, const hearth_context *context,
                  hearth_model_set *set) {
  hearth_plan_model *plan = set->models.items;
  (void)plugin;
  if (set->models.count > 0) {
    plan[0].start_at_ms = context->now_ms + 2000;
    plan[0].warm_by_ms = context->now_ms + 1000;
  }
}

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  return conforming_answer(plugin, call, in, out, spoil);
}

#undef PREPARE
#define PREPARE prepare

CONFORMING_PLUGIN;
