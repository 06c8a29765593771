/* SPDX-License-Identifier: MIT
   What a comparison shows, and what it means in two sentences. */
#ifndef HEARTH_REPLAY_MEANING_H
#define HEARTH_REPLAY_MEANING_H

#include "host-sdk/replay/compare.h"

/* Whether a policy has a place in a setting's short table: of the fixed
   time-outs the best in hindsight, else the usual default, stands for all. */
int hearth_is_shown(const hearth_comparison *comparison, uint32_t setting,
                    uint32_t policy);

/* Whether the load lanes are busy nearly all the time, so that no order of
   eviction can help; docs/evaluation.md leaves such a setting out of means. */
int hearth_is_saturated(const hearth_comparison *comparison, uint32_t setting);

/* What the first policy won or lost against the best simple rule of each budget
   (of each price, where there are no budgets).  "" where there is nothing to
   say, as when the first policy is itself a yardstick. */
void hearth_meaning(const hearth_comparison *comparison, char *out,
                    uint64_t cap);

#endif
