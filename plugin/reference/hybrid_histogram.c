/* SPDX-License-Identifier: MIT
   The hybrid histogram policy (Shahrad et al., "Serverless in the Wild",
   USENIX ATC 2020, section 4.2): from a histogram of idle times, when to
   unload, when to load again ahead of the next request, and how long to wait
   for it. Where the paper fits ARIMA, the next idle time is the mean of the
   last 8. It is made for memory that has a price; under a budget it ranks as
   lru. */
#include "plugin/reference/base.h"
#include "plugin/sdk/math.h"

enum { BINS = 240, RECENT = 8, MIN_SAMPLES = 10 };
#define MINUTE_MS 60000
#define MIN_VARIATION 2.0 /* of the bins' counts */
#define REVIEW_MS 30000

struct own {
  uint64_t bins[BINS]; /* idle times by whole minutes */
  uint64_t within, beyond;
  double recent_ms[RECENT]; /* a ring */
  uint64_t recent;
  int64_t unload_ms; /* 0: never early; else load again by then */
  int64_t until_ms;  /* and keep to here, both from when it fell idle */
  uint64_t armed;    /* it is to be loaded again */
};

static hearth_status used(reference *ref, uint32_t model,
                          const hearth_outcome *outcome) {
  const reference_model *m = reference_at(ref, model);
  struct own *own = reference_own(ref, model);
  own->armed = 0;
  if (m->busy > 0 || m->idle_since == REFERENCE_NEVER ||
      outcome->at_ms < m->idle_since) {
    return HEARTH_OK;
  }
  const int64_t idle = outcome->at_ms - m->idle_since;
  own->recent_ms[own->recent++ % RECENT] = (double)idle;
  if (idle / MINUTE_MS < BINS) {
    own->bins[idle / MINUTE_MS]++;
    own->within++;
  } else {
    own->beyond++;
  }
  return HEARTH_OK;
}

/* The minute in which a share of the idle times within bounds has passed. */
static int64_t percentile(const struct own *own, double share) {
  double passed = 0;
  for (int64_t i = 0; i < BINS; i++) {
    passed += (double)own->bins[i];
    if (passed > 0 && passed >= share * (double)own->within) {
      return i;
    }
  }
  return BINS;
}

/* Standard deviation over mean of the bins' counts. */
static double variation(const struct own *own) {
  const double mean = (double)own->within / BINS;
  double sum = 0;
  for (int i = 0; i < BINS; i++) {
    const double d = (double)own->bins[i] - mean;
    sum += d * d;
  }
  return mean > 0 ? hearth_sqrt(sum / BINS) / mean : 0;
}

static void predict_next(struct own *own) {
  const uint64_t n = own->recent < RECENT ? own->recent : RECENT;
  double sum = 0;
  for (uint64_t i = 0; i < n; i++) {
    sum += own->recent_ms[i];
  }
  const double next = hearth_clip(sum / (double)n, 0, 1e15);
  own->unload_ms = (int64_t)(0.85 * next);
  own->until_ms = (int64_t)(1.15 * next);
}

static void decide(struct own *own) {
  const uint64_t samples = own->within + own->beyond;
  if (samples >= MIN_SAMPLES && own->beyond > own->within) {
    predict_next(own);
  } else if (samples < MIN_SAMPLES || variation(own) < MIN_VARIATION) {
    own->unload_ms = 0;
    own->until_ms = BINS * MINUTE_MS;
  } else {
    own->unload_ms = percentile(own, 0.05) * 9 / 10 * MINUTE_MS;
    own->until_ms = ((percentile(own, 0.99) + 1) * 11 + 9) / 10 * MINUTE_MS;
  }
}

static int64_t keep_for(reference *ref, uint32_t model, int64_t now) {
  struct own *own = reference_own(ref, model);
  (void)now;
  decide(own);
  own->armed = own->unload_ms > 0 && ref->idle_price > 0;
  return own->unload_ms > 0 ? 0 : own->until_ms;
}

/* A model that has left is loaded again, so as to be ready in time. */
static void load_again(reference *ref, uint32_t model) {
  reference_model *m = reference_at(ref, model);
  struct own *own = reference_own(ref, model);
  const int64_t by = m->idle_since + own->unload_ms;
  const int64_t start = by - (int64_t)m->load_ms;
  m->keep_for = own->until_ms - own->unload_ms;
  hearth_plan_model *entry = reference_list(ref, model);
  if (entry) {
    own->armed = 0;
    entry->action = HEARTH_ACTION_WARM;
    entry->start_at_ms = start > ref->now ? start : ref->now;
    entry->keep_for_ms = m->keep_for;
  }
}

static void extend(reference *ref, const hearth_context *context) {
  for (uint32_t id = 0; id < reference_count(ref); id++) {
    const reference_model *m = reference_at(ref, id);
    const struct own *own = reference_own(ref, id);
    if (!own->armed) {
      continue;
    }
    if (m->busy == 0 && m->arrived == 0) {
      load_again(ref, id);
    } else {
      reference_review(ref, context->now_ms + REVIEW_MS);
    }
  }
}

static const reference_policy policy = {
    .model_words = sizeof(struct own) / 8,
    .used = used,
    .keep_for = keep_for,
    .extend = extend,
};

REFERENCE_PLUGIN(policy, "org.hearth.hybrid-histogram", "hybrid-histogram",
                 "Serverless in the Wild: unloads and loads again by a "
                 "histogram of idle times.",
                 REFERENCE_STATE);
