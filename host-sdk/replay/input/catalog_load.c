/* SPDX-License-Identifier: MIT
   Reading a catalog from a CSV file. */
#include <stdio.h>

#include "host-sdk/replay/input/catalog.h"
#include "host-sdk/replay/input/csv.h"
#include "host-sdk/replay/input/text.h"

/* What a Catalog message can carry (plugin/sdk/wire/messages.c), but for the
   load, which keeps the pool's clock far from its end. */
#define MAX_MB INT64_C(1000000000000)
#define MAX_LOAD_MS (INT64_C(1) << 40)
#define MAX_PERCENT 1000000
#define MAX_MBPS 1000000000

typedef struct columns {
  uint32_t model, memory, load, storage, cpu, network, pinned, group, hardware;
} columns;

static hearth_status find_columns(hearth_csv *csv, columns *at) {
  const hearth_csv_wanted wanted[] = {
      {"model", &at->model, 1},
      {"memory_mb", &at->memory, 1},
      {"load_ms", &at->load, 1},
      {"storage_mb", &at->storage, 0},
      {"cpu_percent", &at->cpu, 0},
      {"network_bandwidth_mbps", &at->network, 0},
      {"pinned", &at->pinned, 0},
      {"group", &at->group, 0},
      {"hardware", &at->hardware, 0}};
  return hearth_csv_find(csv, wanted, sizeof wanted / sizeof *wanted);
}

static hearth_status read_numbers(hearth_csv *csv, const columns *at,
                                  hearth_catalog_model *m) {
  const hearth_csv_range memory = {MAX_MB, 0, 1}, load = {MAX_LOAD_MS, 0, 1};
  const hearth_csv_range storage = {MAX_MB, -1, 0}, flag = {1, 0, 0};
  const hearth_csv_range cpu = {MAX_PERCENT, -1, 0}, net = {MAX_MBPS, -1, 0};
  int64_t pinned = 0;
  hearth_status status =
      hearth_csv_double(csv, at->memory, memory, &m->memory_mb);
  /* The pool counts kilobytes. */
  if (status == HEARTH_OK && m->memory_mb * 1024 < 1) {
    return hearth_csv_fail(csv, at->memory,
                           "but a model needs memory; give at least 0.001");
  }
  if (status == HEARTH_OK) {
    status = hearth_csv_int(csv, at->load, load, &m->load_ms);
  }
  if (status == HEARTH_OK) {
    status = hearth_csv_double(csv, at->storage, storage, &m->storage_mb);
  }
  if (status == HEARTH_OK) {
    status = hearth_csv_double(csv, at->cpu, cpu, &m->cpu_percent);
  }
  if (status == HEARTH_OK) {
    status =
        hearth_csv_double(csv, at->network, net, &m->network_bandwidth_mbps);
  }
  if (status == HEARTH_OK) {
    status = hearth_csv_int(csv, at->pinned, flag, &pinned);
  }
  m->pinned = (int32_t)pinned;
  return status;
}

static hearth_status read_text(hearth_csv *csv, uint32_t column,
                               hearth_str *out) {
  *out = hearth_csv_field(csv, column);
  const char *fault = hearth__name_fault(*out);
  return fault ? hearth_csv_fail(csv, column, fault) : HEARTH_OK;
}

static hearth_status read_model(hearth_csv *csv, const columns *at,
                                hearth_models *models) {
  hearth_catalog_model m;
  hearth_message_init(&hearth_catalog_model_schema, &m);
  hearth_status status = read_text(csv, at->model, &m.model);
  if (status == HEARTH_OK && !m.model.len) {
    return hearth_csv_fail(csv, at->model, "");
  }
  if (status == HEARTH_OK) {
    status = read_numbers(csv, at, &m);
  }
  if (status == HEARTH_OK) {
    status = read_text(csv, at->group, &m.group);
  }
  if (status == HEARTH_OK) {
    status = read_text(csv, at->hardware, &m.hardware);
  }
  if (status != HEARTH_OK) {
    return status;
  }
  status = hearth_models_add(models, &m);
  if (status == HEARTH_BAD_ARG) {
    return hearth_csv_fail(csv, at->model, "which an earlier line describes");
  }
  if (status != HEARTH_OK) {
    (void)hearth_csv_fail(csv, at->model, "but there is no memory for more");
  }
  return status;
}

static hearth_status fill(hearth_models *models, const char *path, char *err,
                          uint64_t err_cap) {
  hearth_csv *csv = NULL;
  columns at;
  hearth_status status =
      hearth_csv_open(&models->memory, path, err, err_cap, &csv);
  if (status != HEARTH_OK) {
    return status;
  }
  status = find_columns(csv, &at);
  while (status == HEARTH_OK) {
    status = hearth_csv_next(csv);
    if (status == HEARTH_OK) {
      status = read_model(csv, &at, models);
    }
  }
  hearth_csv_close(csv);
  if (status == HEARTH_NO_OPINION && !models->count) {
    if (err && err_cap) {
      snprintf(err, err_cap, "%s: describes no model", path);
    }
    return HEARTH_BAD_PAYLOAD;
  }
  models->described = models->count;
  return status == HEARTH_NO_OPINION ? HEARTH_OK : status;
}

hearth_status hearth_models_load(hearth_models *models,
                                 const hearth_memory_user *memory,
                                 const char *path, char *err,
                                 uint64_t err_cap) {
  hearth_status status = hearth_models_init(models, memory);
  if (status != HEARTH_OK) {
    if (err && err_cap) {
      snprintf(err, err_cap, "%s: there is no memory to read it", path);
    }
    return status;
  }
  status = fill(models, path, err, err_cap);
  if (status != HEARTH_OK) {
    hearth_models_free(models);
  }
  return status;
}
