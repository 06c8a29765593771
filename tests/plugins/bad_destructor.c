/* SPDX-License-Identifier: MIT
   Crashes when the process ends. */
#include "tests/plugins/conforming.h"

__attribute__((destructor)) static void end(void) {
  abort();
}


CONFORMING_PLUGIN;
