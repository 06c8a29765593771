/* SPDX-License-Identifier: MIT
   Its name is not UTF-8. */
#include "tests/plugins/conforming.h"

#undef NAME
#define NAME "caf\xe9"

CONFORMING_PLUGIN;
