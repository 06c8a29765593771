/* SPDX-License-Identifier: MIT
   No policy: decodes what comes and answers as much as a plugin does, so that a
   benchmark sees what the boundary alone costs. */
#include "plugin/reference/base.h"

enum { ENTRIES = 8 }; /* unless max_warm_models says how many */

/* As long an answer to predict/1 as a plugin's that has one: a replay asks for
   it each minute of the trace. */
static void within(reference *ref, uint32_t model, int64_t now,
                   const double *ms, double *p) {
  (void)ref;
  (void)model;
  (void)now;
  (void)ms;
  p[0] = 0.25;
  p[1] = 0.5;
  p[2] = 0.75;
}

static void extend(reference *ref, const hearth_context *context) {
  const int64_t most = ref->config.max_warm_models;
  const uint32_t wanted = most < 0 ? ENTRIES : (uint32_t)most;
  const uint32_t count = reference_count(ref);
  for (uint32_t id = 0; id < count && id < wanted; id++) {
    hearth_plan_model *entry = reference_list(ref, id);
    if (entry) {
      entry->confidence = 0.5;
      entry->p_next = 0.125;
      within(ref, id, context->now_ms, NULL, entry->p_within.p);
      entry->expected_load_ms = (int64_t)reference_at(ref, id)->load_ms;
      entry->start_at_ms = context->now_ms;
      entry->keep_for_ms = 300000;
    }
  }
}

static const reference_policy policy = {.within = within, .extend = extend};

REFERENCE_PLUGIN(policy, "org.hearth.echo", "echo",
                 "No policy: what a call alone costs.", .caps = REFERENCE_CAPS,
                 .get_extension = reference_extension);
