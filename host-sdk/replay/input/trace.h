/* SPDX-License-Identifier: MIT
   A trace of requests, whole in memory. */
#ifndef HEARTH_REPLAY_TRACE_H
#define HEARTH_REPLAY_TRACE_H

#include <stdint.h>

#include "hearth/plugin.h"
#include "plugin/sdk/memory.h"
#include "plugin/sdk/names.h"

/* The names of a trace, and the column each comes from. */
enum {
  HEARTH_TRACE_USER,
  HEARTH_TRACE_TASK,
  HEARTH_TRACE_MODEL,
  HEARTH_TRACE_SESSION,
  HEARTH_TRACE_PROJECT,
  HEARTH_TRACE_LANGUAGE,
  HEARTH_TRACE_HARDWARE, /* preferred_hardware */
  HEARTH_TRACE_NAMES
};

#define HEARTH_TRACE_MAX_MS (INT64_C(1) << 53)       /* of ts_ms */
#define HEARTH_TRACE_MAX_DURATION (INT64_C(1) << 40) /* ms; and of input_len   \
                                                      */

/* Requests in the order of time, one array a column. `id[HEARTH_TRACE_USER][i]`
   is the number of request i's user in `names[HEARTH_TRACE_USER]`, or
   HEARTH_NO_NAME where it is unknown; a model always is known.  Fill it by hand
   (tests, generators) with init and add. */
typedef struct hearth_trace {
  hearth_memory_user memory;
  uint32_t count, cap;
  int64_t *ts_ms;       /* since the epoch, or since any other instant */
  int64_t *duration_ms; /* -1: unknown */
  int64_t *input_len;   /* -1: unknown */
  uint8_t *complexity;  /* HEARTH_COMPLEXITY_* */
  uint8_t *priority;    /* HEARTH_PRIORITY_* */
  uint32_t *id[HEARTH_TRACE_NAMES];
  hearth_names *names[HEARTH_TRACE_NAMES];
} hearth_trace;

typedef struct hearth_trace_options {
  int64_t until_ms; /* later requests are not read; -1: all are */
} hearth_trace_options;

/* An empty trace; hearth_trace_free it.  HEARTH_NO_MEMORY leaves nothing to
   free. */
hearth_status hearth_trace_init(hearth_trace *trace,
                                const hearth_memory_user *memory);

/* Give back everything.  Zeroed structs and NULL are allowed. */
void hearth_trace_free(hearth_trace *trace);

/* Read a CSV file, plain or gzipped: columns ts_ms and model, and where there
   user, task, duration_ms, input_len, session, project, language, complexity,
   priority, preferred_hardware; others are passed over.  `options` may be NULL.
   On HEARTH_OK *trace is owned by the caller; on failure it holds nothing and
   `err` has one sentence with file, line and field. */
hearth_status hearth_trace_load(hearth_trace *trace,
                                const hearth_memory_user *memory,
                                const char *path,
                                const hearth_trace_options *options, char *err,
                                uint64_t err_cap);

/* One request to be added; absent texts are {NULL, 0}. */
typedef struct hearth_trace_row {
  int64_t ts_ms, duration_ms, input_len;
  int32_t complexity, priority;
  hearth_str name[HEARTH_TRACE_NAMES];
} hearth_trace_row;

/* A row with everything unknown. */
void hearth_trace_row_init(hearth_trace_row *row);

/* Append a request, which must not be earlier than the last (HEARTH_BAD_ARG).
   HEARTH_NO_MEMORY and HEARTH_LIMIT leave the requests as they were. */
hearth_status hearth_trace_add(hearth_trace *trace,
                               const hearth_trace_row *row);

/* The text of request i's name of a kind; {NULL, 0} where it is unknown. */
hearth_str hearth_trace_name(const hearth_trace *trace, int kind, uint32_t i);

/* How many names of a kind there are. */
uint32_t hearth_trace_count(const hearth_trace *trace, int kind);

/* Write it as CSV, gzipped where `path` ends in ".gz", with every column that
   holds anything and the six usual ones.  Whole or not at all: it goes to a
   temporary file beside `path`, which is then renamed. */
hearth_status hearth_trace_save(const hearth_trace *trace, const char *path,
                                char *err, uint64_t err_cap);

#endif
