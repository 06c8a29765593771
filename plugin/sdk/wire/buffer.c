/* SPDX-License-Identifier: MIT
   A sink that appends to a growing buffer. */
#include "plugin/sdk/cold.h"

#include <stdlib.h>
#include <string.h>

#include "plugin/sdk/wire/decode.h"
#include "plugin/sdk/wire/encode.h"

enum { FIRST_ROOM = 1024 };

static hearth_status grow(hearth_buffer *buffer, uint64_t want) {
  uint64_t room = buffer->cap ? buffer->cap : FIRST_ROOM;
  while (room < want) {
    room *= 2;
  }
  if (room > buffer->limit) {
    room = buffer->limit;
  }
  uint8_t *const grown =
      room > SIZE_MAX ? NULL : realloc(buffer->data, (size_t)room);
  if (!grown) {
    return HEARTH_NO_MEMORY;
  }
  buffer->data = grown;
  buffer->cap = room;
  return HEARTH_OK;
}

static hearth_status append(hearth_sink *sink, const void *data, uint64_t len) {
  hearth_buffer *const buffer = (hearth_buffer *)(void *)sink;
  if (len == 0) {
    return HEARTH_OK;
  }
  if (buffer->len > buffer->limit || len > buffer->limit - buffer->len) {
    return HEARTH_LIMIT;
  }
  if (len > buffer->cap - buffer->len) {
    const hearth_status status = grow(buffer, buffer->len + len);
    if (status != HEARTH_OK) {
      return status;
    }
  }
  memcpy(buffer->data + buffer->len, data, (size_t)len);
  buffer->len += len;
  return HEARTH_OK;
}

void hearth_buffer_init(hearth_buffer *buffer, uint64_t limit) {
  memset(buffer, 0, sizeof *buffer);
  buffer->sink.size = (uint32_t)sizeof buffer->sink;
  buffer->sink.write = append;
  buffer->limit = limit ? limit : HEARTH_WIRE_MAX_BYTES;
}

void hearth_buffer_free(hearth_buffer *buffer) {
  if (buffer) {
    free(buffer->data);
    hearth_buffer_init(buffer, buffer->limit);
  }
}

hearth_bytes hearth_buffer_bytes(const hearth_buffer *buffer) {
  const hearth_bytes bytes = {buffer->data, buffer->len};
  return bytes;
}
