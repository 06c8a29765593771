/* SPDX-License-Identifier: MIT
   A shared object that is no plugin. */
#include "hearth/plugin.h"

extern HEARTH_EXPORT const int hearth_plugin_v0;
HEARTH_EXPORT const int hearth_plugin_v0 = 1;
