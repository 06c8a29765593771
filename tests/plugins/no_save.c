/* SPDX-License-Identifier: MIT
   Claims state, and has no save_state. */
#define STUB_CAPS HEARTH_CAP_STATE

#include "tests/plugins/stub.h"

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
