/* SPDX-License-Identifier: MIT
   What the importers of single formats share. */
#ifndef HEARTH_REPLAY_IMPORT_PRIVATE_H
#define HEARTH_REPLAY_IMPORT_PRIVATE_H

#include <stdint.h>

#include "host-sdk/replay/input/csv.h"
#include "host-sdk/replay/input/import.h"

/* Longer ones say more of a stuck client than of a model. */
#define HEARTH__MAX_RUN_MS INT64_C(600000)

/* A request as read, before the sort. */
typedef struct hearth__staged {
  int64_t ts_ms, duration_ms, input_len;
  uint32_t id[HEARTH_TRACE_NAMES];
  uint32_t seq; /* ends ties */
} hearth__staged;

typedef struct hearth__import {
  hearth_memory_user memory;
  hearth_import_options options;
  hearth_names *names[HEARTH_TRACE_NAMES];
  hearth__staged *staged;
  uint32_t count, cap;
  uint64_t skipped;
  char *err;
  uint64_t err_cap;
} hearth__import;

/* Keep a request; its time may be negative as yet.  A model is needed. */
hearth_status hearth__import_add(hearth__import *import,
                                 const hearth_trace_row *row);

/* The same for a record of `csv`, which names the fault; `model` is the column
   that must be fit to be a name.  A record without a model is counted and left
   out. */
hearth_status hearth__import_record(hearth__import *import, hearth_csv *csv,
                                    uint32_t model,
                                    const hearth_trace_row *row);

/* How a CSV format is read: find the columns, then take each record. */
typedef struct hearth__records {
  hearth_status (*find)(hearth_csv *csv, void *columns);
  hearth_status (*take)(hearth__import *import, hearth_csv *csv,
                        const void *columns);
} hearth__records;

/* Read a whole CSV file so. */
hearth_status hearth__import_csv(hearth__import *import, const char *path,
                                 hearth__records records, void *columns);

/* A field in seconds as milliseconds; `fallback` where it is empty. */
hearth_status hearth__import_seconds(hearth_csv *csv, uint32_t column,
                                     int64_t fallback, int64_t *ms);

/* "FILE: TEXT"; HEARTH_BAD_PAYLOAD. */
hearth_status hearth__import_fail(hearth__import *import, const char *path,
                                  uint64_t line, const char *text);

/* One file of a format; `index`: which of several. */
typedef hearth_status hearth__importer(hearth__import *import, const char *path,
                                       uint32_t index);
hearth__importer hearth__import_gentd26, hearth__import_azure2019,
    hearth__import_azure2021, hearth__import_burstgpt,
    hearth__import_llama_swap;

#endif
