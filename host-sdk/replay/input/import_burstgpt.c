/* SPDX-License-Identifier: MIT
   BurstGPT: a campus's calls of two models. */
#include "host-sdk/replay/input/import_private.h"

typedef struct columns {
  uint32_t time, model, tokens, type, session, elapsed;
} columns;

/* Later releases have sessions and elapsed times. */
static hearth_status find_columns(hearth_csv *csv, void *columns_out) {
  columns *at = columns_out;
  const hearth_csv_wanted wanted[] = {
      {"Timestamp", &at->time, 1},        {"Model", &at->model, 1},
      {"Request tokens", &at->tokens, 1}, {"Log Type", &at->type, 1},
      {"Session ID", &at->session, 0},    {"Elapsed time", &at->elapsed, 0}};
  return hearth_csv_find(csv, wanted, sizeof wanted / sizeof *wanted);
}

static hearth_status take_record(hearth__import *import, hearth_csv *csv,
                                 const void *found) {
  const columns *at = found;
  const hearth_csv_range length = {HEARTH_TRACE_MAX_DURATION, -1, 0};
  hearth_trace_row row;
  hearth_trace_row_init(&row);
  if (!hearth_csv_field(csv, at->time).len) {
    return hearth_csv_fail(csv, at->time, "");
  }
  hearth_status status = hearth__import_seconds(csv, at->time, 0, &row.ts_ms);
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

hearth_status hearth__import_burstgpt(hearth__import *import, const char *path,
                                      uint32_t index) {
  columns at;
  (void)index;
  return hearth__import_csv(import, path,
                            (hearth__records){find_columns, take_record}, &at);
}
