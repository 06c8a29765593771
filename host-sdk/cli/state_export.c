/* SPDX-License-Identifier: MIT
   hearth state export: outcomes as JSON lines, snapshots as files. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host-sdk/cli/commands.h"
#include "host-sdk/cli/state.h"
#include "host-sdk/json/message_json.h"
#include "plugin/sdk/wire/encode.h"
#include "plugin/sdk/wire/messages.h"

struct export {
  hearth_store *store;
  FILE *lines;
  json_t *index;
  char part[4200]; /* the folder while it is being written */
  char err[HEARTH__STATE_SENTENCE];
};

/* Whether JSON alone gives the same bytes back; it does unless a host wrote
   unknown keys, or encodes in another way. */
static int comes_back(const json_t *json, hearth_bytes bytes) {
  hearth_outcome message;
  hearth_arena arena = {0};
  hearth_buffer buffer;
  hearth_buffer_init(&buffer, 0);
  const int same =
      hearth_message_from_json(&hearth_outcome_schema, json, &message, &arena,
                               NULL, 0) == HEARTH_OK &&
      hearth_encode(&hearth_outcome_schema, &message, &buffer.sink) ==
          HEARTH_OK &&
      buffer.len == bytes.len &&
      memcmp(buffer.data, bytes.data, (size_t)bytes.len) == 0;
  hearth_buffer_free(&buffer);
  hearth_arena_free(&arena);
  return same;
}

static json_t *hex(hearth_bytes bytes) {
  static const char digits[] = "0123456789abcdef";
  char *const text = malloc((size_t)bytes.len * 2 + 1);
  if (text == NULL) {
    return NULL;
  }
  for (uint64_t i = 0; i < bytes.len; i++) {
    text[2 * i] = digits[bytes.data[i] >> 4];
    text[2 * i + 1] = digits[bytes.data[i] & 15];
  }
  json_t *const out = json_stringn(text, (size_t)bytes.len * 2);
  free(text);
  return out;
}

static hearth_status write_outcome(void *user, uint64_t sequence,
                                   hearth_bytes outcome) {
  struct export *const e = user;
  hearth_outcome message;
  hearth_arena arena = {0};
  json_t *line = NULL;
  hearth_status status = hearth_message_from_bytes(
      &hearth_outcome_schema, outcome, &message, &arena, e->err, sizeof e->err);
  if (status == HEARTH_OK) {
    json_t *const body =
        hearth_message_to_json(&hearth_outcome_schema, &message);
    const int plain = body != NULL && comes_back(body, outcome);
    line = json_pack("{s:I, s:o}", "sequence", (json_int_t)sequence, "outcome",
                     body);
    if (line != NULL && !plain &&
        json_object_set_new(line, "bytes", hex(outcome)) != 0) {
      json_decref(line);
      line = NULL;
    }
    status = line != NULL ? HEARTH_OK : HEARTH_NO_MEMORY;
    snprintf(e->err, sizeof e->err, "out of memory");
  }
  if (status == HEARTH_OK && (json_dumpf(line, e->lines, JSON_COMPACT) != 0 ||
                              fputc('\n', e->lines) == EOF)) {
    snprintf(e->err, sizeof e->err, "%s: %s", e->part, strerror(errno));
    status = HEARTH_LIMIT;
  }
  json_decref(line);
  hearth_arena_free(&arena);
  return status;
}

static hearth_status write_state(struct export *e, const char *name,
                                 hearth_bytes state) {
  char path[4400];
  snprintf(path, sizeof path, "%s/%s", e->part, name);
  FILE *const file = fopen(path, "wbx");
  const size_t wrote = file != NULL && state.len > 0
                           ? fwrite(state.data, 1, (size_t)state.len, file)
                           : 0;
  if (file == NULL || fclose(file) != 0 || wrote != state.len) {
    snprintf(e->err, sizeof e->err, "%s: %s", path, strerror(errno));
    return HEARTH_LIMIT;
  }
  return HEARTH_OK;
}

static hearth_status write_snapshot(void *user, const hearth_snapshot *row) {
  struct export *const e = user;
  hearth_snapshot *s = NULL;
  char name[60], sum[20];
  hearth_status status = hearth_store_get_snapshot(e->store, row->number, &s,
                                                   e->err, sizeof e->err);
  if (status != HEARTH_OK) {
    return status == HEARTH_NO_OPINION ? HEARTH_OK : status; /* pruned since */
  }
  snprintf(name, sizeof name, "snapshot-%" PRIu64 ".state", s->number);
  snprintf(sum, sizeof sum, "%016" PRIx64, s->checksum);
  status = write_state(e, name, s->state);
  if (status == HEARTH_OK &&
      json_array_append_new(
          e->index,
          json_pack("{s:I, s:s, s:s, s:I, s:I, s:s, s:s?, s:s}", "number",
                    (json_int_t)s->number, "plugin", s->plugin_id, "version",
                    s->plugin_version, "cursor", (json_int_t)s->cursor,
                    "taken_at_ms", (json_int_t)s->taken_at_ms, "checksum", sum,
                    "damaged", s->damaged, "file", name)) != 0) {
    snprintf(e->err, sizeof e->err, "out of memory");
    status = HEARTH_NO_MEMORY;
  }
  hearth_snapshot_free(s);
  return status;
}

static hearth_status write_all(struct export *e) {
  char path[4400];
  snprintf(path, sizeof path, "%s/outcomes.jsonl", e->part);
  e->lines = fopen(path, "wx");
  e->index = json_array();
  if (e->lines == NULL || e->index == NULL) {
    snprintf(e->err, sizeof e->err, "%s: %s", path, strerror(errno));
    return HEARTH_BAD_ARG;
  }
  hearth_status status =
      hearth_store_replay(e->store, 0, write_outcome, e, e->err, sizeof e->err);
  if (fflush(e->lines) != 0 && status == HEARTH_OK) {
    snprintf(e->err, sizeof e->err, "%s: %s", path, strerror(errno));
    status = HEARTH_LIMIT;
  }
  if (status == HEARTH_OK) {
    status = hearth_store_list_snapshots(e->store, write_snapshot, e, e->err,
                                         sizeof e->err);
  }
  snprintf(path, sizeof path, "%s/snapshots.json", e->part);
  if (status == HEARTH_OK &&
      json_dump_file(e->index, path, JSON_INDENT(2)) != 0) {
    snprintf(e->err, sizeof e->err, "%s: %s", path, strerror(errno));
    status = HEARTH_LIMIT;
  }
  return status;
}

int hearth__state_export(const char *path, const char *folder) {
  struct export e = {0};
  if (strlen(folder) > 4000 || access(folder, F_OK) == 0) {
    fprintf(stderr, "hearth state: %s: there already; name a new folder\n",
            folder);
    return HEARTH__BAD_INPUT;
  }
  e.store = hearth__state_open(path, HEARTH_STORE_READ_ONLY);
  if (e.store == NULL) {
    return HEARTH__BAD_INPUT;
  }
  /* The export has its own name only when it is whole. */
  snprintf(e.part, sizeof e.part, "%s.part", folder);
  hearth_status status = HEARTH_BAD_ARG;
  if (mkdir(e.part, 0777) != 0) {
    snprintf(e.err, sizeof e.err, "%s: %s", e.part, strerror(errno));
  } else {
    status = write_all(&e);
  }
  if (e.lines != NULL && fclose(e.lines) != 0 && status == HEARTH_OK) {
    snprintf(e.err, sizeof e.err, "%s: %s", e.part, strerror(errno));
    status = HEARTH_LIMIT;
  }
  json_decref(e.index);
  if (status == HEARTH_OK && rename(e.part, folder) != 0) {
    snprintf(e.err, sizeof e.err, "%s: %s", folder, strerror(errno));
    status = HEARTH_BAD_ARG;
  }
  return hearth__state_close(
      e.store, status == HEARTH_OK ? HEARTH__OK : hearth__state_fail(e.err));
}
