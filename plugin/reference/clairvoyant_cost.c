/* SPDX-License-Identifier: MIT
   Evict by the distance of the next use, times memory, by load time: a
   yardstick, for replays only. */
#include "plugin/reference/clairvoyant.h"

static double score(reference *ref, uint32_t model, int64_t now) {
  return -clairvoyant_cost(ref, model, now);
}

static const reference_policy policy = {
    .model_words = sizeof(struct clairvoyant) / 8,
    .reranks = 1,
    .score = score,
};

REFERENCE_PLUGIN(policy, "org.hearth.clairvoyant-cost", "clairvoyant-cost",
                 "Knows the future: evicts by next use * memory / load time.",
                 .host_requires = clairvoyant_requires, .caps = REFERENCE_CAPS);
