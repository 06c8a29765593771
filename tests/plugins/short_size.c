/* SPDX-License-Identifier: MIT
   Its entry claims fewer bytes than version 1.0 has. */
#include "tests/plugins/stub.h"

extern HEARTH_EXPORT const hearth_plugin_entry hearth_plugin_v1;
HEARTH_EXPORT const hearth_plugin_entry hearth_plugin_v1 = {
    .size = 64, .abi_minor = HEARTH_ABI_MINOR, STUB_MEMBERS};
