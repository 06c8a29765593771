/* SPDX-License-Identifier: MIT
   One cell of a benchmark: so many models, users and threads. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "host-sdk/bench/cell.h"
#include "host-sdk/bench/stage.h"

enum { BLOCK = 64, MOST_THREADS = 64 };

/* How long one thread worked for each side. */
typedef struct tally {
  uint64_t busy_ns[HEARTH__SIDES];
  double cpu_s[HEARTH__SIDES];
  uint32_t requests;
} tally;

struct hearth__bench_work {
  const hearth_bench_options *options;
  hearth_bench_cell *cell;
  hearth__bench_stage stage;
  hearth_bench_request block[BLOCK];
  tally of;
};

static hearth_status run_block(hearth__bench_work *w, uint32_t count, int side,
                               tally *of) {
  hearth__bench_lane *lane = &w->stage.lanes[0];
  hearth_rig *rig = &lane->rig[side];
  const double cpu_s = hearth__bench_cpu_s(rig->instance);
  const uint64_t began = hearth_monotonic_ns();
  for (uint32_t i = 0; i < count; i++) {
    const hearth_status status =
        hearth_rig_request(rig, &lane->scene, &w->block[i]);
    if (status != HEARTH_OK) {
      return lane->status[side] = status;
    }
  }
  of->busy_ns[side] += hearth_monotonic_ns() - began;
  of->cpu_s[side] += hearth__bench_cpu_s(rig->instance) - cpu_s;
  return HEARTH_OK;
}

/* Blocks of the same requests for each side in turn. */
static hearth_status run(hearth__bench_work *w, uint32_t requests, tally *of) {
  hearth_scene *scene = &w->stage.lanes[0].scene;
  for (uint32_t done = 0; done < requests; done += BLOCK) {
    const uint32_t count = requests - done < BLOCK ? requests - done : BLOCK;
    for (uint32_t i = 0; i < count; i++) {
      hearth_scene_next(scene, HEARTH_BENCH_NONE, &w->block[i]);
    }
    for (int side = 0; side < HEARTH__SIDES; side++) {
      const hearth_status status = run_block(w, count, side, of);
      if (status != HEARTH_OK) {
        return status;
      }
    }
  }
  of->requests += requests;
  return HEARTH_OK;
}

/* Every user and every model once, and then some traffic. */
static hearth_status warm_up(hearth__bench_work *w) {
  const hearth_shape *shape = &w->cell->shape;
  hearth__bench_lane *l = &w->stage.lanes[0];
  const uint32_t most =
      shape->users > shape->models ? shape->users : shape->models;
  hearth_bench_request request;
  tally unused = {0};
  for (uint32_t i = 0; i < most; i++) {
    hearth_scene_next(&l->scene, i % shape->users, &request);
    if (i < shape->models) {
      request.model = i;
    }
    for (int side = 0; side < HEARTH__SIDES; side++) {
      const hearth_status status =
          hearth_rig_teach(&l->rig[side], &l->scene, &request);
      if (status != HEARTH_OK) {
        return l->status[side] = status;
      }
    }
  }
  return run(w, w->options->requests / 4 + BLOCK, &unused);
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

static void report(const hearth__bench_stage *s, int side,
                   hearth_bench_side *out) {
  hearth_rig *rig = &s->lanes[0].rig[side];
  const double total_ns =
      (double)(rig->prepare.total_ns + rig->outcome.total_ns);
  const double requests = (double)rig->prepare.count / 2;
  out->us_per_request = total_ns / 1000 / (requests + 1e-9);
  out->answer_bytes = (double)rig->answer_bytes / ((double)rig->answers + 1e-9);
  out->prepare = times_of(&rig->prepare);
  out->guess = times_of(&rig->guess);
  out->plan = times_of(&rig->plan);
  out->outcome = times_of(&rig->outcome);
  out->metadata = times_of(&rig->metadata);
  const uint64_t held = hearth_host_memory_used(s->host[side]);
  out->memory_mb = held == 0 ? NAN : (double)held / 1048576;
}

/* Where one failed, the sentence of whichever thread did first in their
   order. */
static void explain(const hearth__bench_work *w, char *err, uint64_t err_cap) {
  const hearth__bench_stage *s = &w->stage;
  for (uint32_t i = 0; i < s->threads; i++) {
    for (int side = 0; side < HEARTH__SIDES; side++) {
      if (s->lanes[i].status[side] != HEARTH_OK) {
        snprintf(err, err_cap, "%s: %s",
                 side == HEARTH__PLUGIN ? "plugin" : "floor",
                 s->lanes[i].rig[side].err);
        return;
      }
    }
  }
}

hearth_status hearth__bench_begin(const hearth_bench_options *options,
                                  hearth_bench_cell *cell,
                                  hearth__bench_work **out, char *err,
                                  uint64_t err_cap) {
  *out = NULL;
  if (cell->threads < 1 || cell->threads > MOST_THREADS) {
    snprintf(err, err_cap, "threads: want 1 to %d", MOST_THREADS);
    return HEARTH_BAD_ARG;
  }
  hearth__bench_work *w = calloc(1, sizeof *w);
  if (w == NULL) {
    return HEARTH_NO_MEMORY;
  }
  *out = w;
  w->options = options;
  w->cell = cell;
  hearth_status status =
      hearth__bench_stage_init(&w->stage, options, cell, err, err_cap);
  if (status == HEARTH_OK) {
    status = warm_up(w);
    explain(w, err, err_cap);
  }
  return status;
}

static void take_time(hearth__bench_work *w, int timed) {
  for (int side = 0; side < HEARTH__SIDES; side++) {
    w->stage.lanes[0].rig[side].timed = timed;
  }
}

hearth_status hearth__bench_pace(hearth__bench_work *w, uint32_t requests,
                                 char *err, uint64_t err_cap) {
  tally unused = {0};
  take_time(w, 0);
  hearth_status status = run(w, BLOCK, &unused);
  take_time(w, 1);
  if (status == HEARTH_OK) {
    status = run(w, requests, &w->of);
  }
  explain(w, err, err_cap);
  return status;
}

hearth_status hearth__bench_run_race(hearth__bench_work *w, char *err,
                                     uint64_t err_cap) {
  hearth_bench_side *const sides[] = {&w->cell->plugin, &w->cell->floor};
  const hearth_status status =
      hearth__bench_race(&w->stage, w->options->requests, sides);
  explain(w, err, err_cap);
  return status;
}

static void report_pace(const hearth__bench_work *w, int side,
                        hearth_bench_side *out) {
  const double busy_ns = (double)w->of.busy_ns[side];
  out->requests_per_s = w->of.requests * 1e9 / (busy_ns + 1);
  out->alone_per_s = out->times_alone = NAN;
  out->cpu_share = hearth__bench_cpu_share(w->of.cpu_s[side], busy_ns * 1e-9);
}

void hearth__bench_report(hearth__bench_work *w) {
  hearth_bench_side *const sides[] = {&w->cell->plugin, &w->cell->floor};
  for (int side = 0; side < HEARTH__SIDES; side++) {
    if (w->cell->threads == 1) {
      report_pace(w, side, sides[side]);
    }
    report(&w->stage, side, sides[side]);
  }
}

void hearth__bench_free(hearth__bench_work *w) {
  if (w != NULL) {
    hearth__bench_stage_free(&w->stage);
    free(w);
  }
}
