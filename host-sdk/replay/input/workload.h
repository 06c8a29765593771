/* SPDX-License-Identifier: MIT
   A seeded workload: what the users of an AI-assisted IDE ask for. */
#ifndef HEARTH_REPLAY_WORKLOAD_H
#define HEARTH_REPLAY_WORKLOAD_H

#include <stdint.h>

#include "hearth/plugin.h"
#include "host-sdk/replay/input/catalog.h"
#include "host-sdk/replay/input/trace.h"

typedef struct hearth_workload_options {
  uint64_t seed;
  uint32_t users;  /* 1 to 10000 */
  uint32_t days;   /* 1 to 400 */
  uint32_t models; /* 4 to 64 */
} hearth_workload_options;

/* Seed 1, 40 users, 14 days, 24 models: about 24,000 requests. */
void hearth_workload_options_init(hearth_workload_options *options);

/* Make a trace and its catalog, already matched (hearth_models_match).  The
   same options give the same bytes on every machine.  docs/workload.md says
   how. `options` NULL: the defaults.  On failure both hold nothing. */
hearth_status hearth_workload_make(const hearth_workload_options *options,
                                   const hearth_memory_user *memory,
                                   hearth_trace *trace, hearth_models *models);

#endif
