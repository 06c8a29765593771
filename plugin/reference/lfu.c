/* SPDX-License-Identifier: MIT
   Least frequently used, with counts that halve every hour (LRFU: Lee et al.,
   "On the existence of a spectrum of policies", SIGMETRICS 1999, section 2). */
#include "plugin/reference/decay.h"

struct own {
  double count; /* at the last use */
};

static hearth_status used(reference *ref, uint32_t model,
                          const hearth_outcome *outcome) {
  const reference_model *m = reference_at(ref, model);
  struct own *own = reference_own(ref, model);
  own->count = decayed(own->count, m->last_used, outcome->at_ms) + 1;
  return HEARTH_OK;
}

static double score(reference *ref, uint32_t model, int64_t now) {
  const struct own *own = reference_own(ref, model);
  return decay_rank(own->count, now);
}

/* Each model's share of the recent requests. */
static void probability(reference *ref, const hearth_context *context,
                        double *p) {
  double sum = 0;
  for (uint32_t id = 0; id < reference_count(ref); id++) {
    const struct own *own = reference_own(ref, id);
    p[id] =
        decayed(own->count, reference_at(ref, id)->last_used, context->now_ms);
    sum += p[id];
  }
  for (uint32_t id = 0; sum > 0 && id < reference_count(ref); id++) {
    p[id] /= sum;
  }
}

static const reference_policy policy = {
    .model_words = sizeof(struct own) / 8,
    .used = used,
    .score = score,
    .probability = probability,
};

REFERENCE_PLUGIN(policy, "org.hearth.lfu", "lfu",
                 "Evicts the model with the fewest requests of late "
                 "(half-life one hour).",
                 REFERENCE_STATE);
