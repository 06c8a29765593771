/* SPDX-License-Identifier: MIT
   What a replay plays on: a pool with the catalog's models. */
#ifndef HEARTH_REPLAY_STAGE_H
#define HEARTH_REPLAY_STAGE_H

#include "host-sdk/replay/replay.h"
#include "plugin/sdk/pool/sim.h"

/* Make the sim of a replay's setting; `listen` hears of all that happens.  *out
   is owned by the caller, on failure too, where it may be NULL.  HEARTH_LIMIT,
   with a sentence: a model alone is larger than the budget. */
hearth_status hearth__stage_new(const hearth_replay_options *options,
                                hearth_sim_listen *listen, void *user,
                                hearth_sim **out, char *err, uint64_t err_cap);

#endif
