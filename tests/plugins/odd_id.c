/* SPDX-License-Identifier: MIT
   Its id is a phrase. */
#include "tests/plugins/conforming.h"

#undef ID
#define ID "my plugin"

CONFORMING_PLUGIN;
