/* SPDX-License-Identifier: MIT
   One cell of a benchmark: so many models, users and threads. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "host-sdk/bench/stage.h"

enum { BLOCK = 64, MOST_THREADS = 64 };

/* What one thread does: blocks of the same requests for each side in turn. */
typedef struct turns {
  hearth__bench_lane *lane;
  hearth_bench_request block[BLOCK];
  uint64_t busy_ns[HEARTH__SIDES];
  double cpu_s[HEARTH__SIDES];
} turns;

static hearth_status run_block(turns *t, uint32_t count, int side) {
  hearth_rig *rig = &t->lane->rig[side];
  const double cpu_s = hearth__bench_cpu_s(rig->instance);
  const uint64_t began = hearth_monotonic_ns();
  for (uint32_t i = 0; i < count; i++) {
    const hearth_status status =
        hearth_rig_request(rig, &t->lane->scene, &t->block[i]);
    if (status != HEARTH_OK) {
      return t->lane->status[side] = status;
    }
  }
  t->busy_ns[side] += hearth_monotonic_ns() - began;
  t->cpu_s[side] += hearth__bench_cpu_s(rig->instance) - cpu_s;
  return HEARTH_OK;
}

static hearth_status run_turns(turns *t, uint32_t requests) {
  for (uint32_t done = 0; done < requests; done += BLOCK) {
    const uint32_t count = requests - done < BLOCK ? requests - done : BLOCK;
    for (uint32_t i = 0; i < count; i++) {
      hearth_scene_next(&t->lane->scene, HEARTH_BENCH_NONE, &t->block[i]);
    }
    for (int side = 0; side < HEARTH__SIDES; side++) {
      const hearth_status status = run_block(t, count, side);
      if (status != HEARTH_OK) {
        return status;
      }
    }
  }
  return HEARTH_OK;
}

/* Every user and every model once, and then some traffic. */
static hearth_status warm_up(hearth__bench_lane *l, const hearth_shape *shape,
                             uint32_t requests) {
  const uint32_t most =
      shape->users > shape->models ? shape->users : shape->models;
  hearth_bench_request request;
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
  return run_turns(&(turns){.lane = l}, requests / 4 + 64);
}

/* One thread: there is nothing to race with. */
static hearth_status pace(hearth__bench_lane *l, uint32_t requests,
                          hearth_bench_side *const sides[HEARTH__SIDES]) {
  turns t = {.lane = l};
  l->rig[HEARTH__PLUGIN].timed = l->rig[HEARTH__FLOOR].timed = 1;
  const hearth_status status = run_turns(&t, requests);
  for (int side = 0; side < HEARTH__SIDES; side++) {
    const double busy_ns = (double)t.busy_ns[side];
    sides[side]->requests_per_s = requests * 1e9 / (busy_ns + 1);
    sides[side]->alone_per_s = sides[side]->times_alone = NAN;
    sides[side]->cpu_share =
        hearth__bench_cpu_share(t.cpu_s[side], busy_ns * 1e-9);
  }
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

/* The sentence of whichever thread failed first in their order. */
static void explain(const hearth__bench_stage *s, char *err, uint64_t err_cap) {
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

hearth_status hearth__bench_cell(const hearth_bench_options *options,
                                 hearth_bench_cell *cell, char *err,
                                 uint64_t err_cap) {
  hearth__bench_stage s;
  hearth_bench_side *const sides[HEARTH__SIDES] = {&cell->plugin, &cell->floor};
  if (cell->threads < 1 || cell->threads > MOST_THREADS) {
    snprintf(err, err_cap, "threads: want 1 to %d", MOST_THREADS);
    return HEARTH_BAD_ARG;
  }
  hearth_status status =
      hearth__bench_stage_init(&s, options, cell, err, err_cap);
  if (status == HEARTH_OK) {
    status = warm_up(&s.lanes[0], &cell->shape, options->requests);
  }
  if (status == HEARTH_OK) {
    status = cell->threads == 1
                 ? pace(&s.lanes[0], options->requests, sides)
                 : hearth__bench_race(&s, options->requests, sides);
  }
  if (status == HEARTH_OK) {
    report(&s, HEARTH__PLUGIN, &cell->plugin);
    report(&s, HEARTH__FLOOR, &cell->floor);
  } else if (s.lanes != NULL) {
    explain(&s, err, err_cap);
  }
  hearth__bench_stage_free(&s);
  return status;
}
