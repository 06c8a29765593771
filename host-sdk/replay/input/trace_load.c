/* SPDX-License-Identifier: MIT
   Reading a trace from a CSV file. */
#include <stdio.h>
#include <string.h>

#include "host-sdk/replay/input/csv.h"
#include "host-sdk/replay/input/text.h"
#include "host-sdk/replay/input/trace.h"
#include "host-sdk/replay/input/trace_columns.h"

const char *const hearth__trace_column[] = {"user",
                                            "task",
                                            "model",
                                            "session",
                                            "project",
                                            "language",
                                            "preferred_hardware"};
const char *const hearth__complexities[] = {"simple", "medium", "complex",
                                            NULL};
const char *const hearth__priorities[] = {"low", "medium", "high", "critical",
                                          NULL};

typedef struct columns {
  uint32_t ts, duration, input, complexity, priority;
  uint32_t name[HEARTH_TRACE_NAMES];
} columns;

static hearth_status find_columns(hearth_csv *csv, columns *at) {
  const hearth_csv_wanted wanted[] = {
      {"ts_ms", &at->ts, 1},
      {"model", &at->name[HEARTH_TRACE_MODEL], 1},
      {"duration_ms", &at->duration, 0},
      {"input_len", &at->input, 0},
      {"complexity", &at->complexity, 0},
      {"priority", &at->priority, 0}};
  for (int kind = 0; kind < HEARTH_TRACE_NAMES; kind++) {
    at->name[kind] = hearth_csv_column(csv, hearth__trace_column[kind]);
  }
  return hearth_csv_find(csv, wanted, sizeof wanted / sizeof *wanted);
}

static hearth_status read_numbers(hearth_csv *csv, const columns *at,
                                  hearth_trace_row *row) {
  const hearth_csv_range time = {HEARTH_TRACE_MAX_MS, 0, 1};
  const hearth_csv_range length = {HEARTH_TRACE_MAX_DURATION, -1, 0};
  hearth_status status = hearth_csv_int(csv, at->ts, time, &row->ts_ms);
  if (status == HEARTH_OK) {
    status = hearth_csv_int(csv, at->duration, length, &row->duration_ms);
  }
  if (status == HEARTH_OK) {
    status = hearth_csv_int(csv, at->input, length, &row->input_len);
  }
  if (status == HEARTH_OK) {
    status = hearth_csv_choice(csv, at->complexity, hearth__complexities,
                               &row->complexity);
  }
  if (status == HEARTH_OK) {
    status = hearth_csv_choice(csv, at->priority, hearth__priorities,
                               &row->priority);
  }
  return status;
}

static hearth_status read_row(hearth_csv *csv, const columns *at,
                              const hearth_trace *trace,
                              hearth_trace_row *row) {
  hearth_status status = read_numbers(csv, at, row);
  if (status != HEARTH_OK) {
    return status;
  }
  for (int kind = 0; kind < HEARTH_TRACE_NAMES; kind++) {
    row->name[kind] = hearth_csv_field(csv, at->name[kind]);
    const char *fault = hearth__name_fault(row->name[kind]);
    if (fault) {
      return hearth_csv_fail(csv, at->name[kind], fault);
    }
  }
  if (!row->name[HEARTH_TRACE_MODEL].len) {
    return hearth_csv_fail(csv, at->name[HEARTH_TRACE_MODEL], "");
  }
  if (trace->count && row->ts_ms < trace->ts_ms[trace->count - 1]) {
    return hearth_csv_fail(csv, at->ts,
                           "which is earlier than the request before it; sort "
                           "the file by ts_ms");
  }
  return HEARTH_OK;
}

static hearth_status add_row(hearth_csv *csv, const columns *at,
                             hearth_trace *trace, const hearth_trace_row *row) {
  hearth_status status = hearth_trace_add(trace, row);
  if (status == HEARTH_LIMIT) {
    return hearth_csv_fail(csv, at->ts,
                           "but there are more requests or names by now than "
                           "a trace can hold");
  }
  if (status != HEARTH_OK) {
    (void)hearth_csv_fail(csv, at->ts, "but there is no memory for more");
  }
  return status;
}

static hearth_status read_rows(hearth_csv *csv, hearth_trace *trace,
                               int64_t until_ms) {
  columns at;
  hearth_trace_row row;
  hearth_status status = find_columns(csv, &at);
  hearth_trace_row_init(&row);
  while (status == HEARTH_OK) {
    status = hearth_csv_next(csv);
    if (status == HEARTH_OK) {
      status = read_row(csv, &at, trace, &row);
    }
    if (status == HEARTH_OK && until_ms >= 0 && row.ts_ms > until_ms) {
      return HEARTH_OK;
    }
    if (status == HEARTH_OK) {
      status = add_row(csv, &at, trace, &row);
    }
  }
  return status == HEARTH_NO_OPINION ? HEARTH_OK : status;
}

static hearth_status fill(hearth_trace *trace, const char *path,
                          int64_t until_ms, char *err, uint64_t err_cap) {
  hearth_csv *csv = NULL;
  hearth_status status =
      hearth_csv_open(&trace->memory, path, err, err_cap, &csv);
  if (status != HEARTH_OK) {
    return status;
  }
  status = read_rows(csv, trace, until_ms);
  hearth_csv_close(csv);
  if (status == HEARTH_OK && !trace->count) {
    if (err && err_cap) {
      snprintf(err, err_cap, "%s: holds no request%s", path,
               until_ms >= 0 ? " up to that time" : "");
    }
    return HEARTH_BAD_PAYLOAD;
  }
  return status;
}

hearth_status hearth_trace_load(hearth_trace *trace,
                                const hearth_memory_user *memory,
                                const char *path,
                                const hearth_trace_options *options, char *err,
                                uint64_t err_cap) {
  hearth_status status = hearth_trace_init(trace, memory);
  if (status != HEARTH_OK) {
    if (err && err_cap) {
      snprintf(err, err_cap, "%s: there is no memory to read it", path);
    }
    return status;
  }
  status = fill(trace, path, options ? options->until_ms : -1, err, err_cap);
  if (status != HEARTH_OK) {
    hearth_trace_free(trace);
  }
  return status;
}
