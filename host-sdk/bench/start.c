/* SPDX-License-Identifier: MIT
   How long an instance takes from nothing to its first answer. */
#include <math.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host-sdk/bench/bench.h"
#include "host-sdk/bench/rig.h"

enum { STARTS = 5, MODELS = 100, OPENED = 0, CREATED, ANSWERED, TIMES };

static double ms_since(uint64_t began_ns) {
  return (double)(hearth_monotonic_ns() - began_ns) * 1e-6;
}

/* The times of one start, all since its beginning.  What it holds goes with
   its process. */
static hearth_status start(const hearth_bench_options *options,
                           double ms[TIMES]) {
  const hearth_shape shape = {MODELS, MODELS, options->idle_price, 1};
  char err[512];
  hearth_library *library = NULL;
  hearth_instance *instance = NULL;
  hearth_host *host = NULL;
  hearth_bench_request request;
  hearth_scene scene;
  hearth_rig rig;
  hearth_status status = hearth_scene_init(&scene, &shape, 0);
  const uint64_t began = hearth_monotonic_ns();
  if (status == HEARTH_OK) {
    status = hearth_library_open(options->plugin_path, NULL, &library, err,
                                 sizeof err);
    ms[OPENED] = ms_since(began);
  }
  if (status == HEARTH_OK) {
    status = hearth__bench_instance(library, options->config, -1, &scene, &host,
                                    &instance, err, sizeof err);
    ms[CREATED] = ms_since(began);
  }
  hearth_rig_init(&rig, instance);
  if (status == HEARTH_OK) {
    hearth_scene_next(&scene, 0, &request);
    status = hearth_rig_prepare(&rig, &scene, &request, HEARTH_REASON_REQUEST);
    ms[ANSWERED] = ms_since(began);
  }
  return status;
}

/* In a process of its own, so that no start finds memory or pages that another
   one left. */
static int start_apart(const hearth_bench_options *options, double ms[TIMES]) {
  const size_t size = sizeof *ms * TIMES;
  int ends[2], how = 1;
  if (pipe(ends) != 0) {
    return 0;
  }
  const pid_t child = fork();
  if (child == 0) {
    const hearth_status status = start(options, ms);
    _exit(status != HEARTH_OK || write(ends[1], ms, size) != (ssize_t)size);
  }
  close(ends[1]);
  const ssize_t got = read(ends[0], ms, size);
  close(ends[0]);
  return child > 0 && waitpid(child, &how, 0) == child && how == 0 &&
         got == (ssize_t)size;
}

void hearth__bench_start(const hearth_bench_options *options,
                         hearth_bench_life *life) {
  double all[TIMES][STARTS];
  life->open_ms = life->start_ms = life->first_plan_ms = NAN;
  for (int i = 0; i < STARTS; i++) {
    double ms[TIMES] = {0};
    if (!start_apart(options, ms)) {
      return; /* if it is the plugin's fault, the rows that follow say why */
    }
    for (int t = 0; t < TIMES; t++) {
      all[t][i] = ms[t];
    }
  }
  life->open_ms = hearth__bench_median(all[OPENED], STARTS);
  life->start_ms = hearth__bench_median(all[CREATED], STARTS);
  life->first_plan_ms = hearth__bench_median(all[ANSWERED], STARTS);
}
