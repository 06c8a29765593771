/* SPDX-License-Identifier: MIT
   What a plugin's calls cost, beside those of one that does nothing. */
#include "host-sdk/bench/bench.h"

#include <stdlib.h>

#include "hearth/worker.h"

static hearth_status add(const hearth_bench_options *options, uint32_t models,
                         uint32_t users, uint32_t threads,
                         hearth_bench_result *out, char *err,
                         uint64_t err_cap) {
  hearth_bench_cell *cell = &out->cells[out->count];
  *cell = (hearth_bench_cell){
      .shape = {models, users, options->idle_price, 1},
      .threads = threads,
      .worker = cell->worker};
  if (options->progress != NULL) {
    fprintf(options->progress,
            "hearth bench: %u models, %u users, %u thread%s%s\n", models,
            users, threads, threads == 1 ? "" : "s",
            cell->worker ? ", in a worker" : "");
  }
  const hearth_status status = hearth__bench_cell(options, cell, err, err_cap);
  out->count += status == HEARTH_OK;
  return status;
}

/* The first row again, with both plugins in workers: none where no worker can
   be started. */
static hearth_status add_worker(const hearth_bench_options *options,
                                hearth_bench_result *out, char *err,
                                uint64_t err_cap) {
  const hearth_worker_options patient = {
      .deadline_ms = 10000, .memory_limit_mb = HEARTH_WORKER_NONE};
  hearth_bench_options mine = *options;
  mine.plugin = mine.floor = NULL;
  hearth_status status = hearth_worker_open(options->plugin_path, &patient,
                                            &mine.plugin, err, err_cap);
  if (status == HEARTH_OK) {
    status = hearth_worker_open(options->floor_path, &patient, &mine.floor, err,
                                err_cap);
  }
  if (status == HEARTH_OK) {
    out->cells[out->count].worker = 1;
    status = add(&mine, options->models[0], options->users[0], 1, out, err,
                 err_cap);
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
  hearth_status status =
      hearth__bench_life(options, &out->life, err, err_cap);
  for (uint32_t i = 0; status == HEARTH_OK && i < options->model_count; i++) {
    status = add(options, options->models[i], options->users[0], 1, out, err,
                 err_cap);
  }
  for (uint32_t i = 1; status == HEARTH_OK && i < options->user_count; i++) {
    status = add(options, options->models[0], options->users[i], 1, out, err,
                 err_cap);
  }
  for (uint32_t i = 0; status == HEARTH_OK && i < options->thread_count; i++) {
    status = options->threads[i] == 1
                 ? HEARTH_OK
                 : add(options, options->models[0], options->users[0],
                       options->threads[i], out, err, err_cap);
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
