/* SPDX-License-Identifier: MIT
   Has no prepare_models. */
#define STUB_PREPARE NULL

#include "tests/plugins/stub.h"

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
