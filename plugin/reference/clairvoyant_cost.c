/* SPDX-License-Identifier: MIT
   Evict by the distance of the next use, times memory, by load time: a
   yardstick, for replays only. */
#include "plugin/reference/clairvoyant.h"

static const reference_policy policy = {
    CLAIRVOYANT_WORDS,          .reranks = 1,
    .used = clairvoyant_used,   .loaded = clairvoyant_loaded,
    .score = clairvoyant_score,
};

REFERENCE_PLUGIN(policy, "org.hearth.clairvoyant-cost", "clairvoyant-cost",
                 "Knows the future: evicts by next use * memory / load time.",
                 .host_requires = clairvoyant_requires, .caps = REFERENCE_CAPS);
