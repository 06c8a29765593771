/* SPDX-License-Identifier: MIT
   Kills its process in a constructor. */
#define _DEFAULT_SOURCE
#include <signal.h>

#include "hearth/plugin.h"

#include "tests/plugins/stub.h"

__attribute__((constructor)) static void constructor(void) {
  (void)raise(SIGKILL);
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
