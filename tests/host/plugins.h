/* SPDX-License-Identifier: MIT
   The plugins of tests/plugins, by name. */
#ifndef HEARTH_TESTS_HOST_PLUGINS_H
#define HEARTH_TESTS_HOST_PLUGINS_H

#include "hearth/host.h"

/* The path of a test plugin; static storage, valid until the next call. */
const char *plugin_path(const char *name);

/* Its library, or NULL with a failed assertion. */
hearth_library *plugin_open(const char *name);

/* An instance of it with `host` (may be NULL), or NULL likewise. */
hearth_instance *plugin_instance(const char *name, const hearth_host *host);

/* The bytes of a text. */
hearth_bytes bytes_of(const char *text);

#endif
