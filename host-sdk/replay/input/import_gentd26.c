/* SPDX-License-Identifier: MIT
   Alibaba's GenTD26: requests for images, lora_request_trace.csv. */
#include "host-sdk/replay/input/import_private.h"
#include "host-sdk/replay/input/instant.h"

typedef struct columns {
  uint32_t created, type, seconds, group, prompt, model;
} columns;

static hearth_status find_columns(hearth_csv *csv, void *columns_out) {
  columns *at = columns_out;
  const hearth_csv_wanted wanted[] = {
      {"gmt_create", &at->created, 1},
      {"predict_type", &at->type, 1},
      {"exec_time_seconds", &at->seconds, 1},
      {"groupId", &at->group, 1},
      {"prompt_length", &at->prompt, 1},
      {"checkpoint_model_version_id", &at->model, 1}};
  return hearth_csv_find(csv, wanted, sizeof wanted / sizeof *wanted);
}

static hearth_status take_record(hearth__import *import, hearth_csv *csv,
                                 const void *found) {
  const columns *at = found;
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
  columns at;
  (void)index;
  return hearth__import_csv(import, path,
                            (hearth__records){find_columns, take_record}, &at);
}
