/* SPDX-License-Identifier: MIT
   Numbers and texts within a frame. */
#ifndef HEARTH_WORKER_BYTES_H
#define HEARTH_WORKER_BYTES_H

#include <stddef.h>

#include "hearth/plugin.h"

void hearth__raw_put_u32(uint8_t *out, uint32_t value);
void hearth__raw_put_u64(uint8_t *out, uint64_t value);
uint32_t hearth__raw_get_u32(const uint8_t *in);
uint64_t hearth__raw_get_u64(const uint8_t *in);

/* Reads from the front of bytes.  Past the end everything is 0 or empty, and
   `bad` stays 1; `no_memory` does too where that is why. */
typedef struct hearth__raw_reader {
  hearth_bytes rest;
  int bad, no_memory;
} hearth__raw_reader;

uint32_t hearth__raw_read_u32(hearth__raw_reader *reader);
uint64_t hearth__raw_read_u64(hearth__raw_reader *reader);
double hearth__raw_read_f64(hearth__raw_reader *reader);
/* A length of 32 bits and as many bytes. */
hearth_bytes hearth__raw_read_bytes(hearth__raw_reader *reader);
/* The same, or NULL (a length of all ones, or no memory: bad), as a text owned
   by the caller (free).  A NUL within, or over `most` bytes, is bad. */
char *hearth__raw_read_text(hearth__raw_reader *reader, uint32_t most);

/* Appends to a growing buffer.  `failed` stays 1 once memory ran out. */
typedef struct hearth__raw_writer {
  uint8_t *data; /* owned: hearth__raw_writer_free */
  size_t len, cap;
  size_t limit; /* 0: none; past it `over` stays 1 */
  int failed, over;
} hearth__raw_writer;

void hearth__raw_write(hearth__raw_writer *writer, const void *data,
                       uint64_t len);
void hearth__raw_write_u32(hearth__raw_writer *writer, uint32_t value);
void hearth__raw_write_u64(hearth__raw_writer *writer, uint64_t value);
void hearth__raw_write_f64(hearth__raw_writer *writer, double value);
/* A text, or NULL. */
void hearth__raw_write_text(hearth__raw_writer *writer, const char *text);
hearth_bytes hearth__raw_written(const hearth__raw_writer *writer);
void hearth__raw_writer_free(hearth__raw_writer *writer);

#endif
