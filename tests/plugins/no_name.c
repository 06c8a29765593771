/* SPDX-License-Identifier: MIT
   Gives an empty name. */
#define STUB_NAME ""

#include "tests/plugins/stub.h"

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
