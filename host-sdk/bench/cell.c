/* SPDX-License-Identifier: MIT
   One cell of a benchmark: so many models, users and threads. */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "hearth/worker.h"
#include "host-sdk/bench/bench.h"
#include "host-sdk/bench/rig.h"

enum { BLOCK = 64, PLUGIN = 0, FLOOR = 1, SIDES = 2, MOST_THREADS = 64 };

/* What one thread does: blocks of the same requests for each side in turn. */
typedef struct lane {
  pthread_t thread;
  hearth_scene scene;
  hearth_rig rig[SIDES];
  hearth_bench_request block[BLOCK];
  hearth_bench_request *ahead; /* what it asks in a race */
  uint32_t requests;
  uint64_t busy_ns[SIDES];
  double cpu_s[SIDES];
  hearth_status status;
} lane;

typedef struct stage {
  hearth_host *host[SIDES];
  hearth_instance *instance[SIDES];
  lane *lanes;
  uint32_t threads;
} stage;

static double seconds_of(clockid_t clock) {
  struct timespec now = {0};
  (void)clock_gettime(clock, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Of this process, and of the instance's own where it is in a worker. */
static double cpu_seconds(hearth_instance *instance) {
  hearth_worker_info info = {0};
  clockid_t clock;
  double sum = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  if (hearth_worker_get_info(instance, &info) == HEARTH_OK && info.pid > 0 &&
      clock_getcpuclockid(info.pid, &clock) == 0) {
    sum += seconds_of(clock);
  }
  return sum;
}

/* Of all cores, in so much time. */
static double share_of(double cpu_s, double wall_s) {
  const long cores = sysconf(_SC_NPROCESSORS_ONLN);
  return cpu_s / (wall_s + 1e-9) / (double)(cores > 0 ? cores : 1);
}

static hearth_status run_block(lane *l, uint32_t count, int side) {
  const double cpu = cpu_seconds(l->rig[side].instance);
  const uint64_t began = hearth_monotonic_ns();
  for (uint32_t i = 0; i < count; i++) {
    const hearth_status status =
        hearth_rig_request(&l->rig[side], &l->scene, &l->block[i]);
    if (status != HEARTH_OK) {
      return status;
    }
  }
  l->busy_ns[side] += hearth_monotonic_ns() - began;
  l->cpu_s[side] += cpu_seconds(l->rig[side].instance) - cpu;
  return HEARTH_OK;
}

static hearth_status run_lane(lane *l, uint32_t requests) {
  for (uint32_t done = 0; done < requests; done += BLOCK) {
    const uint32_t count = requests - done < BLOCK ? requests - done : BLOCK;
    for (uint32_t i = 0; i < count; i++) {
      hearth_scene_next(&l->scene, HEARTH_BENCH_NONE, &l->block[i]);
    }
    for (int side = 0; side < SIDES; side++) {
      const hearth_status status = run_block(l, count, side);
      if (status != HEARTH_OK) {
        return status;
      }
    }
  }
  return HEARTH_OK;
}

/* Every user and every model once, and then some traffic. */
static hearth_status warm_up(lane *l, const hearth_shape *shape,
                             uint32_t requests) {
  const uint32_t most =
      shape->users > shape->models ? shape->users : shape->models;
  for (uint32_t i = 0; i < most; i++) {
    hearth_scene_next(&l->scene, i % shape->users, &l->block[0]);
    if (i < shape->models) {
      l->block[0].model = i;
    }
    for (int side = 0; side < SIDES; side++) {
      const hearth_status status =
          hearth_rig_teach(&l->rig[side], &l->scene, &l->block[0]);
      if (status != HEARTH_OK) {
        return status;
      }
    }
  }
  return run_lane(l, requests / 4 + 64);
}

typedef struct turn {
  lane *l;
  int side;
} turn;

static void *thread_main(void *user) {
  const turn *t = user;
  lane *l = t->l;
  l->status = HEARTH_OK;
  for (uint32_t i = 0; i < l->requests && l->status == HEARTH_OK; i++) {
    l->status =
        hearth_rig_request(&l->rig[t->side], &l->scene, &l->ahead[i]);
  }
  return NULL;
}

/* Made before time is taken: with one thread it is in nobody's time either.
   All go on from the same instant, as threads of one host do. */
static hearth_status make_ahead(lane *l, int64_t now_ms, uint32_t requests) {
  free(l->ahead);
  l->scene.now_ms = now_ms;
  l->requests = requests;
  l->ahead = calloc((size_t)requests + 1, sizeof *l->ahead);
  for (uint32_t i = 0; l->ahead != NULL && i < requests; i++) {
    hearth_scene_next(&l->scene, HEARTH_BENCH_NONE, &l->ahead[i]);
  }
  return l->ahead != NULL ? HEARTH_OK : HEARTH_NO_MEMORY;
}

/* All threads at work on one side's instance. */
static hearth_status race(stage *s, int side, uint32_t requests,
                          hearth_bench_side *out) {
  turn turns[MOST_THREADS];
  hearth_status status = HEARTH_OK;
  int64_t now_ms = 0;
  for (uint32_t i = 0; i < s->threads; i++) {
    const int64_t at_ms = s->lanes[i].scene.now_ms;
    now_ms = at_ms > now_ms ? at_ms : now_ms;
  }
  for (uint32_t i = 0; status == HEARTH_OK && i < s->threads; i++) {
    status = make_ahead(&s->lanes[i], now_ms, requests / s->threads);
  }
  if (status != HEARTH_OK) {
    return status;
  }
  const double cpu = cpu_seconds(s->instance[side]);
  const uint64_t began = hearth_monotonic_ns();
  uint32_t started = 0;
  for (; started < s->threads; started++) {
    lane *l = &s->lanes[started];
    l->rig[side].timed = 1;
    turns[started] = (turn){l, side};
    if (pthread_create(&l->thread, NULL, thread_main, &turns[started]) != 0) {
      status = HEARTH_NO_MEMORY;
      break;
    }
  }
  for (uint32_t i = 0; i < started; i++) {
    pthread_join(s->lanes[i].thread, NULL);
    status = status == HEARTH_OK ? s->lanes[i].status : status;
  }
  const double wall = (double)(hearth_monotonic_ns() - began) * 1e-9;
  out->requests_per_s =
      (double)(requests / s->threads) * s->threads / (wall + 1e-9);
  out->cpu_share = share_of(cpu_seconds(s->instance[side]) - cpu, wall);
  return status;
}

static int by_value(const void *a, const void *b) {
  const uint64_t x = *(const uint64_t *)a;
  const uint64_t y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

static hearth_bench_times times_of(hearth_stopwatch *watch) {
  const uint64_t n = watch->count;
  if (n == 0) {
    return (hearth_bench_times){NAN, NAN, NAN, NAN};
  }
  qsort(watch->laps_ns, n, sizeof *watch->laps_ns, by_value);
  return (hearth_bench_times){
      .p50_us = (double)watch->laps_ns[n / 2] / 1000,
      .p99_us = (double)watch->laps_ns[n * 99 / 100] / 1000,
      .p999_us = (double)watch->laps_ns[n * 999 / 1000] / 1000,
      .calls_per_s = (double)n * 1e9 / (double)(watch->total_ns + 1)};
}

static void report(stage *s, int side, hearth_bench_side *out) {
  hearth_rig *rig = &s->lanes[0].rig[side];
  const double total_ns =
      (double)(rig->prepare.total_ns + rig->outcome.total_ns);
  const double requests = (double)rig->prepare.count / 2;
  out->us_per_request = total_ns / 1000 / (requests + 1e-9);
  out->answer_bytes =
      (double)rig->answer_bytes / ((double)rig->answers + 1e-9);
  out->prepare = times_of(&rig->prepare);
  out->guess = times_of(&rig->guess);
  out->plan = times_of(&rig->plan);
  out->outcome = times_of(&rig->outcome);
  out->metadata = times_of(&rig->metadata);
  const uint64_t held = hearth_host_memory_used(s->host[side]);
  out->memory_mb = held == 0 ? NAN : (double)held / 1048576;
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
      status = hearth__bench_instance(
          i == 0 ? options->plugin : options->floor,
          i == 0 ? options->config : "", i == 0 ? -1 : 8 * (i - 1), &scene,
          &host, &instance, err, err_cap);
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

static void stage_free(stage *s) {
  for (uint32_t i = 0; s->lanes != NULL && i < s->threads; i++) {
    free(s->lanes[i].ahead);
    hearth_scene_free(&s->lanes[i].scene);
    hearth_rig_free(&s->lanes[i].rig[PLUGIN]);
    hearth_rig_free(&s->lanes[i].rig[FLOOR]);
  }
  free(s->lanes);
  for (int side = 0; side < SIDES; side++) {
    hearth_instance_destroy(s->instance[side]);
    hearth_host_free(s->host[side]);
  }
}

static hearth_status stage_init(stage *s, const hearth_bench_options *options,
                                const hearth_bench_cell *cell, char *err,
                                uint64_t err_cap) {
  int64_t lines = 0;
  hearth_status status =
      match_floor(options, &cell->shape, &lines, err, err_cap);
  *s = (stage){.threads = cell->threads};
  s->lanes = calloc(cell->threads, sizeof *s->lanes);
  if (s->lanes == NULL) {
    return HEARTH_NO_MEMORY;
  }
  for (uint32_t i = 0; status == HEARTH_OK && i < s->threads; i++) {
    status = hearth_scene_init(&s->lanes[i].scene, &cell->shape, i);
  }
  hearth_library *const library[SIDES] = {options->plugin, options->floor};
  for (int side = 0; status == HEARTH_OK && side < SIDES; side++) {
    status = hearth__bench_instance(
        library[side], side == PLUGIN ? options->config : "",
        side == PLUGIN ? -1 : lines, &s->lanes[0].scene, &s->host[side],
        &s->instance[side], err, err_cap);
    for (uint32_t i = 0; i < s->threads; i++) {
      hearth_rig_init(&s->lanes[i].rig[side], s->instance[side]);
    }
  }
  return status;
}

hearth_status hearth__bench_cell(const hearth_bench_options *options,
                                 hearth_bench_cell *cell, char *err,
                                 uint64_t err_cap) {
  stage s;
  hearth_bench_side *const sides[SIDES] = {&cell->plugin, &cell->floor};
  if (cell->threads < 1 || cell->threads > MOST_THREADS) {
    snprintf(err, err_cap, "threads: want 1 to %d", MOST_THREADS);
    return HEARTH_BAD_ARG;
  }
  hearth_status status = stage_init(&s, options, cell, err, err_cap);
  lane *first = s.lanes;
  if (status == HEARTH_OK) {
    status = warm_up(first, &cell->shape, options->requests);
  }
  if (status == HEARTH_OK && cell->threads == 1) {
    first->rig[PLUGIN].timed = first->rig[FLOOR].timed = 1;
    memset(first->busy_ns, 0, sizeof first->busy_ns);
    memset(first->cpu_s, 0, sizeof first->cpu_s);
    status = run_lane(first, options->requests);
    for (int side = 0; side < SIDES; side++) {
      sides[side]->requests_per_s = (double)options->requests * 1e9 /
                                    ((double)first->busy_ns[side] + 1);
      sides[side]->cpu_share = share_of(
          first->cpu_s[side], (double)first->busy_ns[side] * 1e-9);
    }
  }
  for (int side = 0; status == HEARTH_OK && side < SIDES; side++) {
    status = cell->threads == 1
                 ? HEARTH_OK
                 : race(&s, side, options->requests, sides[side]);
  }
  for (int side = 0; first != NULL && side < SIDES; side++) {
    report(&s, side, sides[side]);
    if (status != HEARTH_OK && first->rig[side].err[0] != '\0') {
      snprintf(err, err_cap, "%s: %s", side == PLUGIN ? "plugin" : "floor",
               first->rig[side].err);
    }
  }
  stage_free(&s);
  return status;
}
