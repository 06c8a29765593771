/* SPDX-License-Identifier: MIT
   Keep a model for as long as its memory has cost what a load would: the ski
   rental rule, at most twice the optimum (Karlin, Manasse, Rudolph, Sleator,
   "Competitive snoopy caching", Algorithmica 1988, section 2). */
#include "plugin/reference/base.h"

static int64_t keep_for(reference *ref, uint32_t model, int64_t now) {
  (void)now;
  return reference_break_even(ref, model);
}

static const reference_policy policy = {.keep_for = keep_for};

REFERENCE_PLUGIN(policy, "org.hearth.breakeven", "breakeven",
                 "Keeps a model until its idle memory has cost a load.",
                 REFERENCE_STATE);
