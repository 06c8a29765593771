/* SPDX-License-Identifier: MIT
   Files that are written whole or not at all. */
#ifndef HEARTH_REPLAY_OUT_H
#define HEARTH_REPLAY_OUT_H

#include <stdint.h>

#include "hearth/plugin.h"
#include "plugin/sdk/memory.h"
#include "plugin/sdk/wire/schema.h"

/* A file being written under a temporary name beside its own, gzipped where the
   name ends in ".gz".  Nothing is under its own name before commit.  A failed
   write is remembered and reported by commit. */
typedef struct hearth__out hearth__out;

/* Owned by the caller: commit or abandon it.  `err` is borrowed until then. */
hearth_status hearth__out_open(const hearth_memory_user *memory,
                               const char *path, char *err, uint64_t err_cap,
                               hearth__out **out);

/* One CSV field, quoted where it must be; a comma goes before all but the
   first of a record. */
void hearth__out_text(hearth__out *out, hearth_str text);
void hearth__out_int(hearth__out *out, int64_t value); /* < 0: empty */
void hearth__out_real(hearth__out *out, double value); /* < 0: empty */
void hearth__out_end(hearth__out *out);                /* of a record */

/* Close the file and give it its name.  Frees `out` in any case. */
hearth_status hearth__out_commit(hearth__out *out);

/* Remove what was written.  NULL is allowed. */
void hearth__out_abandon(hearth__out *out);

#endif
