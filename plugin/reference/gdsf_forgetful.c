/* SPDX-License-Identifier: MIT
   Greedy-dual size frequency, with a frequency that an eviction resets. */
#include "plugin/reference/gdsf.h"

static void left(reference *ref, uint32_t model) {
  struct gdsf_own *own = reference_own(ref, model);
  gdsf_left(ref, model);
  own->frequency = 0;
}

static const reference_policy policy = {
    GDSF_WORDS,
    .used = gdsf_used,
    .left = left,
    .score = gdsf_score,
};

REFERENCE_PLUGIN(policy, "org.hearth.gdsf-forgetful", "gdsf-forgetful",
                 "GDSF that forgets a model's frequency when it leaves.",
                 REFERENCE_STATE);
