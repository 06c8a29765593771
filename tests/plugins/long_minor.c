/* SPDX-License-Identifier: MIT
   Is of the minor version four thousand million. */
#include "tests/plugins/conforming.h"


extern HEARTH_EXPORT const hearth_plugin_entry hearth_plugin_v1;
HEARTH_EXPORT const hearth_plugin_entry hearth_plugin_v1 = {
    .size = sizeof(hearth_plugin_entry), .abi_minor = 4000000000u,
    CONFORMING_MEMBERS};
