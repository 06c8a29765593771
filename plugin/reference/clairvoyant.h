/* SPDX-License-Identifier: MIT
   What the clairvoyants share: next uses, and when the next victim is chosen.
 */
#ifndef HEARTH_REFERENCE_CLAIRVOYANT_H
#define HEARTH_REFERENCE_CLAIRVOYANT_H

#include "plugin/reference/base.h"

static const char *const clairvoyant_requires[] = {HEARTH_EXT_FUTURE, NULL};

/* Of a model. */
struct clairvoyant {
  int64_t next;  /* use, as of the last look; later than then */
  int64_t known; /* it was looked up */
  int64_t check; /* clairvoyant: look then whether it is still busy; 0: no */
};

#define CLAIRVOYANT_NEVER ((int64_t)1 << 60)

/* Loads in flight and waiting.  A plan made while all lanes are taken is needed
   when the first of them is free again, and ranks for that moment. */
enum { CLAIRVOYANT_LANES = 16, CLAIRVOYANT_QUEUE = 240 };
struct clairvoyant_lanes {
  uint64_t loading, queued;
  struct {
    uint64_t model;
    int64_t ready;
  } load[CLAIRVOYANT_LANES];
  uint64_t queue[CLAIRVOYANT_QUEUE]; /* oldest first */
};

/* The policy's `used` and `loaded`, for those who rank by a moment. */
hearth_status clairvoyant_used(reference *ref, uint32_t model,
                               const hearth_outcome *outcome);
void clairvoyant_loaded(reference *ref, uint32_t model, int64_t at_ms);

/* Milliseconds to the next use. */
double clairvoyant_distance(reference *ref, uint32_t model, int64_t now);

/* The score of clairvoyant-cost: less for a longer distance, as of the moment
   when it matters, more memory, and a shorter load. */
double clairvoyant_score(reference *ref, uint32_t model, int64_t now);

#define CLAIRVOYANT_WORDS                                                      \
  .model_words = sizeof(struct clairvoyant) / 8,                               \
  .self_words = sizeof(struct clairvoyant_lanes) / 8

#endif
