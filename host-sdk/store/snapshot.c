/* SPDX-License-Identifier: MIT
   Snapshots as rows and chunks. */
#include <stdlib.h>
#include <string.h>

#include "host-sdk/store/inside.h"

/* Chunks keep a large state out of one huge row.  A snapshot's sum is over its
   columns and its bytes, so that a row with another's chunks is found out. */
enum { CHUNK = 256 << 10, CHUNK_BITS = 20 };

uint64_t hearth__store_snapshot_sum(const hearth_snapshot *snapshot) {
  uint64_t sum =
      hearth__store_sum(0, snapshot->plugin_id, strlen(snapshot->plugin_id));
  sum = hearth__store_sum(sum, snapshot->plugin_version,
                          strlen(snapshot->plugin_version));
  sum = hearth__store_sum_number(sum, snapshot->cursor);
  sum = hearth__store_sum_number(sum, (uint64_t)snapshot->taken_at_ms);
  return hearth__store_sum(sum, snapshot->state.data, snapshot->state.len);
}

uint64_t hearth__store_chunk_sum(int64_t key, const void *data, uint64_t len) {
  return hearth__store_sum(hearth__store_sum_number(1, (uint64_t)key), data,
                           len);
}

static char *copy_text(sqlite3_stmt *row, int column, int *failed) {
  const char *const text = (const char *)sqlite3_column_text(row, column);
  char *const copy = hearth__store_path(text != NULL ? text : "", "");
  *failed |= copy == NULL;
  return copy;
}

hearth_snapshot *hearth__store_snapshot_row(sqlite3_stmt *row) {
  hearth_snapshot *const out = calloc(1, sizeof *out);
  int failed = out == NULL;
  if (out != NULL) {
    out->number = (uint64_t)sqlite3_column_int64(row, 0);
    out->plugin_id = copy_text(row, 1, &failed);
    out->plugin_version = copy_text(row, 2, &failed);
    out->cursor = (uint64_t)sqlite3_column_int64(row, 3);
    out->taken_at_ms = sqlite3_column_int64(row, 4);
    out->state.len = (uint64_t)sqlite3_column_int64(row, 5);
    out->checksum = (uint64_t)sqlite3_column_int64(row, 6);
    if (sqlite3_column_type(row, 7) != SQLITE_NULL) {
      out->damaged = copy_text(row, 7, &failed);
    }
  }
  if (failed) {
    hearth_snapshot_free(out);
    return NULL;
  }
  return out;
}

void hearth_snapshot_free(hearth_snapshot *snapshot) {
  if (snapshot != NULL) { /* all of it is the store's own allocation */
    free((void *)(uintptr_t)snapshot->plugin_id);
    free((void *)(uintptr_t)snapshot->plugin_version);
    free((void *)(uintptr_t)snapshot->damaged);
    free((void *)(uintptr_t)snapshot->state.data);
    free(snapshot);
  }
}

/* Append the row's chunk; a code of SQLite. */
static int take_chunk(sqlite3_stmt *row, int64_t key, uint8_t **bytes,
                      uint64_t *len, const char **why) {
  const void *const data = sqlite3_column_blob(row, 2);
  const uint64_t more = (uint64_t)sqlite3_column_bytes(row, 2);
  if (more > 0 && data == NULL) {
    return SQLITE_NOMEM;
  }
  if (sqlite3_column_int64(row, 0) != key) {
    *why = "a part of it is missing";
  } else if ((uint64_t)sqlite3_column_int64(row, 1) !=
             hearth__store_chunk_sum(key, data, more)) {
    *why = "the checksum of a part is wrong";
  }
  uint8_t *const larger = realloc(*bytes, (size_t)(*len + more) + 1);
  if (larger == NULL) {
    return SQLITE_NOMEM;
  }
  *bytes = larger;
  if (more > 0) {
    memcpy(larger + *len, data, (size_t)more);
  }
  *len += more;
  return SQLITE_OK;
}

int hearth__store_snapshot_read(sqlite3 *db, hearth_snapshot *snapshot,
                                const char **why) {
  sqlite3_stmt *chunks = NULL;
  const int64_t first = (int64_t)(snapshot->number << CHUNK_BITS);
  const uint64_t said = snapshot->state.len;
  uint8_t *bytes = NULL;
  uint64_t len = 0;
  *why = NULL;
  int code = sqlite3_prepare_v2(
      db,
      "SELECT id, sum, bytes FROM snapshot_chunks WHERE id >= ?1 AND id < ?2"
      " ORDER BY id",
      -1, &chunks, NULL);
  if (code == SQLITE_OK) {
    (void)sqlite3_bind_int64(chunks, 1, first);
    (void)sqlite3_bind_int64(chunks, 2, first + (1 << CHUNK_BITS));
    int64_t key = first;
    while ((code = sqlite3_step(chunks)) == SQLITE_ROW) {
      code = take_chunk(chunks, key++, &bytes, &len, why);
      if (code != SQLITE_OK) {
        break;
      }
    }
  }
  sqlite3_finalize(chunks);
  if (code != SQLITE_DONE) {
    free(bytes);
    return code;
  }
  snapshot->state = (hearth_bytes){bytes, len};
  if (*why == NULL && len != said) {
    *why = "a part of it is missing";
  } else if (*why == NULL &&
             hearth__store_snapshot_sum(snapshot) != snapshot->checksum) {
    *why = "its checksum is wrong";
  }
  return SQLITE_OK;
}

static int write_chunks(sqlite3 *db, uint64_t number, hearth_bytes state) {
  sqlite3_stmt *insert = NULL;
  int code = sqlite3_prepare_v2(
      db, "INSERT INTO snapshot_chunks VALUES(?1, ?2, ?3)", -1, &insert, NULL);
  int64_t key = (int64_t)(number << CHUNK_BITS);
  for (uint64_t at = 0; code == SQLITE_OK && at < state.len; at += CHUNK) {
    const uint64_t left = state.len - at;
    const uint64_t len = left < CHUNK ? left : CHUNK;
    const uint64_t sum = hearth__store_chunk_sum(key, state.data + at, len);
    code = sqlite3_bind_int64(insert, 1, key++);
    code |= sqlite3_bind_int64(insert, 2, (sqlite3_int64)sum);
    code |= sqlite3_bind_blob64(insert, 3, state.data + at, len, SQLITE_STATIC);
    code = code != SQLITE_OK ? SQLITE_NOMEM : hearth__store_sql_step(insert);
  }
  sqlite3_finalize(insert);
  return code;
}

int hearth__store_snapshot_write(sqlite3 *db, const hearth_snapshot *snapshot) {
  sqlite3_stmt *insert = NULL;
  const uint64_t sum = snapshot->damaged != NULL
                           ? snapshot->checksum /* keep what it was */
                           : hearth__store_snapshot_sum(snapshot);
  int code = sqlite3_prepare_v2(
      db, "INSERT INTO snapshots VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", -1,
      &insert, NULL);
  if (code == SQLITE_OK) {
    code = snapshot->number != 0
               ? sqlite3_bind_int64(insert, 1, (int64_t)snapshot->number)
               : sqlite3_bind_null(insert, 1);
    code |=
        sqlite3_bind_text(insert, 2, snapshot->plugin_id, -1, SQLITE_STATIC);
    code |= sqlite3_bind_text(insert, 3, snapshot->plugin_version, -1,
                              SQLITE_STATIC);
    code |= sqlite3_bind_int64(insert, 4, (sqlite3_int64)snapshot->cursor);
    code |= sqlite3_bind_int64(insert, 5, snapshot->taken_at_ms);
    code |= sqlite3_bind_int64(insert, 6, (sqlite3_int64)snapshot->state.len);
    code |= sqlite3_bind_int64(insert, 7, (sqlite3_int64)sum);
    code |= sqlite3_bind_text(insert, 8, snapshot->damaged, -1, SQLITE_STATIC);
    code = code != SQLITE_OK ? SQLITE_NOMEM : hearth__store_sql_step(insert);
  }
  sqlite3_finalize(insert);
  if (code == SQLITE_OK) {
    code = write_chunks(db, (uint64_t)sqlite3_last_insert_rowid(db),
                        snapshot->state);
  }
  return code;
}

int hearth__store_snapshot_mark(sqlite3 *db, uint64_t number, const char *why) {
  sqlite3_stmt *update = NULL;
  int code = sqlite3_prepare_v2(
      db, "UPDATE snapshots SET damaged = ?2 WHERE id = ?1", -1, &update, NULL);
  if (code == SQLITE_OK) {
    (void)sqlite3_bind_int64(update, 1, (sqlite3_int64)number);
    (void)sqlite3_bind_text(update, 2, why, -1, SQLITE_STATIC);
    code = hearth__store_sql_step(update);
  }
  sqlite3_finalize(update);
  return code;
}
