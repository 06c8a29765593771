/* SPDX-License-Identifier: MIT
   Its extension is a struct of four bytes. */
#define STUB_EXTENSION extension

#include "hearth/plugin.h"

static const void *extension(hearth_plugin *plugin, const char *id);

#include "tests/plugins/stub.h"

static const void *extension(hearth_plugin *plugin, const char *id) {
  static const uint32_t size = sizeof(size);

  (void)plugin;
  (void)id;
  return &size;
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
