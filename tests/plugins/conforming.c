/* SPDX-License-Identifier: MIT
   Keeps the whole contract. */
#include "tests/plugins/conforming.h"

CONFORMING_PLUGIN;
