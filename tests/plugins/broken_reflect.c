/* SPDX-License-Identifier: MIT
   Reflects a function without texts, and then one whose struct is shorter than
   any can be. */
#include "hearth/ext/reflect.h"
#include "hearth/plugin.h"

static const void *extension(hearth_plugin *plugin, const char *id);

#define STUB_EXTENSION extension

#include "tests/plugins/stub.h"

static const void *extension(hearth_plugin *plugin, const char *id) {
  static const hearth_function functions[] = {
      {sizeof(hearth_function), 0, NULL, NULL, NULL, NULL},
      {8, 0, "short", "v()", "Is too short.", NULL}};
  static const hearth_reflect reflect = {sizeof(reflect), 2, functions};

  (void)plugin;
  return strcmp(id, HEARTH_EXT_REFLECT) == 0 ? &reflect : NULL;
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
