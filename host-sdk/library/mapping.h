/* SPDX-License-Identifier: MIT
   Mapped plugins by their content: the same bytes are mapped once. */
#ifndef HEARTH_LIBRARY_MAPPING_H
#define HEARTH_LIBRARY_MAPPING_H

#include <stdint.h>

#include "hearth/plugin.h"

/* A mapped file, counted by its users.  Thread-safe. */
typedef struct hearth__mapping hearth__mapping;

/* Map the file's bytes, or find them mapped. */
hearth_status hearth__mapping_get(const char *path, hearth__mapping **out,
                                  char *err, uint64_t err_cap);

/* Let go.  The last user of a mapping that is `unloadable` unmaps it; any other
   stays for the next one who opens the same bytes. */
void hearth__mapping_put(hearth__mapping *mapping, int unloadable);

/* The address of a symbol, or NULL. */
void *hearth__mapping_symbol(const hearth__mapping *mapping, const char *name);

uint64_t hearth__mapping_hash(const hearth__mapping *mapping);

#endif
