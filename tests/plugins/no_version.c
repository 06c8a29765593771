/* SPDX-License-Identifier: MIT
   Gives no version. */
#define STUB_VERSION NULL

#include "tests/plugins/stub.h"

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
