/* SPDX-License-Identifier: MIT
   Fails the third thread that asks it, after a while. */
#include <stdatomic.h>
#include <stdio.h>

#include "plugin/sdk/lock.h"
#include "tests/plugins/conforming.h"

enum { THIRD = 2, PATIENCE = 150 };

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  static atomic_int asked;
  if (hearth_thread_number() == THIRD &&
      atomic_fetch_add(&asked, 1) >= PATIENCE) {
    snprintf(call->err, call->err_cap, "the third thread asks too much");
    return HEARTH_INTERNAL;
  }
  return conforming_prepare(plugin, call, in, out);
}

#undef CAPS
#define CAPS HEARTH_CAP_DETERMINISTIC
#undef PREPARE
#define PREPARE prepare

CONFORMING_PLUGIN;
