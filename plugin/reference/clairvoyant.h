/* SPDX-License-Identifier: MIT
   What the clairvoyants share: the next use of a model, looked up once. */
#ifndef HEARTH_REFERENCE_CLAIRVOYANT_H
#define HEARTH_REFERENCE_CLAIRVOYANT_H

#include "plugin/reference/base.h"

static const char *const clairvoyant_requires[] = {HEARTH_EXT_FUTURE, NULL};

struct clairvoyant {
  int64_t next;  /* use, as of the last look; later than then */
  int64_t known; /* it was looked up */
  int64_t check; /* clairvoyant: look then whether it is still busy; 0: no */
};

#define CLAIRVOYANT_NEVER ((int64_t)1 << 60)

/* Milliseconds to the next use. */
static inline double clairvoyant_distance(reference *ref, uint32_t model,
                                          int64_t now) {
  struct clairvoyant *own = reference_own(ref, model);
  if (!own->known || own->next <= now) {
    const int64_t next = reference_next_use(ref, model, now);
    own->next = next < CLAIRVOYANT_NEVER ? next : CLAIRVOYANT_NEVER;
    own->known = 1;
  }
  return (double)own->next - (double)now;
}

/* Distance by what a load costs for its memory. */
static inline double clairvoyant_cost(reference *ref, uint32_t model,
                                      int64_t now) {
  const reference_model *m = reference_at(ref, model);
  const double load_ms = m->load_ms > 0 ? m->load_ms : 1e-3;
  return clairvoyant_distance(ref, model, now) * m->memory_mb / load_ms;
}

#endif
