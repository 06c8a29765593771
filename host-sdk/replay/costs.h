/* SPDX-License-Identifier: MIT
   Waits, loads and idle memory, from the events of a replay. */
#ifndef HEARTH_REPLAY_COSTS_H
#define HEARTH_REPLAY_COSTS_H

#include "host-sdk/replay/input/catalog.h"
#include "host-sdk/replay/result.h"
#include "plugin/sdk/pool/sim.h"

/* docs/evaluation.md defines every figure. */
typedef struct hearth_costs hearth_costs;

/* Owned by caller; NULL: no memory.  `end_ms`: the last request's time, where
   idle memory stops to count.  `requests`: how many there will be. */
hearth_costs *hearth_costs_new(const hearth_models *models, uint64_t requests,
                               int64_t end_ms);
void hearth_costs_free(hearth_costs *costs);

/* A request came and found its model so. */
void hearth_costs_request(hearth_costs *costs, int64_t now, uint32_t model,
                          hearth_found found);

/* Something happened in the pool. */
void hearth_costs_event(hearth_costs *costs, const hearth_sim_event *event);

/* Fill the waits, loads, idle memory and cost of `result`; HEARTH_NO_MEMORY
   leaves it as it was. */
hearth_status hearth_costs_report(hearth_costs *costs,
                                  const hearth_setting *setting,
                                  hearth_result *result);

#endif
