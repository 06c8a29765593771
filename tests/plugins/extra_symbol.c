/* SPDX-License-Identifier: MIT
   Exports one more symbol. */
#include "tests/plugins/conforming.h"

extern HEARTH_EXPORT int helper_of_mine;
HEARTH_EXPORT int helper_of_mine = 1;


CONFORMING_PLUGIN;
