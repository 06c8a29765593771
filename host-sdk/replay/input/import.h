/* SPDX-License-Identifier: MIT
   Traces from public datasets and servers' logs in their own formats. */
#ifndef HEARTH_REPLAY_IMPORT_H
#define HEARTH_REPLAY_IMPORT_H

#include <stdint.h>

#include "hearth/plugin.h"
#include "host-sdk/replay/input/catalog.h"
#include "host-sdk/replay/input/trace.h"

typedef struct hearth_import_options {
  uint64_t seed; /* of the instants within a minute, and of sizes */
  int32_t all;   /* azure2019: every invocation, not one an active minute */
} hearth_import_options;

/* A format's name and one line about it; NULL past the end. */
const char *hearth_import_format(uint32_t index);
const char *hearth_import_help(uint32_t index);

/* Read `count` files of one format (one, but for azure2019, whose files are the
   days in their order), plain or gzipped, into a trace and its catalog, already
   matched.  docs/workload.md says what of them is real and what is derived.
   `skipped`: how many records were left out, because they name no model.
   HEARTH_BAD_ARG: no such format.  On failure both hold nothing and `err` has
   one sentence. */
hearth_status hearth_import(const char *format, const char *const *paths,
                            uint32_t count,
                            const hearth_import_options *options,
                            const hearth_memory_user *memory,
                            hearth_trace *trace, hearth_models *models,
                            uint64_t *skipped, char *err, uint64_t err_cap);

#endif
