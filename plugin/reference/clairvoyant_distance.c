/* SPDX-License-Identifier: MIT
   Evict what is next used farthest in the future (Belady, "A study of
   replacement algorithms for a virtual-storage computer", IBM Systems Journal
   1966): a yardstick, for replays only. */
#include "plugin/reference/clairvoyant.h"

static double score(reference *ref, uint32_t model, int64_t now) {
  return -clairvoyant_distance(ref, model, now);
}

static const reference_policy policy = {
    .model_words = sizeof(struct clairvoyant) / 8,
    .reranks = 1,
    .score = score,
};

REFERENCE_PLUGIN(policy, "org.hearth.clairvoyant-distance",
                 "clairvoyant-distance",
                 "Knows the future: evicts by the farthest next use.",
                 .host_requires = clairvoyant_requires, .caps = REFERENCE_CAPS);
