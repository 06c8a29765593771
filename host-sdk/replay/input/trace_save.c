/* SPDX-License-Identifier: MIT
   Writing a trace as a CSV file. */
#include "host-sdk/replay/input/out.h"
#include "host-sdk/replay/input/trace.h"
#include "host-sdk/replay/input/trace_columns.h"

/* Which of the optional columns hold anything. */
typedef struct used {
  int complexity, priority, name[HEARTH_TRACE_NAMES];
} used;

static used find_used(const hearth_trace *trace) {
  used u = {0};
  for (uint32_t i = 0; i < trace->count; i++) {
    u.complexity |= trace->complexity[i] != 0;
    u.priority |= trace->priority[i] != 0;
    for (int kind = HEARTH_TRACE_SESSION; kind < HEARTH_TRACE_NAMES; kind++) {
      u.name[kind] |= trace->id[kind][i] != HEARTH_NO_NAME;
    }
  }
  return u;
}

static void write_header(hearth__out *out, const used *u) {
  static const char *const usual[] = {"ts_ms", "user",        "task",
                                      "model", "duration_ms", "input_len"};
  for (unsigned i = 0; i < sizeof usual / sizeof *usual; i++) {
    hearth__out_text(out, hearth_str_from(usual[i]));
  }
  for (int kind = HEARTH_TRACE_SESSION; kind < HEARTH_TRACE_NAMES; kind++) {
    if (u->name[kind]) {
      hearth__out_text(out, hearth_str_from(hearth__trace_column[kind]));
    }
  }
  if (u->complexity) {
    hearth__out_text(out, hearth_str_from("complexity"));
  }
  if (u->priority) {
    hearth__out_text(out, hearth_str_from("priority"));
  }
  hearth__out_end(out);
}

/* The name of a level from 1; 0 is unknown. */
static hearth_str level(const char *const *names, uint8_t value) {
  return value ? hearth_str_from(names[value - 1]) : (hearth_str){"", 0};
}

static void write_row(hearth__out *out, const hearth_trace *trace,
                      const used *u, uint32_t i) {
  hearth__out_int(out, trace->ts_ms[i]);
  for (int kind = HEARTH_TRACE_USER; kind <= HEARTH_TRACE_MODEL; kind++) {
    hearth__out_text(out, hearth_trace_name(trace, kind, i));
  }
  hearth__out_int(out, trace->duration_ms[i]);
  hearth__out_int(out, trace->input_len[i]);
  for (int kind = HEARTH_TRACE_SESSION; kind < HEARTH_TRACE_NAMES; kind++) {
    if (u->name[kind]) {
      hearth__out_text(out, hearth_trace_name(trace, kind, i));
    }
  }
  if (u->complexity) {
    hearth__out_text(out, level(hearth__complexities, trace->complexity[i]));
  }
  if (u->priority) {
    hearth__out_text(out, level(hearth__priorities, trace->priority[i]));
  }
  hearth__out_end(out);
}

hearth_status hearth_trace_save(const hearth_trace *trace, const char *path,
                                char *err, uint64_t err_cap) {
  hearth__out *out = NULL;
  hearth_status status =
      hearth__out_open(&trace->memory, path, err, err_cap, &out);
  if (status != HEARTH_OK) {
    return status;
  }
  used u = find_used(trace);
  write_header(out, &u);
  for (uint32_t i = 0; i < trace->count; i++) {
    write_row(out, trace, &u, i);
  }
  return hearth__out_commit(out);
}
