/* SPDX-License-Identifier: MIT
   Numbers and texts within a frame. */
#include "host-sdk/worker/bytes.h"

#include <stdlib.h>
#include <string.h>

static const uint32_t no_text = UINT32_MAX;

void hearth__raw_put_u32(uint8_t *out, uint32_t value) {
  for (int i = 0; i < 4; ++i) {
    out[i] = (uint8_t)(value >> 8 * i);
  }
}

void hearth__raw_put_u64(uint8_t *out, uint64_t value) {
  hearth__raw_put_u32(out, (uint32_t)value);
  hearth__raw_put_u32(out + 4, (uint32_t)(value >> 32));
}

uint32_t hearth__raw_get_u32(const uint8_t *in) {
  return (uint32_t)in[0] | (uint32_t)in[1] << 8 | (uint32_t)in[2] << 16 |
         (uint32_t)in[3] << 24;
}

uint64_t hearth__raw_get_u64(const uint8_t *in) {
  return (uint64_t)hearth__raw_get_u32(in) |
         (uint64_t)hearth__raw_get_u32(in + 4) << 32;
}

/* The next `len` bytes, or NULL. */
static const uint8_t *take(hearth__raw_reader *reader, uint64_t len) {
  const uint8_t *at = reader->rest.data;

  if (reader->bad || len > reader->rest.len) {
    reader->bad = 1;
    return NULL;
  }
  if (len) {
    reader->rest.data += len;
    reader->rest.len -= len;
  }
  return at;
}

uint32_t hearth__raw_read_u32(hearth__raw_reader *reader) {
  const uint8_t *at = take(reader, 4);

  return at ? hearth__raw_get_u32(at) : 0;
}

uint64_t hearth__raw_read_u64(hearth__raw_reader *reader) {
  const uint8_t *at = take(reader, 8);

  return at ? hearth__raw_get_u64(at) : 0;
}

double hearth__raw_read_f64(hearth__raw_reader *reader) {
  uint64_t bits = hearth__raw_read_u64(reader);
  double value;

  memcpy(&value, &bits, sizeof(value));
  return value;
}

hearth_bytes hearth__raw_read_bytes(hearth__raw_reader *reader) {
  hearth_bytes bytes = {NULL, 0};
  uint64_t len = hearth__raw_read_u32(reader);
  const uint8_t *at = take(reader, len);

  if (!reader->bad) {
    bytes.data = at;
    bytes.len = len;
  }
  return bytes;
}

char *hearth__raw_read_text(hearth__raw_reader *reader, uint32_t most) {
  uint32_t len = hearth__raw_read_u32(reader);
  const uint8_t *at;
  char *text;

  if (reader->bad || len == no_text) {
    return NULL;
  }
  at = len <= most ? take(reader, len) : NULL;
  if (!at || memchr(at, 0, len)) {
    reader->bad = 1;
    return NULL;
  }
  text = malloc((size_t)len + 1);
  if (!text) {
    reader->bad = reader->no_memory = 1;
    return NULL;
  }
  memcpy(text, at, len);
  text[len] = 0;
  return text;
}

static int grow(hearth__raw_writer *writer, uint64_t len) {
  size_t cap = writer->cap ? writer->cap : 256;
  uint8_t *data;

  if (writer->limit && len > writer->limit - writer->len) {
    writer->over = 1;
    return 0;
  }
  if (len > SIZE_MAX / 4 || writer->len > SIZE_MAX / 4) {
    return 0;
  }
  while (cap < writer->len + len) {
    cap *= 2;
  }
  data = cap > writer->cap ? realloc(writer->data, cap) : writer->data;
  if (!data) {
    return 0;
  }
  writer->data = data;
  writer->cap = cap;
  return 1;
}

void hearth__raw_write(hearth__raw_writer *writer, const void *data,
                       uint64_t len) {
  if (writer->failed || !len) {
    return;
  }
  if (!data || !grow(writer, len)) {
    writer->failed = 1;
    return;
  }
  memcpy(writer->data + writer->len, data, (size_t)len);
  writer->len += (size_t)len;
}

void hearth__raw_write_u32(hearth__raw_writer *writer, uint32_t value) {
  uint8_t bytes[4];

  hearth__raw_put_u32(bytes, value);
  hearth__raw_write(writer, bytes, sizeof(bytes));
}

void hearth__raw_write_u64(hearth__raw_writer *writer, uint64_t value) {
  uint8_t bytes[8];

  hearth__raw_put_u64(bytes, value);
  hearth__raw_write(writer, bytes, sizeof(bytes));
}

void hearth__raw_write_f64(hearth__raw_writer *writer, double value) {
  uint64_t bits;

  memcpy(&bits, &value, sizeof(bits));
  hearth__raw_write_u64(writer, bits);
}

void hearth__raw_write_text(hearth__raw_writer *writer, const char *text) {
  size_t len = text ? strlen(text) : 0;

  if (len >= no_text) {
    writer->failed = 1;
    return;
  }
  hearth__raw_write_u32(writer, text ? (uint32_t)len : no_text);
  hearth__raw_write(writer, text, len);
}

hearth_bytes hearth__raw_written(const hearth__raw_writer *writer) {
  hearth_bytes bytes = {writer->data, writer->len};

  return bytes;
}

void hearth__raw_writer_free(hearth__raw_writer *writer) {
  free(writer->data);
  writer->data = NULL;
  writer->len = writer->cap = 0;
}
