/* SPDX-License-Identifier: MIT
   Needs a function that nobody has. */
#define STUB_PREPARE prepare

#include "hearth/plugin.h"

hearth_status hearth_test_nobody_has_this(void);
static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out);

#include "tests/plugins/stub.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  (void)plugin;
  (void)call;
  (void)in;
  (void)out;
  return hearth_test_nobody_has_this();
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
