/* SPDX-License-Identifier: MIT
   Rounds towards zero from its first outcome on. */
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

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  round_down();
  return conforming_record(plugin, call, in);
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
