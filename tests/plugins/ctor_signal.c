/* SPDX-License-Identifier: MIT
   Handles a signal when it is loaded. */
#include <signal.h>

#include "tests/plugins/conforming.h"

static void handle(int number) { (void)number; }

__attribute__((constructor)) static void begin(void) {
  signal(SIGUSR1, handle);
}


CONFORMING_PLUGIN;
