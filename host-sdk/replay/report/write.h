/* SPDX-License-Identifier: MIT
   A file that is there whole, or not at all. */
#ifndef HEARTH_REPLAY_WRITE_H
#define HEARTH_REPLAY_WRITE_H

#include <stdio.h>

#include "hearth/plugin.h"

/* Have `write_page` write into a file beside `path`, which takes the place of
   what was at `path` once it is whole.  HEARTH_BAD_ARG or HEARTH_NO_MEMORY, with
   a sentence in `err`, leave `path` as it was. */
hearth_status hearth__write_whole(const char *path,
                                  void (*write_page)(const void *page,
                                                     FILE *out),
                                  const void *page, char *err,
                                  uint64_t err_cap);

#endif
