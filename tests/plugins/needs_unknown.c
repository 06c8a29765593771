/* SPDX-License-Identifier: MIT
   Requires an extension that no host has. */
#define STUB_REQUIRES needs

static const char *const needs[] = {"hearth.memory/1", "hearth.telepathy/1", 0};

#include "tests/plugins/stub.h"

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
