/* SPDX-License-Identifier: MIT
   The hot path, for a profiler: Foresight, linked in, under the traffic of
   `hearth bench`, each step for itself or all. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/bench/bench.h"
#include "host-sdk/bench/rig.h"

extern const hearth_plugin_entry foresight_entry;

static const char usage[] =
    "usage: hot_path MODELS USERS LEARN REQUESTS [IDLE_PRICE]\n"
    "\n"
    "Teach Foresight LEARN requests, then go through REQUESTS more as a host\n"
    "does, and print the microseconds of each call.\n";

static void print(const char *name, hearth_stopwatch *watch) {
  const hearth_call_times times = hearth_stopwatch_times(watch);
  printf("%-8s p50 %8.2f us, mean %8.2f us\n", name, times.p50_us,
         (double)watch->total_ns / 1e3 / (double)watch->count);
}

/* The steps of a request, each a function of its own, so that a profiler tells
   them apart by name: tests/cost/test_instructions.sh does. */
#define STEP __attribute__((noinline)) hearth_status

STEP cost_guess(hearth_rig *rig, const hearth_scene *scene,
                const hearth_bench_request *request) {
  return hearth_rig_prepare(rig, scene, request, HEARTH_REASON_REQUEST);
}

STEP cost_started(hearth_rig *rig, const hearth_scene *scene,
                  const hearth_bench_request *request) {
  return hearth_rig_tell(rig, scene, request, HEARTH_PHASE_STARTED);
}

/* What the pool did, and the end: zero to two outcomes, and one. */
STEP cost_rest(hearth_rig *rig, const hearth_scene *scene,
               const hearth_bench_request *request) {
  hearth_status status = HEARTH_OK;
  if (request->evicted != HEARTH_BENCH_NONE) {
    status = hearth_rig_tell(rig, scene, request, HEARTH_PHASE_EVICTED);
  }
  if (status >= 0 && request->cold) {
    status = hearth_rig_tell(rig, scene, request, HEARTH_PHASE_LOADED);
  }
  return status < 0
             ? status
             : hearth_rig_tell(rig, scene, request, HEARTH_PHASE_FINISHED);
}

STEP cost_plan(hearth_rig *rig, const hearth_scene *scene,
               const hearth_bench_request *request) {
  return hearth_rig_prepare(rig, scene, request, HEARTH_REASON_SETTLED);
}

STEP cost_metadata(hearth_rig *rig, const hearth_scene *scene,
                   const hearth_bench_request *request) {
  return hearth_rig_ask(rig, scene, request);
}

typedef hearth_status step(hearth_rig *rig, const hearth_scene *scene,
                           const hearth_bench_request *request);

static hearth_status play(hearth_rig *rig, hearth_scene *scene, long learn,
                          long requests) {
  step *const steps[] = {cost_guess, cost_started, cost_rest, cost_plan,
                         cost_metadata};
  hearth_status status = HEARTH_OK;
  for (long i = 0; i < learn + requests && status >= 0; i++) {
    hearth_bench_request request;
    hearth_scene_next(scene, HEARTH_BENCH_NONE, &request);
    rig->timed = i >= learn;
    if (i < learn) {
      status = hearth_rig_teach(rig, scene, &request);
      continue;
    }
    for (int k = 0; k < 5 && status >= 0; k++) {
      status = steps[k](rig, scene, &request);
    }
  }
  return status;
}

int main(int argc, char **argv) {
  if (argc < 5 || argc > 6) {
    fputs(usage, stderr);
    return 2;
  }
  const hearth_shape shape = {.models = (uint32_t)atol(argv[1]),
                              .users = (uint32_t)atol(argv[2]),
                              .idle_price = argc > 5 ? atof(argv[5]) : -1,
                              .seed = 1};
  char err[512] = "";
  hearth_library *library = NULL;
  hearth_host *host = NULL;
  hearth_instance *instance = NULL;
  hearth_scene scene;
  hearth_rig rig;
  hearth_status status = hearth_scene_init(&scene, &shape, 0);
  if (status == HEARTH_OK) {
    status = hearth_library_wrap(&foresight_entry, "foresight", NULL, &library,
                                 err, sizeof err);
  }
  if (status == HEARTH_OK) {
    status = hearth__bench_instance(library, "", -1, &scene, &host, &instance,
                                    err, sizeof err);
  }
  hearth_rig_init(&rig, instance);
  if (status == HEARTH_OK) {
    status = play(&rig, &scene, atol(argv[3]), atol(argv[4]));
  }
  if (status >= 0) {
    print("guess", &rig.guess);
    print("plan", &rig.plan);
    print("outcome", &rig.outcome);
    print("metadata", &rig.metadata);
  } else {
    fprintf(stderr, "hot_path: %s\n", err[0] ? err : rig.err);
  }
  hearth_rig_free(&rig);
  hearth_instance_destroy(instance);
  hearth_host_free(host);
  hearth_library_close(library);
  hearth_scene_free(&scene);
  return status < 0;
}
