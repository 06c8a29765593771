/* SPDX-License-Identifier: MIT
   Sets a variable when it is loaded. */
#include "tests/plugins/conforming.h"

int setenv(const char *name, const char *value, int overwrite);

__attribute__((constructor)) static void begin(void) {
  setenv("HEARTH_TEST_CTOR", "1", 1);
}


CONFORMING_PLUGIN;
