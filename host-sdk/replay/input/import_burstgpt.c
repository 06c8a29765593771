/* SPDX-License-Identifier: MIT
   BurstGPT: a campus's calls of two models. */
#include "host-sdk/replay/input/import_private.h"

typedef struct columns {
  uint32_t time, model, tokens, type, session, elapsed;
} columns;

/* Later releases have sessions and elapsed times. */
static hearth_status find_columns(hearth_csv *csv, columns *at) {
  hearth_status status = hearth_csv_require(csv, "Timestamp", &at->time);
  if (status == HEARTH_OK) {
    status = hearth_csv_require(csv, "Model", &at->model);
  }
  if (status == HEARTH_OK) {
    status = hearth_csv_require(csv, "Request tokens", &at->tokens);
  }
  if (status == HEARTH_OK) {
    status = hearth_csv_require(csv, "Log Type", &at->type);
  }
  at->session = hearth_csv_column(csv, "Session ID");
  at->elapsed = hearth_csv_column(csv, "Elapsed time");
  return status;
}

static hearth_status read_record(hearth__import *import, hearth_csv *csv,
                                 const columns *at) {
  const hearth_csv_range length = {HEARTH_TRACE_MAX_DURATION, -1, 0};
  hearth_trace_row row;
  hearth_trace_row_init(&row);
  if (!hearth_csv_field(csv, at->time).len) {
    return hearth_csv_fail(csv, at->time, "");
  }
  hearth_status status =
      hearth__import_seconds(csv, at->time, 0, &row.ts_ms);
  if (status == HEARTH_OK) {
    status = hearth__import_seconds(csv, at->elapsed, -1, &row.duration_ms);
  }
  if (status == HEARTH_OK) {
    status = hearth_csv_int(csv, at->tokens, length, &row.input_len);
  }
  if (status != HEARTH_OK) {
    return status;
  }
  row.name[HEARTH_TRACE_MODEL] = hearth_csv_field(csv, at->model);
  row.name[HEARTH_TRACE_TASK] = hearth_csv_field(csv, at->type);
  row.name[HEARTH_TRACE_SESSION] = hearth_csv_field(csv, at->session);
  return hearth__import_record(import, csv, at->model, &row);
}

hearth_status hearth__import_burstgpt(hearth__import *import,
                                      const char *path, uint32_t index) {
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
