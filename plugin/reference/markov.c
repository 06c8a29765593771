/* SPDX-License-Identifier: MIT
   Keep the models that most often follow the user's last one, fill with the
   most used of late: a first-order Markov predictor, as web caches have used it
   (Padmanabhan, Mogul, "Using predictive prefetching to improve World Wide Web
   latency", CCR 1996, section 3), pooled over users. */
#include "plugin/reference/decay.h"

enum { SUCCESSORS = 32, USERS = 8192 };

/* The users' last models, by hash; a newer user takes an older one's slot. */
struct self {
  struct {
    uint64_t user, model;
  } last[USERS];
};

struct own {
  double count; /* decayed, for the fill */
  uint64_t total;
  struct {
    uint64_t model, count;
  } next[SUCCESSORS]; /* by count; the least gives way when all are taken */
};

static uint64_t user_of(const reference *ref, hearth_str id) {
  return hearth_hash((uint64_t)ref->config.seed, id.data, id.len) | 1;
}

/* What this user last used, or REFERENCE_NONE. */
static uint32_t last_of(const reference *ref, hearth_str id) {
  const struct self *self = (const void *)ref->self;
  const uint64_t user = user_of(ref, id);
  const uint64_t slot = user % USERS;
  return self->last[slot].user == user &&
                 self->last[slot].model < reference_count(ref)
             ? (uint32_t)self->last[slot].model
             : REFERENCE_NONE;
}

static void follow(struct own *own, uint32_t model) {
  uint32_t at = 0;
  while (at < SUCCESSORS - 1 && own->next[at].count > 0 &&
         own->next[at].model != model) {
    at++;
  }
  if (own->next[at].model != model) {
    own->next[at].model = model;
    own->next[at].count = 0;
  }
  own->next[at].count++;
  own->total++;
  for (; at > 0 && own->next[at - 1].count < own->next[at].count; at--) {
    const uint64_t above_model = own->next[at - 1].model;
    const uint64_t above_count = own->next[at - 1].count;
    own->next[at - 1] = own->next[at];
    own->next[at].model = above_model;
    own->next[at].count = above_count;
  }
}

static hearth_status used(reference *ref, uint32_t model,
                          const hearth_outcome *outcome) {
  struct self *self = (void *)ref->self;
  const reference_model *m = reference_at(ref, model);
  struct own *own = reference_own(ref, model);
  const uint32_t last = last_of(ref, outcome->user.id);
  const uint64_t user = user_of(ref, outcome->user.id);
  if (last != REFERENCE_NONE) {
    follow(reference_own(ref, last), model);
  }
  self->last[user % USERS].user = user;
  self->last[user % USERS].model = model;
  own->count = decayed(own->count, m->last_used, outcome->at_ms) + 1;
  return HEARTH_OK;
}

static double frequency(reference *ref, uint32_t model, int64_t now) {
  const struct own *own = reference_own(ref, model);
  return decayed(own->count, reference_at(ref, model)->last_used, now);
}

/* How often `model` followed the one just used; 0 if not among the most. */
static double follows(reference *ref, uint32_t model) {
  const struct own *last =
      ref->latest == REFERENCE_NONE ? NULL : reference_own(ref, ref->latest);
  for (uint32_t i = 0; last && i < SUCCESSORS && last->next[i].count > 0; i++) {
    if (last->next[i].model == model) {
      return (double)last->next[i].count;
    }
  }
  return 0;
}

/* Those that follow stand above those that fill, whose score is below 1. */
static double score(reference *ref, uint32_t model, int64_t now) {
  const double often = follows(ref, model);
  const double recent = frequency(ref, model, now);
  return often > 0 ? 1 + often : recent / (1 + recent);
}

/* Counts of what followed, over a prior of two requests by frequency. */
static void probability(reference *ref, const hearth_context *context,
                        double *p) {
  const uint32_t count = reference_count(ref);
  const uint32_t last = last_of(ref, context->user.id);
  const struct own *own =
      last == REFERENCE_NONE ? NULL : reference_own(ref, last);
  const double total = own ? (double)own->total : 0;
  double sum = 0;
  for (uint32_t id = 0; id < count; id++) {
    p[id] = frequency(ref, id, context->now_ms);
    sum += p[id];
  }
  for (uint32_t id = 0; id < count; id++) {
    p[id] = sum > 0 ? 2 * p[id] / sum / (total + 2) : 0;
  }
  for (uint32_t i = 0; own && i < SUCCESSORS && own->next[i].count > 0; i++) {
    if (own->next[i].model < count) {
      p[own->next[i].model] += (double)own->next[i].count / (total + 2);
    }
  }
}

static const reference_policy policy = {
    .model_words = sizeof(struct own) / 8,
    .self_words = sizeof(struct self) / 8,
    .reranks = 1,
    .used = used,
    .score = score,
    .probability = probability,
};

REFERENCE_PLUGIN(policy, "org.hearth.markov", "markov",
                 "Keeps what most often follows the user's last model, fills "
                 "with the most used of late.",
                 REFERENCE_STATE);
