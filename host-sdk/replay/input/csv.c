/* SPDX-License-Identifier: MIT
   A streaming reader of CSV files, plain or gzipped. */
#include "host-sdk/replay/input/csv.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host-sdk/replay/input/csv_private.h"

#define FIRST_BUFFER (1u << 18)
#define MAX_COLUMNS 4096u

/* Where the end of a record is sought. */
typedef enum place { FIELD_START, UNQUOTED, QUOTED, AFTER_QUOTE } place;

hearth_status hearth__csv_fail(hearth_csv *csv, uint64_t line,
                               const char *text) {
  if (csv->err && csv->err_cap) {
    if (line) {
      snprintf(csv->err, csv->err_cap, "%s:%llu: %s", csv->path,
               (unsigned long long)line, text);
    } else {
      snprintf(csv->err, csv->err_cap, "%s: %s", csv->path, text);
    }
  }
  return HEARTH_BAD_PAYLOAD;
}

static hearth_status no_memory(hearth_csv *csv) {
  (void)hearth__csv_fail(csv, csv->line, "there is no memory to read it");
  return HEARTH_NO_MEMORY;
}

/* Why a read went wrong, if it did. */
static hearth_status check_file(hearth_csv *csv) {
  int code = Z_OK;
  const char *text = gzerror(csv->file, &code);
  char message[160];
  if (code == Z_OK || code == Z_STREAM_END) {
    return HEARTH_OK;
  }
  if (code == Z_ERRNO) {
    snprintf(message, sizeof message, "can't be read: %s", strerror(errno));
  } else if (code == Z_BUF_ERROR) {
    snprintf(message, sizeof message,
             "the gzip data is cut off; get the whole file");
  } else if (code == Z_MEM_ERROR) {
    return no_memory(csv);
  } else {
    const char *colon = strrchr(text, ':'); /* zlib puts the path before it */
    snprintf(message, sizeof message, "the gzip data is damaged (%s)",
             colon ? colon + 2 : text);
  }
  return hearth__csv_fail(csv, 0, message);
}

/* Make room behind what the buffer holds, and read. */
static hearth_status refill(hearth_csv *csv) {
  uint64_t held = csv->end - csv->begin;
  if (csv->begin) {
    memmove(csv->buffer, csv->buffer + csv->begin, (size_t)held);
    csv->begin = 0;
    csv->end = held;
  }
  if (csv->end == csv->size) {
    uint64_t size = csv->size ? csv->size * 2 : FIRST_BUFFER;
    void *buffer = hearth_resize(&csv->memory, csv->buffer, (size_t)size);
    if (!buffer) {
      return no_memory(csv);
    }
    csv->buffer = buffer;
    csv->size = size;
  }
  unsigned room = (unsigned)(csv->size - csv->end);
  int got = gzread(csv->file, csv->buffer + csv->end, room);
  if (got > 0) {
    csv->end += (uint64_t)got;
  }
  if (got < (int)room) {
    csv->at_end = 1;
    return check_file(csv);
  }
  return HEARTH_OK;
}

static place step(place at, char c) {
  switch (at) {
  case QUOTED:
    return c == '"' ? AFTER_QUOTE : QUOTED;
  case AFTER_QUOTE:
    return c == '"' ? QUOTED : c == ',' ? FIELD_START : AFTER_QUOTE;
  case FIELD_START:
    return c == '"' ? QUOTED : c == ',' ? FIELD_START : UNQUOTED;
  default:
    return c == ',' ? FIELD_START : UNQUOTED;
  }
}

/* Find the end of the record at csv->begin: its length without the newline.
   HEARTH_NO_OPINION where the file is at its end. */
static hearth_status find_record(hearth_csv *csv, uint64_t *len,
                                 uint64_t *lines) {
  place at = FIELD_START;
  uint64_t i = 0;
  *lines = 0;
  for (;; i++) {
    while (csv->begin + i == csv->end && !csv->at_end) {
      hearth_status status = refill(csv);
      if (status != HEARTH_OK) {
        return status;
      }
    }
    if (csv->begin + i == csv->end) {
      break;
    }
    char c = csv->buffer[csv->begin + i];
    if (c == '\n' && at != QUOTED) {
      break;
    }
    *lines += c == '\n';
    if (c == '\0') {
      return hearth__csv_fail(csv, csv->next_line + *lines,
                              "holds a NUL byte; is it a text file?");
    }
    if (i >= HEARTH_CSV_MAX_RECORD) {
      return hearth__csv_fail(csv, csv->next_line,
                              "the record is longer than 1 MiB");
    }
    at = step(at, c);
  }
  if (at == QUOTED) {
    return hearth__csv_fail(csv, csv->next_line,
                            "a quote is opened and never closed");
  }
  *len = i;
  return i || csv->begin < csv->end ? HEARTH_OK : HEARTH_NO_OPINION;
}

/* Unquote in place what begins behind an opening quote; returns where it goes
   on: at a comma or at `end`; NULL where other text follows the quote. */
static char *unquote(char *at, char *end, hearth_str *out) {
  char *to = at;
  out->data = at;
  for (;;) {
    char *quote = memchr(at, '"', (size_t)(end - at));
    if (!quote) {
      return NULL;
    }
    memmove(to, at, (size_t)(quote - at));
    to += quote - at;
    at = quote + 1;
    if (at == end || *at != '"') {
      break;
    }
    *to++ = '"';
    at++;
  }
  out->len = (uint64_t)(to - out->data);
  return at == end || *at == ',' ? at : NULL;
}

static hearth_status add_field(hearth_csv *csv, hearth_str field) {
  if (csv->count == MAX_COLUMNS) {
    return hearth__csv_fail(csv, csv->line, "has more than 4096 fields");
  }
  if (hearth_grow(&csv->memory, (void **)&csv->fields, &csv->cap,
                  csv->count + 1, sizeof *csv->fields) != HEARTH_OK) {
    return no_memory(csv);
  }
  csv->fields[csv->count++] = field;
  return HEARTH_OK;
}

static hearth_status split(hearth_csv *csv, char *at, char *end) {
  csv->count = 0;
  if (end > at && end[-1] == '\r') {
    end--;
  }
  for (;;) {
    hearth_str field = {at, 0};
    if (at < end && *at == '"') {
      at = unquote(at + 1, end, &field);
      if (!at) {
        return hearth__csv_fail(csv, csv->line,
                                "a quoted field goes on after its quote");
      }
    } else {
      char *comma = memchr(at, ',', (size_t)(end - at));
      at = comma ? comma : end;
      field.len = (uint64_t)(at - field.data);
    }
    hearth_status status = add_field(csv, field);
    if (status != HEARTH_OK || at == end) {
      return status;
    }
    at++;
  }
}

/* The next record that is not blank, split into fields. */
static hearth_status read_record(hearth_csv *csv) {
  for (;;) {
    uint64_t len = 0, lines = 0;
    hearth_status status = find_record(csv, &len, &lines);
    csv->line = csv->next_line;
    if (status != HEARTH_OK) {
      return status;
    }
    char *text = csv->buffer + csv->begin;
    csv->next_line += lines + 1;
    csv->begin += len + (csv->begin + len < csv->end);
    if (len > 1 || (len == 1 && *text != '\r')) {
      return split(csv, text, text + len);
    }
  }
}

static hearth_status check_header(hearth_csv *csv) {
  char message[160];
  for (uint32_t i = 1; i < csv->columns; i++) {
    for (uint32_t j = 0; j < i; j++) {
      hearth_str name = csv->header[i];
      if (name.len && hearth_str_equal(name, csv->header[j])) {
        snprintf(message, sizeof message, "the header names %.*s twice",
                 (int)(name.len < 80 ? name.len : 80), name.data);
        return hearth__csv_fail(csv, csv->line, message);
      }
    }
  }
  return HEARTH_OK;
}

/* Keep a copy of the header, whose buffer the next record overwrites. */
static hearth_status keep_header(hearth_csv *csv) {
  uint64_t len = 0, at = 0;
  for (uint32_t i = 0; i < csv->count; i++) {
    len += csv->fields[i].len;
  }
  csv->header = hearth_zalloc(&csv->memory, csv->count, sizeof *csv->header);
  csv->header_text = hearth_zalloc(&csv->memory, (size_t)len + 1, 1);
  if (!csv->header || !csv->header_text) {
    return no_memory(csv);
  }
  csv->columns = csv->count;
  for (uint32_t i = 0; i < csv->count; i++) {
    hearth_str name = csv->fields[i];
    memcpy(csv->header_text + at, name.data, (size_t)name.len);
    csv->header[i] = (hearth_str){csv->header_text + at, name.len};
    at += name.len;
  }
  return check_header(csv);
}

static int ends_with_gz(const char *path) {
  size_t len = strlen(path);
  return len > 3 && !strcmp(path + len - 3, ".gz");
}

static hearth_status read_header(hearth_csv *csv) {
  csv->file = gzopen(csv->path, "rb");
  if (!csv->file) {
    char message[160];
    snprintf(message, sizeof message, "can't be opened: %s",
             errno ? strerror(errno) : "no memory");
    return hearth__csv_fail(csv, 0, message);
  }
  (void)gzbuffer(csv->file, FIRST_BUFFER);
  hearth_status status = refill(csv);
  if (status != HEARTH_OK) {
    return status;
  }
  if (csv->end && ends_with_gz(csv->path) && gzdirect(csv->file)) {
    return hearth__csv_fail(csv, 0, "is not gzip data, in spite of its name");
  }
  if (csv->end >= 3 && !memcmp(csv->buffer, "\xEF\xBB\xBF", 3)) {
    csv->begin = 3;
  }
  status = read_record(csv);
  if (status == HEARTH_NO_OPINION) {
    return hearth__csv_fail(csv, 0,
                            "is empty; a header and records were expected");
  }
  return status == HEARTH_OK ? keep_header(csv) : status;
}

hearth_status hearth_csv_open(const hearth_memory_user *memory,
                              const char *path, char *err, uint64_t err_cap,
                              hearth_csv **out) {
  hearth_csv *csv = hearth_zalloc(memory, 1, sizeof *csv);
  if (!csv) {
    if (err && err_cap) {
      snprintf(err, err_cap, "%s: there is no memory to read it", path);
    }
    return HEARTH_NO_MEMORY;
  }
  csv->memory = *memory;
  csv->path = path;
  csv->err = err;
  csv->err_cap = err_cap;
  csv->next_line = 1;
  errno = 0;
  hearth_status status = read_header(csv);
  if (status != HEARTH_OK) {
    hearth_csv_close(csv);
    return status;
  }
  *out = csv;
  return HEARTH_OK;
}

void hearth_csv_close(hearth_csv *csv) {
  if (!csv) {
    return;
  }
  hearth_memory_user memory = csv->memory;
  if (csv->file) {
    (void)gzclose_r(csv->file);
  }
  hearth_release(&memory, csv->buffer);
  hearth_release(&memory, csv->fields);
  hearth_release(&memory, csv->header);
  hearth_release(&memory, csv->header_text);
  hearth_release(&memory, csv);
}

hearth_status hearth_csv_next(hearth_csv *csv) {
  char message[120];
  hearth_status status = read_record(csv);
  if (status == HEARTH_OK && csv->count != csv->columns) {
    snprintf(message, sizeof message,
             "the record has %u fields, but the header has %u", csv->count,
             csv->columns);
    return hearth__csv_fail(csv, csv->line, message);
  }
  return status;
}
