/* SPDX-License-Identifier: MIT
   Rounds towards zero from when it is loaded. */
#include <fenv.h>

#include "tests/plugins/conforming.h"

/* The control word of the x87, where there is one: round towards zero. */
static void round_down(void) {
#if defined(__x86_64__)
  const unsigned short control = 0x0f7f;
  __asm__ __volatile__("fldcw %0" : : "m"(control));
#else
  fesetround(FE_TOWARDZERO);
#endif
}

__attribute__((constructor)) static void begin(void) {
  round_down();
}


CONFORMING_PLUGIN;
