/* SPDX-License-Identifier: MIT
   What a cell of a benchmark works with. */
#include "host-sdk/bench/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "hearth/worker.h"

static double seconds_of(clockid_t clock) {
  struct timespec now = {0};
  (void)clock_gettime(clock, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double hearth__bench_cpu_s(hearth_instance *instance) {
  hearth_worker_info info = {0};
  clockid_t clock;
  double sum = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  if (hearth_worker_get_info(instance, &info) == HEARTH_OK && info.pid > 0 &&
      clock_getcpuclockid(info.pid, &clock) == 0) {
    sum += seconds_of(clock);
  }
  return sum;
}

double hearth__bench_cpu_share(double cpu_s, double wall_s) {
  const long cores = sysconf(_SC_NPROCESSORS_ONLN);
  return cpu_s / (wall_s + 1e-9) / (double)(cores > 0 ? cores : 1);
}

/* How many models the floor lists, for answers as long as the plugin's: from
   the length of the plugin's, and of the floor's with none and with eight. */
static hearth_status match_floor(const hearth_bench_options *options,
                                 const hearth_shape *shape, int64_t *lines,
                                 char *err, uint64_t err_cap) {
  double bytes[3] = {0};
  for (int i = 0; i < 3; i++) {
    hearth_scene scene;
    hearth_host *host = NULL;
    hearth_instance *instance = NULL;
    hearth_bench_request request;
    hearth_rig rig;
    hearth_status status = hearth_scene_init(&scene, shape, 0);
    if (status == HEARTH_OK) {
      status = hearth__bench_instance(i == 0 ? options->plugin : options->floor,
                                      i == 0 ? options->config : "",
                                      i == 0 ? -1 : 8 * (i - 1), &scene, &host,
                                      &instance, err, err_cap);
    }
    hearth_rig_init(&rig, instance);
    for (int k = 0; status == HEARTH_OK && k < 2000; k++) {
      hearth_scene_next(&scene, HEARTH_BENCH_NONE, &request);
      status = hearth_rig_request(&rig, &scene, &request);
      if (status != HEARTH_OK) {
        snprintf(err, err_cap, "%s", rig.err);
      }
    }
    bytes[i] = (double)rig.answer_bytes / ((double)rig.answers + 1e-9);
    hearth_rig_free(&rig);
    hearth_instance_destroy(instance);
    hearth_host_free(host);
    hearth_scene_free(&scene);
    if (status != HEARTH_OK) {
      return status;
    }
  }
  const double line = (bytes[2] - bytes[1]) / 8;
  const double wanted = line > 0 ? (bytes[0] - bytes[1]) / line : 8;
  *lines = wanted < 0 ? 0 : (int64_t)(wanted + 0.5);
  return HEARTH_OK;
}

hearth_status hearth__bench_stage_init(hearth__bench_stage *stage,
                                       const hearth_bench_options *options,
                                       const hearth_bench_cell *cell, char *err,
                                       uint64_t err_cap) {
  int64_t lines = 0;
  hearth_status status =
      match_floor(options, &cell->shape, &lines, err, err_cap);
  *stage = (hearth__bench_stage){.threads = cell->threads};
  stage->lanes = calloc(cell->threads, sizeof *stage->lanes);
  if (stage->lanes == NULL) {
    return HEARTH_NO_MEMORY;
  }
  for (uint32_t i = 0; status == HEARTH_OK && i < stage->threads; i++) {
    status = hearth_scene_init(&stage->lanes[i].scene, &cell->shape, i);
  }
  hearth_library *const library[HEARTH__SIDES] = {options->plugin,
                                                  options->floor};
  for (int side = 0; status == HEARTH_OK && side < HEARTH__SIDES; side++) {
    status = hearth__bench_instance(
        library[side], side == HEARTH__PLUGIN ? options->config : "",
        side == HEARTH__PLUGIN ? -1 : lines, &stage->lanes[0].scene,
        &stage->host[side], &stage->instance[side], err, err_cap);
    for (uint32_t i = 0; i < stage->threads; i++) {
      hearth_rig_init(&stage->lanes[i].rig[side], stage->instance[side]);
    }
  }
  return status;
}

void hearth__bench_stage_free(hearth__bench_stage *stage) {
  for (uint32_t i = 0; stage->lanes != NULL && i < stage->threads; i++) {
    hearth_scene_free(&stage->lanes[i].scene);
    hearth_rig_free(&stage->lanes[i].rig[HEARTH__PLUGIN]);
    hearth_rig_free(&stage->lanes[i].rig[HEARTH__FLOOR]);
  }
  free(stage->lanes);
  for (int side = 0; side < HEARTH__SIDES; side++) {
    hearth_instance_destroy(stage->instance[side]);
    hearth_host_free(stage->host[side]);
  }
}
