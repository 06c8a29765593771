/* SPDX-License-Identifier: MIT
   Gives no id. */
#define STUB_ID NULL

#include "tests/plugins/stub.h"

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
