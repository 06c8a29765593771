/* SPDX-License-Identifier: MIT
   Reflects a function whose signature is none. */
#include "hearth/ext/reflect.h"
#include "tests/plugins/conforming.h"

static hearth_status touch(hearth_plugin *plugin) {
  (void)plugin;
  return HEARTH_OK;
}

static const hearth_function functions[] = {
    {sizeof *functions, 0, "touch", "h(q)", "Does nothing.",
     (void (*)(void))touch}};
static const hearth_reflect reflect = {sizeof reflect, 1, functions};

static const void *extension(hearth_plugin *plugin, const char *id) {
  (void)plugin;
  return strcmp(id, HEARTH_EXT_REFLECT) == 0 ? &reflect : NULL;
}

#undef EXTENSION
#define EXTENSION extension

CONFORMING_PLUGIN;
