/* SPDX-License-Identifier: MIT
   One cell of a benchmark: begun, worked on in parts, ended. */
#ifndef HEARTH_BENCH_CELL_H
#define HEARTH_BENCH_CELL_H

#include "host-sdk/bench/bench.h"

typedef struct hearth__bench_work hearth__bench_work;

/* Both sides' instances, which know every user and every model and have seen
   some traffic.  `options` and `cell` are borrowed until _free, which is for
   *out also after a failure. */
hearth_status hearth__bench_begin(const hearth_bench_options *options,
                                  hearth_bench_cell *cell,
                                  hearth__bench_work **out, char *err,
                                  uint64_t err_cap);

/* One thread: so many requests more.  What it needs comes near in a few that do
   not count, so that cells may take turns. */
hearth_status hearth__bench_pace(hearth__bench_work *work, uint32_t requests,
                                 char *err, uint64_t err_cap);

/* Several: the whole race. */
hearth_status hearth__bench_run_race(hearth__bench_work *work, char *err,
                                     uint64_t err_cap);

/* Fill the cell. */
void hearth__bench_report(hearth__bench_work *work);
void hearth__bench_free(hearth__bench_work *work); /* NULL is a no-op */

#endif
