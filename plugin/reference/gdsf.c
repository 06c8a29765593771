/* SPDX-License-Identifier: MIT
   Greedy-dual size frequency, with a frequency that survives eviction. */
#include "plugin/reference/gdsf.h"

static const reference_policy policy = {
    GDSF_WORDS,
    .used = gdsf_used,
    .left = gdsf_left,
    .score = gdsf_score,
};

REFERENCE_PLUGIN(policy, "org.hearth.gdsf", "gdsf",
                 "FaasCache: evicts by clock + frequency * load time / memory.",
                 REFERENCE_STATE);
