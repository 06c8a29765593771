/* SPDX-License-Identifier: MIT
   Greedy-dual size frequency, as FaasCache uses it (Fuerst, Sharma, "FaasCache:
   keeping serverless computing alive with greedy-dual caching", ASPLOS 2021,
   section 4.1): priority = clock + frequency * load time / memory, and the
   clock is the priority of the last victim. */
#ifndef HEARTH_REFERENCE_GDSF_H
#define HEARTH_REFERENCE_GDSF_H

#include "plugin/reference/base.h"

struct gdsf_self {
  double clock;
};

struct gdsf_own {
  double frequency, priority;
};

static inline hearth_status gdsf_used(reference *ref, uint32_t model,
                                      const hearth_outcome *outcome) {
  const struct gdsf_self *self = (const void *)ref->self;
  const reference_model *m = reference_at(ref, model);
  struct gdsf_own *own = reference_own(ref, model);
  (void)outcome;
  own->frequency += 1;
  own->priority = self->clock + own->frequency * m->load_ms / m->memory_mb;
  return HEARTH_OK;
}

static inline void gdsf_left(reference *ref, uint32_t model) {
  struct gdsf_self *self = (void *)ref->self;
  const struct gdsf_own *own = reference_own(ref, model);
  if (own->priority > self->clock) {
    self->clock = own->priority;
  }
}

static inline double gdsf_score(reference *ref, uint32_t model, int64_t now) {
  const struct gdsf_own *own = reference_own(ref, model);
  (void)now;
  return own->priority;
}

#define GDSF_WORDS                                                             \
  .model_words = sizeof(struct gdsf_own) / 8,                                  \
  .self_words = sizeof(struct gdsf_self) / 8

#endif
