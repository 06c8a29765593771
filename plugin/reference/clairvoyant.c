/* SPDX-License-Identifier: MIT
   Keep a model through a gap exactly when that is cheaper than a load: a
   yardstick for memory that has a price, for replays only.  Under a budget it
   is clairvoyant-cost. */
#include "plugin/reference/clairvoyant.h"

/* The gap begins when the requests that now run have ended, and nobody knows
   when.  If it is longer than break-even even though it began `break-even`
   before the next use, then it began earlier: look then. */
static int64_t keep_for(reference *ref, uint32_t model, int64_t now) {
  struct clairvoyant *own = reference_own(ref, model);
  const int64_t worth = reference_break_even(ref, model);
  own->check = 0;
  if (worth < 0 || clairvoyant_distance(ref, model, now) <= (double)worth) {
    return worth;
  }
  if (own->next < CLAIRVOYANT_NEVER) {
    own->check = own->next - worth;
  }
  return 0;
}

/* Still there at the time to look: worth keeping to the next use. */
static void look(reference *ref, uint32_t model) {
  reference_model *m = reference_at(ref, model);
  struct clairvoyant *own = reference_own(ref, model);
  own->check = 0;
  m->keep_for = reference_break_even(ref, model);
  hearth_plan_model *entry = reference_list(ref, model);
  if (entry) {
    entry->keep_for_ms = m->keep_for;
  }
}

static void extend(reference *ref, const hearth_context *context) {
  for (uint32_t id = 0; id < reference_count(ref); id++) {
    const reference_model *m = reference_at(ref, id);
    struct clairvoyant *own = reference_own(ref, id);
    if (own->check == 0) {
      continue;
    }
    if (m->busy == 0 && m->arrived == 0) {
      own->check = 0;
    } else if (own->check <= context->now_ms) {
      look(ref, id);
    } else {
      reference_review(ref, own->check);
    }
  }
}

static const reference_policy policy = {
    CLAIRVOYANT_WORDS,          .reranks = 1,
    .used = clairvoyant_used,   .loaded = clairvoyant_loaded,
    .score = clairvoyant_score, .keep_for = keep_for,
    .extend = extend,
};

REFERENCE_PLUGIN(policy, "org.hearth.clairvoyant", "clairvoyant",
                 "Knows the future: keeps a model through a gap exactly when "
                 "that is cheaper than a load.",
                 .host_requires = clairvoyant_requires, .caps = REFERENCE_CAPS);
