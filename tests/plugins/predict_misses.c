/* SPDX-License-Identifier: MIT
   Its predict/1 leaves models out. */
#include "hearth/ext/predict.h"
#include "tests/plugins/conforming.h"

static void spoil(hearth_plugin *plugin, const hearth_context *context,
                  hearth_model_set *set) {
  (void)plugin, (void)context;
  set->models.count = set->models.count > 1;
}

static hearth_status ask(hearth_plugin *plugin, const hearth_call *call,
                         hearth_bytes in, hearth_sink *out) {
  return conforming_answer(plugin, call, in, out, spoil);
}

static const hearth_predict predict = {sizeof predict, 0, ask};

static const void *extension(hearth_plugin *plugin, const char *id) {
  (void)plugin;
  return strcmp(id, HEARTH_EXT_PREDICT) == 0 ? &predict : NULL;
}

#undef EXTENSION
#define EXTENSION extension

CONFORMING_PLUGIN;
