/* SPDX-License-Identifier: MIT
   Azure Functions: counts by the minute (2019), invocations (2021). */
#include <stdio.h>

#include "host-sdk/replay/input/import_private.h"
#include "host-sdk/replay/input/random.h"

enum { MINUTES = 1440, MAX_REQUESTS = 20000000 };

/* Applications are what is loaded, so they are the models. */
typedef struct counts {
  uint32_t owner, app, trigger, minute[MINUTES], day;
  hearth__random *random;
} counts;

static hearth_status find_counts(hearth_csv *csv, void *found) {
  counts *at = found;
  const hearth_csv_wanted wanted[] = {{"HashOwner", &at->owner, 1},
                                      {"HashApp", &at->app, 1},
                                      {"Trigger", &at->trigger, 1}};
  hearth_status status =
      hearth_csv_find(csv, wanted, sizeof wanted / sizeof *wanted);
  for (uint32_t m = 0; m < MINUTES && status == HEARTH_OK; m++) {
    char name[16];
    snprintf(name, sizeof name, "%u", m + 1);
    status = hearth_csv_require(csv, name, &at->minute[m]);
  }
  return status;
}

/* The invocations of one function in one minute, at random instants of it. */
static hearth_status add_minute(hearth__import *import, hearth_csv *csv,
                                const counts *at, int64_t start, int64_t n) {
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
    row.ts_ms = start + hearth__random_below(at->random, 60000);
    status = hearth__import_record(import, csv, at->app, &row);
  }
  return status;
}

static hearth_status add_function(hearth__import *import, hearth_csv *csv,
                                  const void *found) {
  const counts *at = found;
  const hearth_csv_range range = {INT32_MAX, 0, 0};
  hearth_status status = HEARTH_OK;
  for (uint32_t m = 0; m < MINUTES && status == HEARTH_OK; m++) {
    int64_t n = 0, start = ((int64_t)at->day * MINUTES + m) * 60000;
    status = hearth_csv_int(csv, at->minute[m], range, &n);
    if (status == HEARTH_OK && n) {
      status = add_minute(import, csv, at, start, import->options.all ? n : 1);
    }
  }
  return status;
}

hearth_status hearth__import_azure2019(hearth__import *import, const char *path,
                                       uint32_t index) {
  hearth__random random;
  counts at = {.day = index, .random = &random};
  hearth__random_init(&random, import->options.seed, index);
  return hearth__import_csv(import, path,
                            (hearth__records){find_counts, add_function}, &at);
}

typedef struct invocations {
  uint32_t app, end, duration;
} invocations;

static hearth_status find_invocations(hearth_csv *csv, void *found) {
  invocations *at = found;
  const hearth_csv_wanted wanted[] = {{"app", &at->app, 1},
                                      {"end_timestamp", &at->end, 1},
                                      {"duration", &at->duration, 1}};
  return hearth_csv_find(csv, wanted, sizeof wanted / sizeof *wanted);
}

/* A function's name would give its application away, so there is no task. */
static hearth_status add_invocation(hearth__import *import, hearth_csv *csv,
                                    const void *found) {
  const invocations *at = found;
  hearth_trace_row row;
  int64_t end_ms = 0;
  hearth_trace_row_init(&row);
  if (!hearth_csv_field(csv, at->end).len) {
    return hearth_csv_fail(csv, at->end, "");
  }
  hearth_status status = hearth__import_seconds(csv, at->end, 0, &end_ms);
  if (status == HEARTH_OK) {
    status = hearth__import_seconds(csv, at->duration, 0, &row.duration_ms);
  }
  if (status != HEARTH_OK) {
    return status;
  }
  row.ts_ms = end_ms - row.duration_ms;
  row.name[HEARTH_TRACE_MODEL] = hearth_csv_field(csv, at->app);
  return hearth__import_record(import, csv, at->app, &row);
}

hearth_status hearth__import_azure2021(hearth__import *import, const char *path,
                                       uint32_t index) {
  invocations at;
  (void)index;
  return hearth__import_csv(
      import, path, (hearth__records){find_invocations, add_invocation}, &at);
}
