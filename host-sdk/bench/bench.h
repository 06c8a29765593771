/* SPDX-License-Identifier: MIT
   What a plugin's calls cost, beside those of one that does nothing. */
#ifndef HEARTH_BENCH_BENCH_H
#define HEARTH_BENCH_BENCH_H

#include <stdio.h>

#include "hearth/host.h"
#include "host-sdk/bench/scene.h"

/* Times of one function, in microseconds; NAN where it was not called. */
typedef struct hearth_bench_times {
  double p50_us, p99_us, p999_us, calls_per_s;
} hearth_bench_times;

/* One plugin in one cell. */
typedef struct hearth_bench_side {
  hearth_bench_times prepare; /* prepare_models: all calls; of them, */
  hearth_bench_times guess, plan; /* before the model is known, and after */
  hearth_bench_times outcome, metadata;
  double us_per_request; /* all calls of a request, summed */
  double answer_bytes;   /* mean, of prepare_models */
  double memory_mb;      /* what the plugin holds; NAN in a worker */
  double requests_per_s; /* of all threads together */
  /* Of several threads, in turns: what one of them does alone, and how many
     times that they do together.  NAN for one thread. */
  double alone_per_s, times_alone;
  double cpu_share; /* of the machine, while it worked */
} hearth_bench_side;

typedef struct hearth_bench_cell {
  hearth_shape shape;
  uint32_t threads;
  int worker; /* both in processes of their own */
  hearth_bench_side plugin, floor;
} hearth_bench_cell;

/* What happens once in an instance's life. */
typedef struct hearth_bench_life {
  /* Medians of some starts, each in a fresh process. */
  double open_ms, start_ms; /* open the library, and create an instance */
  double first_plan_ms; /* and have the first answer, with a catalog of 100 */
  uint32_t users;       /* in the state that is saved and loaded */
  double state_mb;      /* NAN without HEARTH_CAP_STATE, likewise below */
  double save_ms, load_ms;
  double save_wait_ms; /* the longest call while it is saved: the median of 9 */
  double alone_wait_ms; /* and in as much time without a save */
  double bytes_a_user, bytes_a_model;
} hearth_bench_life;

typedef struct hearth_bench_options {
  const char *plugin_path, *floor_path;
  hearth_library *plugin, *floor;
  const char *config; /* "key=value,...", or "" */
  const uint32_t *models, *users, *threads;
  uint32_t model_count, user_count, thread_count;
  uint32_t requests; /* timed, a cell; of several threads, each */
  double idle_price; /* -1: a budget */
  FILE *progress;    /* NULL: quiet */
} hearth_bench_options;

typedef struct hearth_bench_result {
  hearth_bench_cell *cells; /* owned */
  uint32_t count;
  hearth_bench_life life;
} hearth_bench_result;

/* Every number of models with the first number of users, every number of users
   and of threads with the first number of models; and the first of all with
   both in workers, where that is possible.  Plugin and floor take turns
   with the same requests, and rows of one thread with each other, so that
   whatever else the machine does meets all. */
hearth_status hearth_bench_run(const hearth_bench_options *options,
                               hearth_bench_result *out, char *err,
                               uint64_t err_cap);
void hearth_bench_free(hearth_bench_result *result);

/* life.c: what happens once. */
hearth_status hearth__bench_life(const hearth_bench_options *options,
                                 hearth_bench_life *life, char *err,
                                 uint64_t err_cap);
/* An instance of a library with the scene's catalog.  `lines`: how many models
   the floor lists; -1 for the plugin.  Owned by the caller: both. */
hearth_status hearth__bench_instance(hearth_library *library,
                                     const char *config, int64_t lines,
                                     const hearth_scene *scene,
                                     hearth_host **host,
                                     hearth_instance **out, char *err,
                                     uint64_t err_cap);

/* The middle one; sorts them.  count >= 1 */
double hearth__bench_median(double *values, uint32_t count);

/* start.c: how long an instance takes from nothing to its first answer. */
void hearth__bench_start(const hearth_bench_options *options,
                         hearth_bench_life *life);

/* As a table, and as JSON. */
void hearth_bench_table(const hearth_bench_result *result, FILE *out);
hearth_status hearth_bench_json(const hearth_bench_result *result, FILE *out);
/* A page with plots. */
void hearth_bench_page(const hearth_bench_result *result, FILE *out);

#endif
