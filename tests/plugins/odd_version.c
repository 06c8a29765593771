/* SPDX-License-Identifier: MIT
   Its version is a word. */
#include "tests/plugins/conforming.h"

#undef VERSION
#define VERSION "final"

CONFORMING_PLUGIN;
