/* SPDX-License-Identifier: MIT
   What a plugin's calls cost, beside those of one that does nothing. */
#include "host-sdk/bench/bench.h"

#include <stdlib.h>

#include "hearth/worker.h"
#include "host-sdk/bench/cell.h"

enum { ROUNDS = 10 }; /* in which rows of one thread take turns */

static hearth_bench_cell *add(const hearth_bench_options *options,
                              hearth_bench_result *out, uint32_t models,
                              uint32_t users, uint32_t threads) {
  hearth_bench_cell *cell = &out->cells[out->count++];
  *cell = (hearth_bench_cell){.shape = {models, users, options->idle_price, 1},
                              .threads = threads};
  return cell;
}

static hearth_status begin(const hearth_bench_options *options,
                           hearth_bench_cell *cell, hearth__bench_work **work,
                           char *err, uint64_t err_cap) {
  if (options->progress != NULL) {
    fprintf(options->progress,
            "hearth bench: %u models, %u users, %u thread%s%s\n",
            cell->shape.models, cell->shape.users, cell->threads,
            cell->threads == 1 ? "" : "s", cell->worker ? ", in a worker" : "");
  }
  return hearth__bench_begin(options, cell, work, err, err_cap);
}

/* The rows that there are, a part of each in turn. */
static hearth_status take_turns(const hearth_bench_options *options,
                                hearth_bench_result *out,
                                hearth__bench_work **works, char *err,
                                uint64_t err_cap) {
  hearth_status status = HEARTH_OK;
  const uint32_t part = options->requests / ROUNDS;
  for (uint32_t i = 0; status == HEARTH_OK && i < out->count; i++) {
    status = begin(options, &out->cells[i], &works[i], err, err_cap);
  }
  for (uint32_t round = 0; status == HEARTH_OK && round < ROUNDS; round++) {
    const uint32_t more = round == 0 ? options->requests % ROUNDS : 0;
    if (options->progress != NULL) {
      fprintf(options->progress, "hearth bench: these in turn, %u of %d\n",
              round + 1, ROUNDS);
    }
    for (uint32_t i = 0; status == HEARTH_OK && i < out->count; i++) {
      status = hearth__bench_pace(works[i], part + more, err, err_cap);
    }
  }
  for (uint32_t i = 0; i < out->count; i++) {
    if (status == HEARTH_OK) {
      hearth__bench_report(works[i]);
    }
    hearth__bench_free(works[i]);
  }
  return status;
}

/* Rows of one thread. */
static hearth_status pace(const hearth_bench_options *options,
                          hearth_bench_result *out, char *err,
                          uint64_t err_cap) {
  for (uint32_t i = 0; i < options->model_count; i++) {
    (void)add(options, out, options->models[i], options->users[0], 1);
  }
  for (uint32_t i = 1; i < options->user_count; i++) {
    (void)add(options, out, options->models[0], options->users[i], 1);
  }
  hearth__bench_work **works = calloc(out->count + 1, sizeof *works);
  if (works == NULL) {
    return HEARTH_NO_MEMORY;
  }
  const hearth_status status = take_turns(options, out, works, err, err_cap);
  free(works);
  return status;
}

/* A row by itself. */
static hearth_status run(const hearth_bench_options *options,
                         hearth_bench_cell *cell, char *err, uint64_t err_cap) {
  hearth__bench_work *work;
  hearth_status status = begin(options, cell, &work, err, err_cap);
  if (status == HEARTH_OK) {
    status = cell->threads == 1
                 ? hearth__bench_pace(work, options->requests, err, err_cap)
                 : hearth__bench_run_race(work, err, err_cap);
  }
  if (status == HEARTH_OK) {
    hearth__bench_report(work);
  }
  hearth__bench_free(work);
  return status;
}

/* The first row again, with both plugins in workers: none where no worker can
   be started. */
static hearth_status add_worker(const hearth_bench_options *options,
                                hearth_bench_result *out, char *err,
                                uint64_t err_cap) {
  const hearth_worker_options patient = {.deadline_ms = 10000,
                                         .memory_limit_mb = HEARTH_WORKER_NONE};
  hearth_bench_options mine = *options;
  mine.plugin = mine.floor = NULL;
  hearth_status status = hearth_worker_open(options->plugin_path, &patient,
                                            &mine.plugin, err, err_cap);
  if (status == HEARTH_OK) {
    status = hearth_worker_open(options->floor_path, &patient, &mine.floor, err,
                                err_cap);
  }
  if (status == HEARTH_OK) {
    hearth_bench_cell *cell =
        add(&mine, out, options->models[0], options->users[0], 1);
    cell->worker = 1;
    status = run(&mine, cell, err, err_cap);
  } else {
    if (options->progress != NULL) {
      fprintf(options->progress, "hearth bench: no worker: %s\n", err);
    }
    status = HEARTH_OK;
  }
  hearth_library_close(mine.floor);
  hearth_library_close(mine.plugin);
  return status;
}

hearth_status hearth_bench_run(const hearth_bench_options *options,
                               hearth_bench_result *out, char *err,
                               uint64_t err_cap) {
  const uint32_t most =
      options->model_count + options->user_count + options->thread_count + 1;
  *out = (hearth_bench_result){0};
  out->cells = calloc(most, sizeof *out->cells);
  if (out->cells == NULL) {
    return HEARTH_NO_MEMORY;
  }
  hearth_status status = hearth__bench_life(options, &out->life, err, err_cap);
  if (status == HEARTH_OK) {
    status = pace(options, out, err, err_cap);
  }
  for (uint32_t i = 0; status == HEARTH_OK && i < options->thread_count; i++) {
    if (options->threads[i] != 1) {
      status = run(options,
                   add(options, out, options->models[0], options->users[0],
                       options->threads[i]),
                   err, err_cap);
    }
  }
  if (status == HEARTH_OK) {
    status = add_worker(options, out, err, err_cap);
  }
  if (status != HEARTH_OK) {
    hearth_bench_free(out);
  }
  return status;
}

void hearth_bench_free(hearth_bench_result *result) {
  free(result->cells);
  *result = (hearth_bench_result){0};
}
