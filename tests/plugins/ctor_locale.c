/* SPDX-License-Identifier: MIT
   Changes the umask when it is loaded. */
#define _POSIX_C_SOURCE 200809L
#include <sys/stat.h>

#include "tests/plugins/conforming.h"

__attribute__((constructor)) static void begin(void) {
  umask(0123);
}


CONFORMING_PLUGIN;
