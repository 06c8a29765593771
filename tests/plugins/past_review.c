/* SPDX-License-Identifier: MIT
   Wants a review in the past. */
#include "tests/plugins/conforming.h"

static void spoil(hearth_plugin *plugin, const hearth_context *context,
                  hearth_model_set *set) {
  (void)plugin;
  set->review_at_ms = context->now_ms - 1000;
}

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  return conforming_answer(plugin, call, in, out, spoil);
}

#undef PREPARE
#define PREPARE prepare

CONFORMING_PLUGIN;
