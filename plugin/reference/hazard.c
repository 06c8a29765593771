/* SPDX-License-Identifier: MIT
   The hazard of idle times with optimal stopping, and no mixing of evidence:
   the ablation that shows whether learning pays.  Where memory has a price it
   keeps a model while that is worth more than it costs; under a budget it ranks
   by Gittins' index * load time / memory (Gittins, "Bandit processes and
   dynamic allocation indices", JRSS B 1979). */
#include "plugin/reference/hazard.h"

#include "plugin/reference/base.h"

#define LONGEST 16.0 /* times break-even */

static hazard_all *all_of(const reference *ref) {
  return (void *)ref->self;
}

static void configure(reference *ref, const hearth_config *config) {
  (void)config;
  hazard_refresh(all_of(ref));
}

static double age(reference *ref, uint32_t model, int64_t now) {
  const reference_model *m = reference_at(ref, model);
  return m->busy > 0 || m->idle_since == REFERENCE_NEVER || m->idle_since > now
             ? 0
             : (double)(now - m->idle_since);
}

static hearth_status used(reference *ref, uint32_t model,
                          const hearth_outcome *outcome) {
  const reference_model *m = reference_at(ref, model);
  if (m->busy == 0 && m->idle_since != REFERENCE_NEVER &&
      outcome->at_ms >= m->idle_since) {
    const double idle_ms = (double)(outcome->at_ms - m->idle_since);
    hazard_learn(reference_own(ref, model), all_of(ref), idle_ms);
  }
  return HEARTH_OK;
}

static double score(reference *ref, uint32_t model, int64_t now) {
  const reference_model *m = reference_at(ref, model);
  return m->load_ms / m->memory_mb *
         hazard_index(reference_own(ref, model), all_of(ref),
                      age(ref, model, now));
}

static int64_t keep_for(reference *ref, uint32_t model, int64_t now) {
  const reference_model *m = reference_at(ref, model);
  const int64_t even = reference_break_even(ref, model);
  (void)now;
  if (even <= 0) {
    return even;
  }
  return (int64_t)hazard_stop(reference_own(ref, model), all_of(ref),
                              m->load_ms, m->load_ms / (double)even,
                              LONGEST * (double)even);
}

/* By how likely each is to come right now. */
static void probability(reference *ref, const hearth_context *context,
                        double *p) {
  double sum = 0;
  for (uint32_t id = 0; id < reference_count(ref); id++) {
    if (reference_at(ref, id)->requests > 0) {
      const double idle = age(ref, id, context->now_ms);
      const int bin = hazard_bin(idle);
      p[id] = hazard_of(reference_own(ref, id), all_of(ref), bin) /
              (hazard_edge(bin + 1) - hazard_edge(bin));
      sum += p[id];
    }
  }
  for (uint32_t id = 0; sum > 0 && id < reference_count(ref); id++) {
    p[id] /= sum;
  }
}

static void within(reference *ref, uint32_t model, int64_t now,
                   const double *ms, double *p) {
  hazard_within(reference_own(ref, model), all_of(ref), age(ref, model, now),
                ms, HEARTH_HORIZONS, p);
}

static const reference_policy policy = {
    .model_words = sizeof(hazard) / 8,
    .self_words = sizeof(hazard_all) / 8,
    .configure = configure,
    .reranks = 1,
    .used = used,
    .score = score,
    .keep_for = keep_for,
    .probability = probability,
    .within = within,
};

REFERENCE_PLUGIN(policy, "org.hearth.hazard", "hazard",
                 "Keeps by the empirical hazard of idle times and optimal "
                 "stopping, without mixing.",
                 .get_extension = reference_extension, REFERENCE_STATE);
