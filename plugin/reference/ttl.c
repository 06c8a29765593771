/* SPDX-License-Identifier: MIT
   A fixed keep-alive: 5 minutes by default, as Ollama has it; ttl_seconds of
   the configuration changes it (OpenWhisk 600, LM Studio 3600). */
#include "plugin/reference/base.h"

#define DEFAULT_SECONDS 300.0

struct self {
  int64_t ttl_ms;
};

static void configure(reference *ref, const hearth_config *config) {
  struct self *self = (void *)ref->self;
  const double seconds =
      config->ttl_seconds >= 0 ? config->ttl_seconds : DEFAULT_SECONDS;
  self->ttl_ms = (int64_t)(seconds * 1000);
}

static int64_t keep_for(reference *ref, uint32_t model, int64_t now) {
  const struct self *self = (const void *)ref->self;
  (void)model;
  (void)now;
  return self->ttl_ms;
}

static const reference_policy policy = {
    .self_words = sizeof(struct self) / 8,
    .configure = configure,
    .keep_for = keep_for,
};

REFERENCE_PLUGIN(policy, "org.hearth.ttl", "ttl",
                 "Keeps every model for a fixed time after its last use.",
                 REFERENCE_STATE);
