/* SPDX-License-Identifier: MIT
   Opens a file when it is loaded. */
#include <stdio.h>

#include "tests/plugins/conforming.h"

__attribute__((constructor)) static void begin(void) {
  (void)!fopen("/dev/null", "r");
}


CONFORMING_PLUGIN;
