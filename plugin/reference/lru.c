/* SPDX-License-Identifier: MIT
   Least recently used: what every server that evicts at all does today. */
#include "plugin/reference/base.h"

/* The base's own order is that of the last use. */
static const reference_policy policy = {.model_words = 0};

REFERENCE_PLUGIN(policy, "org.hearth.lru", "lru",
                 "Evicts the model that was requested longest ago.",
                 REFERENCE_STATE);
