/* SPDX-License-Identifier: MIT
   llama-swap's activity log, as its API gives it. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "host-sdk/replay/input/import_private.h"
#include "host-sdk/replay/input/instant.h"
#include "host-sdk/replay/input/text.h"

#define MAX_FILE (1u << 30)
#define BLOCK (1u << 20)

typedef struct source {
  hearth__import *import;
  const char *path;
  uint64_t line;  /* of JSON lines; 0 in an array */
  uint64_t entry; /* in an array, from 1 */
} source;

static hearth_status fail(const source *s, const char *text) {
  char message[200];
  if (s->line) {
    return hearth__import_fail(s->import, s->path, s->line, text);
  }
  snprintf(message, sizeof message, "entry %llu: %s",
           (unsigned long long)s->entry, text);
  return hearth__import_fail(s->import, s->path, 0, message);
}

/* Which task a path of the API stands for; the path itself if it is none of
   the usual ones. */
static hearth_str task_of(const char *path) {
  static const char *const tasks[][2] = {
      {"/v1/chat/completions", "chat"},
      {"/v1/messages", "chat"},
      {"/v1/responses", "chat"},
      {"/v1/completions", "completion"},
      {"/completion", "completion"},
      {"/infill", "completion"},
      {"/v1/embeddings", "embedding"},
      {"/v1/rerank", "rerank"},
      {"/v1/audio/speech", "speech"},
      {"/v1/audio/transcriptions", "transcription"},
      {"/v1/images/generations", "image"}};
  if (!path) {
    return (hearth_str){NULL, 0};
  }
  for (unsigned i = 0; i < sizeof tasks / sizeof *tasks; i++) {
    if (!strcmp(tasks[i][0], path)) {
      return hearth_str_from(tasks[i][1]);
    }
  }
  return hearth_str_from(path);
}

/* A number of an entry; -1 where it is absent or unknown (negative). */
static int64_t number(const json_t *object, const char *key) {
  const json_t *value = json_object_get(object, key);
  double x = json_is_number(value) ? json_number_value(value) : -1;
  return x < 0 || x > (double)HEARTH_TRACE_MAX_DURATION ? -1 : (int64_t)x;
}

/* The log has an entry when its request is over, so it began a duration ago. */
static hearth_status add_entry(const source *s, const json_t *entry) {
  hearth_trace_row row;
  hearth_trace_row_init(&row);
  if (!json_is_object(entry)) {
    return fail(s, "is not a JSON object");
  }
  const char *time = json_string_value(json_object_get(entry, "timestamp"));
  const char *model = json_string_value(json_object_get(entry, "model"));
  const char *path = json_string_value(json_object_get(entry, "req_path"));
  if (!time || !hearth__instant(hearth_str_from(time), &row.ts_ms)) {
    return fail(s, "timestamp is no time like 2026-01-05T09:00:00Z");
  }
  if (!model || !*model) {
    s->import->skipped++;
    return HEARTH_OK;
  }
  const json_t *tokens = json_object_get(entry, "tokens");
  row.duration_ms = number(entry, "duration_ms");
  row.input_len = number(tokens ? tokens : entry, "input_tokens");
  row.ts_ms -= row.duration_ms > 0 ? row.duration_ms : 0;
  row.name[HEARTH_TRACE_MODEL] = hearth_str_from(model);
  row.name[HEARTH_TRACE_TASK] = task_of(path);
  if (hearth__name_fault(row.name[HEARTH_TRACE_MODEL]) ||
      hearth__name_fault(row.name[HEARTH_TRACE_TASK])) {
    return fail(s, "model or req_path is longer than 512 bytes");
  }
  return hearth__import_add(s->import, &row);
}

static hearth_status bad_json(const source *s, const json_error_t *error,
                              uint64_t line) {
  char message[240];
  snprintf(message, sizeof message, "is not JSON: %.160s", error->text);
  return hearth__import_fail(s->import, s->path, line, message);
}

static hearth_status read_array(source *s, const char *text, size_t len) {
  json_error_t error;
  json_t *array = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
  hearth_status status = HEARTH_OK;
  if (!array) {
    return bad_json(s, &error, error.line > 0 ? (uint64_t)error.line : 0);
  }
  for (size_t i = 0; i < json_array_size(array) && status == HEARTH_OK; i++) {
    s->entry = i + 1;
    status = add_entry(s, json_array_get(array, i));
  }
  json_decref(array);
  return status;
}

static int is_blank(const char *text, size_t len) {
  for (size_t i = 0; i < len; i++) {
    if (!strchr(" \t\r", text[i])) {
      return 0;
    }
  }
  return 1;
}

static hearth_status read_lines(source *s, const char *text, size_t len) {
  const char *end = text + len;
  hearth_status status = HEARTH_OK;
  while (text < end && status == HEARTH_OK) {
    const char *stop = memchr(text, '\n', (size_t)(end - text));
    size_t n = (size_t)((stop ? stop : end) - text);
    s->line++;
    if (!is_blank(text, n)) {
      json_error_t error;
      json_t *entry = json_loadb(text, n, JSON_REJECT_DUPLICATES, &error);
      status = entry ? add_entry(s, entry) : bad_json(s, &error, s->line);
      json_decref(entry);
    }
    text += n + 1;
  }
  return status;
}

/* Append a block to *text; HEARTH_NO_OPINION at the end. */
static hearth_status read_block(hearth__import *import, const char *path,
                                gzFile file, char **text, size_t *len) {
  int code = Z_OK;
  if (*len > MAX_FILE) {
    return hearth__import_fail(import, path, 0, "is larger than 1 GiB");
  }
  char *grown = hearth_resize(&import->memory, *text, *len + BLOCK);
  if (!grown) {
    return HEARTH_NO_MEMORY;
  }
  *text = grown;
  int got = gzread(file, *text + *len, BLOCK);
  *len += got > 0 ? (size_t)got : 0;
  if (got == (int)BLOCK) {
    return HEARTH_OK;
  }
  (void)gzerror(file, &code);
  if (code == Z_ERRNO) {
    return hearth__import_fail(import, path, 0, strerror(errno));
  }
  return code == Z_OK || code == Z_STREAM_END
             ? HEARTH_NO_OPINION
             : hearth__import_fail(import, path, 0,
                                   "the gzip data is cut off or damaged");
}

/* The whole file; *text is the caller's even on failure. */
static hearth_status read_file(hearth__import *import, const char *path,
                               char **text, size_t *len) {
  errno = 0;
  gzFile file = gzopen(path, "rb");
  hearth_status status = HEARTH_OK;
  if (!file) {
    char message[160];
    snprintf(message, sizeof message, "can't be opened: %s", strerror(errno));
    return hearth__import_fail(import, path, 0, message);
  }
  while (status == HEARTH_OK) {
    status = read_block(import, path, file, text, len);
  }
  (void)gzclose_r(file);
  return status == HEARTH_NO_OPINION ? HEARTH_OK : status;
}

hearth_status hearth__import_llama_swap(hearth__import *import,
                                        const char *path, uint32_t index) {
  source s = {import, path, 0, 0};
  char *text = NULL;
  size_t len = 0, at = 0;
  (void)index;
  hearth_status status = read_file(import, path, &text, &len);
  if (status == HEARTH_OK) {
    while (at < len && strchr(" \t\r\n", text[at]) && text[at]) {
      at++;
    }
    status = at < len && text[at] == '[' ? read_array(&s, text, len)
                                         : read_lines(&s, text, len);
  }
  hearth_release(&import->memory, text);
  return status;
}
