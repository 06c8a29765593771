/* SPDX-License-Identifier: MIT
   Alibaba's GenTD26: requests for images, lora_request_trace.csv. */
#include "host-sdk/replay/input/import_private.h"
#include "host-sdk/replay/input/instant.h"

typedef struct columns {
  uint32_t created, type, seconds, group, prompt, model;
} columns;

static hearth_status find_columns(hearth_csv *csv, columns *at) {
  const struct {
    const char *name;
    uint32_t *column;
  } wanted[] = {{"gmt_create", &at->created},
                {"predict_type", &at->type},
                {"exec_time_seconds", &at->seconds},
                {"groupId", &at->group},
                {"prompt_length", &at->prompt},
                {"checkpoint_model_version_id", &at->model}};
  hearth_status status = HEARTH_OK;
  for (unsigned i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    if (status == HEARTH_OK) {
      status = hearth_csv_require(csv, wanted[i].name, wanted[i].column);
    }
  }
  return status;
}

static hearth_status read_record(hearth__import *import, hearth_csv *csv,
                                 const columns *at) {
  const hearth_csv_range length = {HEARTH_TRACE_MAX_DURATION, -1, 0};
  hearth_trace_row row;
  hearth_trace_row_init(&row);
  if (!hearth__instant(hearth_csv_field(csv, at->created), &row.ts_ms)) {
    return hearth_csv_fail(csv, at->created,
                           "which is no time like 2024-11-15 16:57:50");
  }
  hearth_status status =
      hearth__import_seconds(csv, at->seconds, -1, &row.duration_ms);
  if (status == HEARTH_OK) {
    status = hearth_csv_int(csv, at->prompt, length, &row.input_len);
  }
  if (status != HEARTH_OK) {
    return status;
  }
  row.name[HEARTH_TRACE_USER] = hearth_csv_field(csv, at->group);
  row.name[HEARTH_TRACE_TASK] = hearth_csv_field(csv, at->type);
  row.name[HEARTH_TRACE_MODEL] = hearth_csv_field(csv, at->model);
  return hearth__import_record(import, csv, at->model, &row);
}

hearth_status hearth__import_gentd26(hearth__import *import, const char *path,
                                     uint32_t index) {
  hearth_csv *csv = NULL;
  columns at;
  (void)index;
  hearth_status status = hearth_csv_open(&import->memory, path, import->err,
                                         import->err_cap, &csv);
  if (status != HEARTH_OK) {
    return status;
  }
  status = find_columns(csv, &at);
  while (status == HEARTH_OK) {
    status = hearth_csv_next(csv);
    if (status == HEARTH_OK) {
      status = read_record(import, csv, &at);
    }
  }
  hearth_csv_close(csv);
  return status == HEARTH_NO_OPINION ? HEARTH_OK : status;
}
