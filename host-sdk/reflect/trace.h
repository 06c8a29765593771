/* SPDX-License-Identifier: MIT
   A library whose every call is recorded, by closures of libffi. */
#ifndef HEARTH_REFLECT_TRACE_H
#define HEARTH_REFLECT_TRACE_H

#include <stdio.h>

#include "hearth/host.h"
#include "plugin/sdk/wire/schema.h"

/* One call, as it returned.  Everything is borrowed during `write`. */
typedef struct hearth__trace_event {
  uint64_t call;         /* from 1, in the order in which calls return */
  uint64_t instance;     /* from 1, in the order of creation; 0: none */
  const char *extension; /* NULL: a function of the plugin's entry */
  const char *function;
  uint64_t began_ns;   /* since the trace began */
  uint64_t took_ns;    /* in the plugin, and the closure under it */
  uint64_t call_id;    /* of the hearth_call; 0: none */
  uint32_t flags;      /* HEARTH_CALL_* */
  int64_t deadline_ns; /* that were left; INT64_MIN: no deadline */
  int has_status;
  hearth_status status;
  const char *err; /* what the plugin said; "" for nothing */
  /* What went in and what came out, and what they are: a message by a schema,
     or (NULL) msgpack of none.  `in_len` and `out_len` count even where the
     bytes are not kept ({NULL, 0}): state, answers without `messages`, no
     memory. */
  hearth_bytes in, out;
  const hearth_schema *in_schema, *out_schema;
  uint64_t in_len, out_len;
  hearth_bytes result; /* of a reflected function: a msgpack value */
  const char *id;      /* of get_extension */
} hearth__trace_event;

typedef struct hearth__trace_options {
  /* Told of each call, never two at a time, from the thread that made it. */
  void (*write)(void *user, const hearth__trace_event *event);
  void *user;
  int messages; /* keep answers, for `out` */
} hearth__trace_options;

typedef struct hearth__tracer hearth__tracer;

/* Give in *out a library over `library` that behaves as it does and records
   every call, those of the extensions metrics/1, explain/1, predict/1 and
   reflect/1 too.  *out is closed as any library; *tracer, which holds closures
   and a share of `library`, is freed after the last instance is destroyed and
   *out is closed.  HEARTH_UNSUPPORTED, with a sentence: this system lets no
   closures be made. */
hearth_status hearth__traced_library(hearth_library *library,
                                     const hearth__trace_options *options,
                                     hearth__tracer **tracer,
                                     hearth_library **out, char *err,
                                     uint64_t err_cap);
void hearth__tracer_free(hearth__tracer *tracer);

/* One JSON object in one line; docs/man/hearth-trace.1 has its keys. */
void hearth__trace_line(FILE *out, const hearth__trace_event *event);

#endif
