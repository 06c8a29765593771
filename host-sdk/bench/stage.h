/* SPDX-License-Identifier: MIT
   What a cell of a benchmark works with: an instance of each side, and each
   thread's way to both. */
#ifndef HEARTH_BENCH_STAGE_H
#define HEARTH_BENCH_STAGE_H

#include "host-sdk/bench/bench.h"
#include "host-sdk/bench/rig.h"

enum { HEARTH__PLUGIN, HEARTH__FLOOR, HEARTH__SIDES };

/* One thread's. */
typedef struct hearth__bench_lane {
  hearth_scene scene;
  hearth_rig rig[HEARTH__SIDES];
  hearth_status status[HEARTH__SIDES]; /* a failure: its rig says more */
} hearth__bench_lane;

typedef struct hearth__bench_stage {
  hearth_host *host[HEARTH__SIDES];
  hearth_instance *instance[HEARTH__SIDES];
  hearth__bench_lane *lanes; /* owned */
  uint32_t threads;          /* as many lanes */
} hearth__bench_stage;

/* Free it also after a failure. */
hearth_status hearth__bench_stage_init(hearth__bench_stage *stage,
                                       const hearth_bench_options *options,
                                       const hearth_bench_cell *cell, char *err,
                                       uint64_t err_cap);
void hearth__bench_stage_free(hearth__bench_stage *stage);

/* Seconds that processors worked: for this process, and for the instance's own
   where it is in a worker. */
double hearth__bench_cpu_s(hearth_instance *instance);
/* Of all processors, in so much time. */
double hearth__bench_cpu_share(double cpu_s, double wall_s);

/* race.c: one thread at a time and all together, in rounds.  Fills what `sides`
   say of requests a second and of CPU; the laps are of what was done
   together. */
hearth_status hearth__bench_race(hearth__bench_stage *stage, uint32_t requests,
                                 hearth_bench_side *const sides[HEARTH__SIDES]);

#endif
