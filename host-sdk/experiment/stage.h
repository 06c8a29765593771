/* SPDX-License-Identifier: MIT
   What all arms of an experiment play on: the models and the setting. */
#ifndef HEARTH_EXPERIMENT_STAGE_H
#define HEARTH_EXPERIMENT_STAGE_H

#include "hearth/experiment.h"
#include "plugin/sdk/names.h"
#include "plugin/sdk/pool/sim.h"
#include "plugin/sdk/wire/messages.h"

/* Constant once made: arms share nothing else. */
typedef struct hearth__arena {
  hearth_names *names;         /* model i is name i */
  hearth_names *words;         /* groups, hardware, the pool's id */
  hearth_catalog_model *items; /* owned; strings in the two above */
  uint32_t count;
  double budget_mb, idle_price; /* -1: none */
  uint32_t load_lanes;
  hearth_str pool_id;
  double longest_s, all_s; /* load times: the longest, and their sum */
} hearth__arena;

/* Free it also on failure.  HEARTH_BAD_ARG with a sentence: a model twice, or
   without memory. */
hearth_status hearth__arena_init(hearth__arena *arena,
                                 const hearth_experiment_options *options,
                                 char *err, uint64_t err_cap);
void hearth__arena_free(hearth__arena *arena);

/* A ghost pool of these models.  *out is the caller's, on failure too. */
hearth_status hearth__arena_pool(const hearth__arena *arena,
                                 hearth_sim_listen *listen, void *user,
                                 hearth_sim **out, char *err, uint64_t err_cap);

#endif
