/* SPDX-License-Identifier: MIT
   A plugin's file: its bytes, and a private mapping of them. */
#ifndef HEARTH_LIBRARY_COPY_H
#define HEARTH_LIBRARY_COPY_H

#include <stdint.h>

#include "hearth/plugin.h"

/* Larger files are no plugins. */
enum { HEARTH__FILE_MAX = 512 << 20 };

/* Read a whole file.  *data is owned by the caller (free), and may be NULL with
 *len 0.  The sentence in `err` names the path. */
hearth_status hearth__file_read(const char *path, uint8_t **data, uint64_t *len,
                                char *err, uint64_t err_cap);

/* dlopen a private copy of `bytes`, immediately bound and local.  `serial` must
   differ from that of every copy before.  `path` is for messages only. */
hearth_status hearth__copy_open(const char *path, hearth_bytes bytes,
                                uint32_t serial, void **handle, char *err,
                                uint64_t err_cap);

#endif
