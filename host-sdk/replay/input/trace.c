/* SPDX-License-Identifier: MIT
   A trace of requests, whole in memory. */
#include "host-sdk/replay/input/trace.h"

#include <string.h>

/* X(member): the arrays of numbers. */
#define NUMBER_COLUMNS(X)                                                      \
  X(ts_ms) X(duration_ms) X(input_len) X(complexity) X(priority)

hearth_status hearth_trace_init(hearth_trace *trace,
                                const hearth_memory_user *memory) {
  memset(trace, 0, sizeof *trace);
  trace->memory = *memory;
  for (int kind = 0; kind < HEARTH_TRACE_NAMES; kind++) {
    trace->names[kind] = hearth_names_new(memory, 0, 0);
    if (!trace->names[kind]) {
      hearth_trace_free(trace);
      return HEARTH_NO_MEMORY;
    }
  }
  return HEARTH_OK;
}

void hearth_trace_free(hearth_trace *trace) {
  if (!trace) {
    return;
  }
#define RELEASE(member) hearth_release(&trace->memory, trace->member);
  NUMBER_COLUMNS(RELEASE)
#undef RELEASE
  for (int kind = 0; kind < HEARTH_TRACE_NAMES; kind++) {
    hearth_release(&trace->memory, trace->id[kind]);
    hearth_names_free(trace->names[kind]);
  }
  memset(trace, 0, sizeof *trace);
}

void hearth_trace_row_init(hearth_trace_row *row) {
  memset(row, 0, sizeof *row);
  row->duration_ms = -1;
  row->input_len = -1;
}

/* Room in every array for one more request. */
static hearth_status grow(hearth_trace *trace) {
  uint32_t cap = trace->cap;
  if (trace->count < trace->cap) {
    return HEARTH_OK;
  }
  if (trace->count == UINT32_MAX) {
    return HEARTH_LIMIT;
  }
#define GROW(member)                                                           \
  cap = trace->cap;                                                            \
  if (hearth_grow(&trace->memory, (void **)&trace->member, &cap,               \
                  trace->count + 1, sizeof *trace->member) != HEARTH_OK) {     \
    return HEARTH_NO_MEMORY;                                                   \
  }
  NUMBER_COLUMNS(GROW)
  for (int kind = 0; kind < HEARTH_TRACE_NAMES; kind++) {
    GROW(id[kind])
  }
#undef GROW
  trace->cap = cap;
  return HEARTH_OK;
}

/* The number of a name; the last request's is tried first, for traces repeat
   themselves. */
static hearth_status number_of(hearth_trace *trace, int kind, hearth_str name,
                               uint32_t *id) {
  if (!name.len) {
    *id = HEARTH_NO_NAME;
    return HEARTH_OK;
  }
  if (trace->count) {
    uint32_t last = trace->id[kind][trace->count - 1];
    if (last != HEARTH_NO_NAME &&
        hearth_str_equal(name, hearth_names_text(trace->names[kind], last))) {
      *id = last;
      return HEARTH_OK;
    }
  }
  return hearth_names_add(trace->names[kind], name, id);
}

static int is_valid(const hearth_trace *trace, const hearth_trace_row *row) {
  return row->ts_ms >= 0 && row->ts_ms <= HEARTH_TRACE_MAX_MS &&
         row->duration_ms >= -1 &&
         row->duration_ms <= HEARTH_TRACE_MAX_DURATION &&
         row->input_len >= -1 && row->input_len <= HEARTH_TRACE_MAX_DURATION &&
         row->name[HEARTH_TRACE_MODEL].len &&
         (!trace->count || row->ts_ms >= trace->ts_ms[trace->count - 1]);
}

hearth_status hearth_trace_add(hearth_trace *trace,
                               const hearth_trace_row *row) {
  uint32_t id[HEARTH_TRACE_NAMES];
  if (!is_valid(trace, row)) {
    return HEARTH_BAD_ARG;
  }
  hearth_status status = grow(trace);
  for (int kind = 0; kind < HEARTH_TRACE_NAMES && status == HEARTH_OK; kind++) {
    status = number_of(trace, kind, row->name[kind], &id[kind]);
  }
  if (status != HEARTH_OK) {
    return status;
  }
  uint32_t i = trace->count++;
  trace->ts_ms[i] = row->ts_ms;
  trace->duration_ms[i] = row->duration_ms;
  trace->input_len[i] = row->input_len;
  trace->complexity[i] = (uint8_t)row->complexity;
  trace->priority[i] = (uint8_t)row->priority;
  for (int kind = 0; kind < HEARTH_TRACE_NAMES; kind++) {
    trace->id[kind][i] = id[kind];
  }
  return HEARTH_OK;
}

hearth_str hearth_trace_name(const hearth_trace *trace, int kind, uint32_t i) {
  uint32_t id = trace->id[kind][i];
  return id == HEARTH_NO_NAME ? (hearth_str){NULL, 0}
                              : hearth_names_text(trace->names[kind], id);
}

uint32_t hearth_trace_count(const hearth_trace *trace, int kind) {
  return hearth_names_count(trace->names[kind]);
}
