/* SPDX-License-Identifier: MIT
   hearth state show. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host-sdk/cli/commands.h"
#include "host-sdk/cli/state.h"

static const char *const phases[HEARTH_STORE_PHASES] = {
    "started", "finished",       "failed",  "cancelled",
    "loaded",  "load_cancelled", "evicted", "feedback"};

static void print_time(const char *name, int64_t ms) {
  const time_t seconds = (time_t)(ms / 1000);
  struct tm parts;
  char text[40] = "?";
  if (gmtime_r(&seconds, &parts) != NULL) {
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  }
  printf("%-14s%s (%" PRId64 " ms)\n", name, text, ms);
}

static hearth_status print_snapshot(void *user, const hearth_snapshot *s) {
  (void)user;
  printf("snapshot      %" PRIu64 ": %s %s, cursor %" PRIu64
         ", taken at %" PRId64 " ms, %" PRIu64 " bytes%s%s\n",
         s->number, s->plugin_id, s->plugin_version, s->cursor, s->taken_at_ms,
         s->state.len, s->damaged != NULL ? ", set aside: " : "",
         s->damaged != NULL ? s->damaged : "");
  return HEARTH_OK;
}

static void print_info(const char *path, const hearth_store_info *info) {
  printf("store         %s\n", path);
  printf("schema        %d\n", info->schema_version);
  printf("file          %" PRIu64 " bytes, its log %" PRIu64 "\n",
         info->file_bytes, info->wal_bytes);
  printf("outcomes      %" PRIu64 ", %" PRIu64 " bytes, of %" PRIu64
         " models and %" PRIu64 " users\n",
         info->outcomes, info->outcome_bytes, info->models, info->users);
  for (int i = 0; i < HEARTH_STORE_PHASES; i++) {
    if (info->by_phase[i] > 0) {
      printf("  %-16s%" PRIu64 "\n", phases[i], info->by_phase[i]);
    }
  }
  if (info->outcomes > 0) {
    printf("sequences     %" PRIu64 " to %" PRIu64 "\n", info->first_sequence,
           info->last_sequence);
    print_time("from", info->first_ms);
    print_time("to", info->last_ms);
  }
  printf("snapshots     %" PRIu64 ", %" PRIu64 " bytes, %" PRIu64
         " set aside\n",
         info->snapshots, info->snapshot_bytes, info->damaged_snapshots);
}

static hearth_status add_snapshot(void *user, const hearth_snapshot *s) {
  json_t *const row = json_pack(
      "{s:I, s:s, s:s, s:I, s:I, s:I, s:s?}", "number", (json_int_t)s->number,
      "plugin", s->plugin_id, "version", s->plugin_version, "cursor",
      (json_int_t)s->cursor, "taken_at_ms", (json_int_t)s->taken_at_ms, "bytes",
      (json_int_t)s->state.len, "damaged", s->damaged);
  return json_array_append_new(user, row) == 0 ? HEARTH_OK : HEARTH_NO_MEMORY;
}

static json_t *info_json(const char *path, const hearth_store_info *info,
                         json_t *snapshots) {
  json_t *const by_phase = json_object();
  for (int i = 0; i < HEARTH_STORE_PHASES; i++) {
    (void)json_object_set_new(by_phase, phases[i],
                              json_integer((json_int_t)info->by_phase[i]));
  }
  json_t *const out = json_pack(
      "{s:s, s:i, s:I, s:I, s:I, s:I, s:o, s:I, s:I, s:I, s:I, s:O}", "store",
      path, "schema", info->schema_version, "file_bytes",
      (json_int_t)info->file_bytes, "wal_bytes", (json_int_t)info->wal_bytes,
      "outcomes", (json_int_t)info->outcomes, "outcome_bytes",
      (json_int_t)info->outcome_bytes, "by_phase", by_phase, "models",
      (json_int_t)info->models, "users", (json_int_t)info->users,
      "first_sequence", (json_int_t)info->first_sequence, "last_sequence",
      (json_int_t)info->last_sequence, "snapshots", snapshots);
  if (out != NULL && info->outcomes > 0) {
    (void)json_object_set_new(out, "first_ms", json_integer(info->first_ms));
    (void)json_object_set_new(out, "last_ms", json_integer(info->last_ms));
  }
  return out;
}

static int show_json(const char *path, hearth_store *store,
                     const hearth_store_info *info) {
  char err[HEARTH__STATE_SENTENCE] = "out of memory";
  json_t *const snapshots = json_array();
  json_t *out = NULL;
  char *text = NULL;
  if (snapshots != NULL &&
      hearth_store_list_snapshots(store, add_snapshot, snapshots, err,
                                  sizeof err) == HEARTH_OK) {
    out = info_json(path, info, snapshots);
    text = out != NULL ? json_dumps(out, JSON_INDENT(2)) : NULL;
  }
  if (text != NULL) {
    puts(text);
  }
  json_decref(out);
  json_decref(snapshots);
  const int status = text != NULL ? HEARTH__OK : hearth__state_fail(err);
  free(text);
  return status;
}

int hearth__state_show(const char *path, int json) {
  hearth_store_info info;
  char err[HEARTH__STATE_SENTENCE] = "";
  hearth_store *const store = hearth__state_open(path, HEARTH_STORE_READ_ONLY);
  if (store == NULL) {
    return HEARTH__BAD_INPUT;
  }
  int status = HEARTH__OK;
  if (hearth_store_get_info(store, &info, err, sizeof err) != HEARTH_OK) {
    status = hearth__state_fail(err);
  } else if (json) {
    status = show_json(path, store, &info);
  } else {
    print_info(path, &info);
    if (hearth_store_list_snapshots(store, print_snapshot, NULL, err,
                                    sizeof err) != HEARTH_OK) {
      status = hearth__state_fail(err);
    }
  }
  if (fflush(stdout) != 0 || ferror(stdout)) {
    status = hearth__state_fail("the result can't be written");
  }
  return hearth__state_close(store, status);
}
