/* SPDX-License-Identifier: MIT
   A recorded call as a line of JSON. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/reflect/json_text.h"
#include "host-sdk/reflect/trace.h"
#include "plugin/sdk/wire/decode.h"

static void print_text(FILE *out, const char *key, const char *text) {
  fprintf(out, ", \"%s\": ", key);
  hearth__json_str(out, text, strlen(text));
}

/* What is wrong with a message, by its schema; lists have no room, so that
   nothing is kept of it. */
static void print_fault(FILE *out, const char *key, const hearth_schema *schema,
                        hearth_bytes bytes) {
  void *room = calloc(1, schema->size);
  char err[256] = "";

  if (room &&
      hearth_decode(schema, bytes, room, err, sizeof(err)) != HEARTH_OK) {
    print_text(out, key, err);
  }
  free(room);
}

static void print_message(FILE *out, const char *key, const char *length_key,
                          const char *fault_key, const hearth_schema *schema,
                          hearth_bytes bytes, uint64_t len) {
  if (bytes.len) {
    fprintf(out, ", \"%s\": ", key);
    (void)hearth__json_value(out, bytes, -1);
    if (schema) {
      print_fault(out, fault_key, schema, bytes);
    }
  }
  if (len) {
    fprintf(out, ", \"%s\": %" PRIu64, length_key, len);
  }
}

static void print_us(FILE *out, const char *key, uint64_t ns) {
  fprintf(out, ", \"%s\": %" PRIu64 ".%03u", key, ns / 1000,
          (unsigned)(ns % 1000));
}

static void print_call(FILE *out, const hearth__trace_event *e) {
  if (e->call_id) {
    fprintf(out, ", \"call_id\": %" PRIu64, e->call_id);
  }
  if (e->flags & HEARTH_CALL_SHADOW) {
    fputs(", \"shadow\": true", out);
  }
  if (e->deadline_ns != INT64_MIN) {
    fprintf(out, ", \"deadline_us\": %" PRId64, e->deadline_ns / 1000);
  }
}

void hearth__trace_line(FILE *out, const hearth__trace_event *e) {
  fprintf(out, "{\"call\": %" PRIu64 ", \"instance\": %" PRIu64, e->call,
          e->instance);
  print_text(out, "function", e->function);
  if (e->extension) {
    print_text(out, "extension", e->extension);
  }
  print_us(out, "at_us", e->began_ns);
  print_us(out, "took_us", e->took_ns);
  print_call(out, e);
  if (e->has_status) {
    fprintf(out, ", \"status\": %d", (int)e->status);
    print_text(out, "status_text", hearth_status_text(e->status));
  }
  if (e->err && *e->err) {
    print_text(out, "error", e->err);
  }
  if (e->id) {
    print_text(out, "id", e->id);
  }
  print_message(out, "in", "in_bytes", "in_fault", e->in_schema, e->in,
                e->in_len);
  print_message(out, "out", "out_bytes", "out_fault", e->out_schema, e->out,
                e->out_len);
  if (e->result.len) {
    fputs(", \"result\": ", out);
    (void)hearth__json_value(out, e->result, -1);
  }
  fputs("}\n", out);
}
