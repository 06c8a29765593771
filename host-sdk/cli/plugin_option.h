/* SPDX-License-Identifier: MIT
   A plugin as the command line names it. */
#ifndef HEARTH_CLI_PLUGIN_OPTION_H
#define HEARTH_CLI_PLUGIN_OPTION_H

#include "host-sdk/replay/policy.h"

/* Add the plugin of FILE.so[:NAME[:CONFIG]].  A file that is not here may be
   among the plugins: "hearth-lru.so".  On failure `err` has a sentence. */
hearth_status hearth__add_plugin(hearth_policies *policies, const char *text,
                                 char *err, uint64_t err_cap);

#endif
