/* SPDX-License-Identifier: MIT
   Claims to save at any time, and has no state. */
#include "tests/plugins/conforming.h"

#undef CAPS
#define CAPS HEARTH_CAP_CONCURRENT_SAVE

CONFORMING_PLUGIN;
