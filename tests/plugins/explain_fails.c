/* SPDX-License-Identifier: MIT
   Can explain nothing. */
#include "hearth/ext/explain.h"
#include "tests/plugins/conforming.h"

static hearth_status ask(hearth_plugin *plugin, const hearth_call *call,
                         hearth_bytes in, hearth_sink *out) {
  (void)plugin, (void)call, (void)in, (void)out;
  return HEARTH_INTERNAL;
}

static const hearth_explain explain = {sizeof explain, 0, ask};

static const void *extension(hearth_plugin *plugin, const char *id) {
  (void)plugin;
  return strcmp(id, HEARTH_EXT_EXPLAIN) == 0 ? &explain : NULL;
}

#undef EXTENSION
#define EXTENSION extension

CONFORMING_PLUGIN;
