/* SPDX-License-Identifier: MIT
   A plugin under a benchmark: its calls through the whole boundary, timed. */
#ifndef HEARTH_BENCH_RIG_H
#define HEARTH_BENCH_RIG_H

#include "hearth/host.h"
#include "host-sdk/bench/scene.h"
#include "host-sdk/replay/stopwatch.h"
#include "plugin/sdk/wire/encode.h"

enum { HEARTH_BENCH_LINES = 64 }; /* the longest plan that is asked for */

/* One thread's way to an instance.  A time is that of: encode the context, call,
   decode the answer; or encode the outcome and call. */
typedef struct hearth_rig {
  hearth_instance *instance; /* shared by the rigs of all threads */
  /* prepare: all calls; of them, guess: before the model is known, and plan:
     after. */
  hearth_stopwatch prepare, guess, plan, outcome, metadata;
  uint64_t requests, answers, answer_bytes; /* answers: of prepare_models */
  hearth_buffer message;
  hearth_output out;
  hearth_plan_model lines[HEARTH_BENCH_LINES];
  int timed;
  char err[512]; /* after a failure, a sentence */
} hearth_rig;

void hearth_rig_init(hearth_rig *rig, hearth_instance *instance);
void hearth_rig_free(hearth_rig *rig);

/* What a host does for a request: prepare_models before the model is known,
   `started`, what the pool did, prepare_models again, `finished`; and
   get_model_metadata for one request in sixteen.  The first negative status
   ends it. */
hearth_status hearth_rig_request(hearth_rig *rig, const hearth_scene *scene,
                                 const hearth_bench_request *request);

/* Its steps: prepare_models, record_outcome and get_model_metadata. */
hearth_status hearth_rig_prepare(hearth_rig *rig, const hearth_scene *scene,
                                 const hearth_bench_request *request,
                                 int32_t reason);
hearth_status hearth_rig_tell(hearth_rig *rig, const hearth_scene *scene,
                              const hearth_bench_request *request,
                              int32_t phase);
hearth_status hearth_rig_ask(hearth_rig *rig, const hearth_scene *scene,
                             const hearth_bench_request *request);

/* Tell only that the request started. */
hearth_status hearth_rig_teach(hearth_rig *rig, const hearth_scene *scene,
                               const hearth_bench_request *request);

#endif
