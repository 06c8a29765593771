/* SPDX-License-Identifier: MIT
   hearth state import: a store from what export wrote. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host-sdk/cli/commands.h"
#include "host-sdk/cli/state.h"
#include "host-sdk/json/message_json.h"
#include "host-sdk/store/load.h"
#include "plugin/sdk/wire/encode.h"
#include "plugin/sdk/wire/messages.h"

struct import {
  hearth_store *store;
  const char *folder;
  char err[HEARTH__STATE_SENTENCE];
};

static int nibble(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                : -1;
}

/* Bytes from hexadecimal digits into `out`. */
static hearth_status unhex(const char *text, hearth_buffer *out) {
  hearth_status status = HEARTH_OK;
  for (; status == HEARTH_OK && *text != '\0'; text += 2) {
    const int high = nibble(text[0]), low = nibble(text[1]);
    if (high < 0 || low < 0) {
      return HEARTH_BAD_PAYLOAD;
    }
    const uint8_t byte = (uint8_t)(high << 4 | low);
    status = out->sink.write(&out->sink, &byte, 1);
  }
  return status;
}

static hearth_status take_line(struct import *i, const json_t *line) {
  const json_t *const bytes = json_object_get(line, "bytes");
  const json_t *const body = json_object_get(line, "outcome");
  const json_t *const sequence = json_object_get(line, "sequence");
  hearth_outcome message;
  hearth_arena arena = {0};
  hearth_buffer out;
  char why[HEARTH__STATE_SENTENCE] = "no memory";
  hearth_buffer_init(&out, 0);
  hearth_status status = HEARTH_BAD_PAYLOAD;
  if (!json_is_integer(sequence) || !json_is_object(body)) {
    snprintf(why, sizeof why, "want {\"sequence\": N, \"outcome\": {...}}");
  } else if (json_is_string(bytes)) {
    snprintf(why, sizeof why, "bytes: want hexadecimal digits");
    status = unhex(json_string_value(bytes), &out);
  } else {
    status = hearth_message_from_json(&hearth_outcome_schema, body, &message,
                                      &arena, why, sizeof why);
    if (status == HEARTH_OK) {
      status = hearth_encode(&hearth_outcome_schema, &message, &out.sink);
    }
  }
  if (status == HEARTH_OK) {
    status = hearth__store_load_outcome(
        i->store, (uint64_t)json_integer_value(sequence),
        hearth_buffer_bytes(&out), why, sizeof why);
  }
  hearth_buffer_free(&out);
  hearth_arena_free(&arena);
  snprintf(i->err, sizeof i->err, "%.4000s", why);
  return status;
}

static hearth_status take_outcomes(struct import *i) {
  char path[4100], why[500];
  char *text = NULL;
  size_t cap = 0;
  hearth_status status = HEARTH_OK;
  snprintf(path, sizeof path, "%s/outcomes.jsonl", i->folder);
  FILE *const file = fopen(path, "r");
  if (file == NULL) {
    snprintf(i->err, sizeof i->err, "%s: %s", path, strerror(errno));
    return HEARTH_BAD_ARG;
  }
  unsigned long number = 0;
  ssize_t len;
  while (status == HEARTH_OK && (len = getline(&text, &cap, file)) > 0) {
    json_error_t error;
    number++;
    json_t *const line =
        json_loadb(text, (size_t)len, JSON_REJECT_DUPLICATES, &error);
    if (line == NULL) {
      snprintf(i->err, sizeof i->err, "%s", error.text);
      status = HEARTH_BAD_PAYLOAD;
    } else {
      status = take_line(i, line);
    }
    json_decref(line);
    if (status != HEARTH_OK) {
      snprintf(why, sizeof why, "%.400s", i->err);
      snprintf(i->err, sizeof i->err, "%s:%lu: %s", path, number, why);
    }
  }
  if (status == HEARTH_OK && ferror(file)) {
    snprintf(i->err, sizeof i->err, "%s: %s", path, strerror(errno));
    status = HEARTH_UNAVAILABLE;
  }
  free(text);
  fclose(file);
  return status;
}

/* A whole file, owned by the caller. */
static uint8_t *read_file(const char *path, uint64_t *len) {
  FILE *const file = fopen(path, "rb");
  uint8_t *data = NULL;
  if (file == NULL) {
    return NULL;
  }
  if (fseeko(file, 0, SEEK_END) == 0) {
    const off_t size = ftello(file);
    rewind(file);
    data = size >= 0 ? malloc((size_t)size + 1) : NULL;
    *len = data != NULL ? fread(data, 1, (size_t)size, file) : 0;
    if (data != NULL && (ferror(file) || *len != (uint64_t)size)) {
      free(data);
      data = NULL;
    }
  }
  fclose(file);
  return data;
}

static hearth_status take_snapshot(struct import *i, json_t *row) {
  json_int_t number = 0, cursor = 0, taken = 0;
  const char *sum = NULL, *name = NULL;
  hearth_snapshot s = {0};
  char path[4400];
  if (json_unpack(row, "{s:I, s:s, s:s, s:I, s:I, s:s, s:s, s?:s}", "number",
                  &number, "plugin", &s.plugin_id, "version", &s.plugin_version,
                  "cursor", &cursor, "taken_at_ms", &taken, "checksum", &sum,
                  "file", &name, "damaged", &s.damaged) != 0 ||
      number <= 0 || number >= (json_int_t)1 << 40 || cursor < 0 ||
      strchr(name, '/') != NULL || *s.plugin_id == '\0') {
    snprintf(i->err, sizeof i->err,
             "%s/snapshots.json: want number, plugin, version, cursor, "
             "taken_at_ms, checksum, file",
             i->folder);
    return HEARTH_BAD_PAYLOAD;
  }
  s.number = (uint64_t)number;
  s.cursor = (uint64_t)cursor;
  s.taken_at_ms = taken;
  s.checksum = strtoull(sum, NULL, 16);
  snprintf(path, sizeof path, "%s/%s", i->folder, name);
  uint8_t *const data = read_file(path, &s.state.len);
  if (data == NULL) {
    snprintf(i->err, sizeof i->err, "%s: %s", path, strerror(errno));
    return HEARTH_BAD_ARG;
  }
  s.state.data = data;
  const hearth_status status =
      hearth__store_load_snapshot(i->store, &s, i->err, sizeof i->err);
  free(data);
  return status;
}

static hearth_status take_snapshots(struct import *i) {
  char path[4200];
  json_error_t error;
  snprintf(path, sizeof path, "%s/snapshots.json", i->folder);
  json_t *const index = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
  hearth_status status = HEARTH_OK;
  if (!json_is_array(index)) {
    snprintf(i->err, sizeof i->err, "%s: %s", path,
             index == NULL ? error.text : "want a list");
    status = HEARTH_BAD_PAYLOAD;
  }
  for (size_t k = 0; status == HEARTH_OK && k < json_array_size(index); k++) {
    json_t *const row = json_array_get(index, k);
    json_t *const damaged = json_object_get(row, "damaged");
    if (json_is_null(damaged)) {
      (void)json_object_del(row, "damaged");
    }
    status = take_snapshot(i, row);
  }
  json_decref(index);
  return status;
}

static int fill(struct import *i, const char *part) {
  i->store = hearth__state_open(part, 0);
  if (i->store == NULL) {
    return HEARTH__BAD_INPUT;
  }
  hearth_status status =
      hearth__store_load_begin(i->store, i->err, sizeof i->err);
  if (status == HEARTH_OK) {
    char end[HEARTH__STATE_SENTENCE] = "";
    status = take_outcomes(i);
    if (status == HEARTH_OK) {
      status = take_snapshots(i);
    }
    const hearth_status ended =
        hearth__store_load_end(i->store, status == HEARTH_OK, end, sizeof end);
    if (status == HEARTH_OK && ended != HEARTH_OK) {
      status = ended;
      snprintf(i->err, sizeof i->err, "%s", end);
    }
  }
  return hearth__state_close(
      i->store, status == HEARTH_OK ? HEARTH__OK : hearth__state_fail(i->err));
}

int hearth__state_import(const char *path, const char *folder) {
  struct import i = {.folder = folder};
  char part[4200], name[4300];
  if (strlen(path) > 3900 || strlen(folder) > 4000) {
    return hearth__state_fail("a path has up to 3900 bytes");
  }
  if (access(path, F_OK) == 0) {
    fprintf(stderr,
            "hearth state: %s: there already; import makes a new "
            "store\n",
            path);
    return HEARTH__BAD_INPUT;
  }
  snprintf(part, sizeof part, "%s.importing", path);
  int status = fill(&i, part);
  if (status == HEARTH__OK && link(part, path) != 0) {
    snprintf(i.err, sizeof i.err, "%s: %s", path, strerror(errno));
    status = hearth__state_fail(i.err);
  }
  static const char *const parts[] = {"", "-wal", "-shm", ".lock"};
  for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
    snprintf(name, sizeof name, "%s%s", part, parts[k]);
    (void)unlink(name);
  }
  return status;
}
