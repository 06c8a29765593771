/* SPDX-License-Identifier: MIT
   What the SDK's tests share: byte vectors, and a host whose memory fails. */
#ifndef HEARTH_TESTS_SDK_SUPPORT_H
#define HEARTH_TESTS_SDK_SUPPORT_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "hearth/ext/memory.h"
#include "hearth/plugin.h"
#include "plugin/sdk/wire/encode.h"
#include "plugin/sdk/wire/schema.h"

/* Whether two buffers hold the same, and at least one byte. */
int support_same(const hearth_buffer *a, const hearth_buffer *b);

/* The messages that have a file in tests/vectors. */
typedef struct support_message {
  const hearth_schema *schema;
  const char *file;
} support_message;

extern const support_message support_messages[];
extern const size_t support_message_count;

/* One vector of tests/vectors/README.md. */
typedef struct support_vector {
  const hearth_schema *schema;
  const char *name;
  uint8_t *bytes; /* exactly `len` of them on the heap */
  size_t len;
  const json_t *json; /* or NULL */
  const char *error;  /* or NULL */
  int exact;
} support_vector;

/* Call `each` for every vector of every file; returns how many there were, 0 if
   a file could not be read. */
size_t support_each_vector(void (*each)(const support_vector *));

/* The size of the largest struct, aligned. */
typedef union support_any {
  max_align_t align;
  char bytes[2048];
} support_any;

/* A host with hearth.memory/1 that counts and fails on demand. */
typedef struct support_host {
  hearth_host host;
  uint64_t used;    /* bytes held */
  uint64_t blocks;  /* held */
  uint64_t calls;   /* that asked for memory */
  uint64_t fail_at; /* the call (from 1) that fails, and all after; 0: none */
} support_host;

void support_host_init(support_host *host, uint64_t fail_at);

#endif
