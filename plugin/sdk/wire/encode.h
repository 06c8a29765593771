/* SPDX-License-Identifier: MIT
   From a struct to msgpack bytes, by its schema. */
#ifndef HEARTH_SDK_WIRE_ENCODE_H
#define HEARTH_SDK_WIRE_ENCODE_H

#include "hearth/plugin.h"
#include "plugin/sdk/wire/schema.h"

/* Write `message` into `sink`: keys in the schema's order, a member that holds
   its default left out, integers in their shortest form.  Goes through a small
   buffer on the stack; never allocates.  Returns the sink's first failure;
   HEARTH_BAD_ARG where the struct holds what no message may: a number that is
   not finite, an enum without a name, a string that is too long. */
hearth_status hearth_encode(const hearth_schema *schema, const void *message,
                            hearth_sink *sink);

/* A sink that appends to a growing buffer, for hosts and tests.  Zero it, set
   `limit` (0: HEARTH_WIRE_MAX_BYTES), call hearth_buffer_init.  The buffer
   keeps its room from call to call: set `len` to 0 to use it again. */
typedef struct hearth_buffer {
  hearth_sink sink; /* first: a hearth_buffer is a hearth_sink */
  uint8_t *data;    /* owned by the buffer */
  uint64_t len, cap, limit;
} hearth_buffer;

void hearth_buffer_init(hearth_buffer *buffer, uint64_t limit);
void hearth_buffer_free(hearth_buffer *buffer);
hearth_bytes hearth_buffer_bytes(const hearth_buffer *buffer);

#endif
