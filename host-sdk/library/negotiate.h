/* SPDX-License-Identifier: MIT
   Whether this host and a plugin can work together. */
#ifndef HEARTH_LIBRARY_NEGOTIATE_H
#define HEARTH_LIBRARY_NEGOTIATE_H

#include "hearth/plugin.h"

/* Check what a plugin exports and copy what this host knows of it into *out,
   zero where the plugin is older.  HEARTH_BAD_ARG: `err` says in one sentence,
   that begins with `name`, what did not match. */
hearth_status hearth__negotiate(const hearth_plugin_entry *theirs,
                                const char *name, hearth_plugin_entry *out,
                                char *err, uint64_t err_cap);

/* Whether `host` has every extension that the plugin requires;
   HEARTH_UNSUPPORTED names the first that it lacks. */
hearth_status hearth__negotiate_host(const hearth_plugin_entry *entry,
                                     const hearth_host *host, const char *name,
                                     char *err, uint64_t err_cap);

#endif
