/* SPDX-License-Identifier: MIT
   Claims what nobody knows. */
#include "tests/plugins/conforming.h"

#undef CAPS
#define CAPS (HEARTH_CAP_DETERMINISTIC | HEARTH_CAP_STATE | 0x400u)

CONFORMING_PLUGIN;
