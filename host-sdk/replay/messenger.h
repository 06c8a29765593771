/* SPDX-License-Identifier: MIT
   A replay's talk with one plugin: requests to contexts, answers to plans. */
#ifndef HEARTH_REPLAY_MESSENGER_H
#define HEARTH_REPLAY_MESSENGER_H

#include "hearth/host.h"
#include "host-sdk/replay/future.h"
#include "host-sdk/replay/input/catalog.h"
#include "host-sdk/replay/input/trace.h"
#include "host-sdk/replay/plan.h"
#include "host-sdk/replay/result.h"
#include "plugin/sdk/pool/sim.h"
#include "plugin/sdk/wire/encode.h"

/* Everything passes through the boundary: encoded, called, decoded.
   HEARTH_UNAVAILABLE: the plugin failed, and hearth_messenger_error has a
   sentence on what it was asked and what went wrong; any other failure is the
   host's own. */
typedef struct hearth_messenger hearth_messenger;

typedef struct hearth_messenger_options {
  const hearth_trace *trace;     /* borrowed, as all below */
  const hearth_models *models;
  const hearth_uses *uses;       /* for hearth.future/1 */
  const hearth_setting *setting;
  const hearth_config *config;   /* without the models */
  int timing;                    /* keep each call's duration */
} hearth_messenger_options;

/* Create an instance of `library` and tell it the catalog.  Owned by caller. */
hearth_status hearth_messenger_new(hearth_library *library,
                                   const hearth_messenger_options *options,
                                   hearth_messenger **out, char *err,
                                   uint64_t err_cap);
void hearth_messenger_free(hearth_messenger *messenger);

/* Ask about request `i` (reason request or settled), with `used_kb` of memory
   in use.  The plan is valid until the next question. */
hearth_status hearth_messenger_ask(hearth_messenger *messenger, int32_t reason,
                                   uint32_t i, int64_t used_kb,
                                   const hearth_plan **plan);

/* Hold a review. */
hearth_status hearth_messenger_review(hearth_messenger *messenger, int64_t now,
                                      int64_t used_kb,
                                      const hearth_plan **plan);

/* Whether the plugin has predict/1, and its answer at `now`. */
int hearth_messenger_predicts(const hearth_messenger *messenger);
hearth_status hearth_messenger_predict(hearth_messenger *messenger,
                                       int64_t now, const hearth_plan **plan);

/* Ask hearth.explain/1 for all models, about request `request` or, where that
   is -1, about the pool.  HEARTH_UNSUPPORTED: the plugin has none.  The models,
   all in the catalog, are valid until the next question; their strings are in
   *text, which the caller frees. */
hearth_status hearth_messenger_explain(hearth_messenger *messenger, int64_t now,
                                       int64_t request, int64_t used_kb,
                                       void **text,
                                       const hearth_plan_model **models,
                                       uint32_t *count);
/* The number of a model of the catalog. */
uint32_t hearth_messenger_model(const hearth_messenger *messenger,
                                hearth_str name);

/* Tell: request `i` started, having found its model so. */
hearth_status hearth_messenger_started(hearth_messenger *messenger, uint32_t i,
                                       hearth_found found);

/* Tell what happened in the pool. */
hearth_status hearth_messenger_event(hearth_messenger *messenger,
                                     const hearth_sim_event *event);

/* The sentence of the last failure, and the bytes that the plugin holds. */
const char *hearth_messenger_error(const hearth_messenger *messenger);
uint64_t hearth_messenger_plugin_bytes(const hearth_messenger *messenger);

/* Call durations so far. */
void hearth_messenger_times(hearth_messenger *messenger,
                            hearth_call_times *prepare,
                            hearth_call_times *record);

#endif
