/* SPDX-License-Identifier: MIT
   Azure Functions: counts by the minute (2019), invocations (2021). */
#include <stdio.h>

#include "host-sdk/replay/input/import_private.h"
#include "host-sdk/replay/input/random.h"

enum { MINUTES = 1440, MAX_REQUESTS = 20000000 };

/* Applications are what is loaded, so they are the models. */
typedef struct counts {
  uint32_t owner, app, trigger, first; /* first: of 1440 columns */
} counts;

/* The minutes must be there, one after another. */
static hearth_status find_counts(hearth_csv *csv, counts *at) {
  char name[16];
  uint32_t column = 0;
  hearth_status status = hearth_csv_require(csv, "HashOwner", &at->owner);
  if (status == HEARTH_OK) {
    status = hearth_csv_require(csv, "HashApp", &at->app);
  }
  if (status == HEARTH_OK) {
    status = hearth_csv_require(csv, "Trigger", &at->trigger);
  }
  if (status == HEARTH_OK) {
    status = hearth_csv_require(csv, "1", &at->first);
  }
  for (uint32_t m = 1; m < MINUTES && status == HEARTH_OK; m++) {
    if (at->first + m < hearth_csv_columns(csv)) {
      snprintf(name, sizeof name, "%u", m + 1);
      if (hearth_str_equal(hearth_csv_name(csv, at->first + m),
                           hearth_str_from(name))) {
        continue;
      }
    }
    snprintf(name, sizeof name, "%u", m + 1);
    status = hearth_csv_require(csv, name, &column);
  }
  return status;
}

/* The invocations of one function in one minute, at random instants of it. */
static hearth_status add_minute(hearth__import *import, hearth_csv *csv,
                                const counts *at, hearth__random *random,
                                int64_t start, int64_t n) {
  hearth_trace_row row;
  hearth_status status = HEARTH_OK;
  hearth_trace_row_init(&row);
  row.name[HEARTH_TRACE_USER] = hearth_csv_field(csv, at->owner);
  row.name[HEARTH_TRACE_TASK] = hearth_csv_field(csv, at->trigger);
  row.name[HEARTH_TRACE_MODEL] = hearth_csv_field(csv, at->app);
  for (int64_t i = 0; i < n && status == HEARTH_OK; i++) {
    if (import->count == MAX_REQUESTS) {
      return hearth_csv_fail(csv, at->app,
                             "by which there are over 20000000 requests; "
                             "leave --all out, or give fewer files");
    }
    row.ts_ms = start + hearth__random_below(random, 60000);
    status = hearth__import_record(import, csv, at->app, &row);
  }
  return status;
}

static hearth_status add_function(hearth__import *import, hearth_csv *csv,
                                  const counts *at, hearth__random *random,
                                  uint32_t day) {
  const hearth_csv_range range = {INT32_MAX, 0, 0};
  hearth_status status = HEARTH_OK;
  for (uint32_t m = 0; m < MINUTES && status == HEARTH_OK; m++) {
    int64_t n = 0, start = ((int64_t)day * MINUTES + m) * 60000;
    status = hearth_csv_int(csv, at->first + m, range, &n);
    if (status == HEARTH_OK && n) {
      status = add_minute(import, csv, at, random, start,
                          import->options.all ? n : 1);
    }
  }
  return status;
}

hearth_status hearth__import_azure2019(hearth__import *import,
                                       const char *path, uint32_t index) {
  hearth_csv *csv = NULL;
  hearth__random random;
  counts at;
  hearth_status status = hearth_csv_open(&import->memory, path, import->err,
                                         import->err_cap, &csv);
  if (status != HEARTH_OK) {
    return status;
  }
  hearth__random_init(&random, import->options.seed, index);
  status = find_counts(csv, &at);
  while (status == HEARTH_OK) {
    status = hearth_csv_next(csv);
    if (status == HEARTH_OK) {
      status = add_function(import, csv, &at, &random, index);
    }
  }
  hearth_csv_close(csv);
  return status == HEARTH_NO_OPINION ? HEARTH_OK : status;
}

/* A function's name would give its application away, so there is no task. */
static hearth_status add_invocation(hearth__import *import, hearth_csv *csv,
                                    uint32_t app, uint32_t end,
                                    uint32_t duration) {
  hearth_trace_row row;
  int64_t end_ms = 0;
  hearth_trace_row_init(&row);
  if (!hearth_csv_field(csv, end).len) {
    return hearth_csv_fail(csv, end, "");
  }
  hearth_status status = hearth__import_seconds(csv, end, 0, &end_ms);
  if (status == HEARTH_OK) {
    status = hearth__import_seconds(csv, duration, 0, &row.duration_ms);
  }
  if (status != HEARTH_OK) {
    return status;
  }
  row.ts_ms = end_ms - row.duration_ms;
  row.name[HEARTH_TRACE_MODEL] = hearth_csv_field(csv, app);
  return hearth__import_record(import, csv, app, &row);
}

hearth_status hearth__import_azure2021(hearth__import *import,
                                       const char *path, uint32_t index) {
  hearth_csv *csv = NULL;
  uint32_t app = 0, end = 0, duration = 0;
  (void)index;
  hearth_status status = hearth_csv_open(&import->memory, path, import->err,
                                         import->err_cap, &csv);
  if (status != HEARTH_OK) {
    return status;
  }
  status = hearth_csv_require(csv, "app", &app);
  if (status == HEARTH_OK) {
    status = hearth_csv_require(csv, "end_timestamp", &end);
  }
  if (status == HEARTH_OK) {
    status = hearth_csv_require(csv, "duration", &duration);
  }
  while (status == HEARTH_OK) {
    status = hearth_csv_next(csv);
    if (status == HEARTH_OK) {
      status = add_invocation(import, csv, app, end, duration);
    }
  }
  hearth_csv_close(csv);
  return status == HEARTH_NO_OPINION ? HEARTH_OK : status;
}
