/* SPDX-License-Identifier: MIT
   Stored outcomes, in order. */
#include <stdlib.h>
#include <string.h>

#include "host-sdk/store/inside.h"

/* A slice is copied before it is told, so that no transaction stays open: one
   would keep the log from being written back. */
enum { SLICE = 512 };

struct slice {
  uint64_t sequence[SLICE], at[SLICE], len[SLICE];
  uint32_t count;
  uint64_t cursor; /* of the last row looked at */
  uint64_t bad;    /* rows left out */
  int32_t end;
  uint8_t *bytes; /* owned */
  uint64_t used, cap;
};

static int add(struct slice *slice, uint64_t sequence, const void *data,
               uint64_t len) {
  if (slice->used + len > slice->cap) {
    const uint64_t cap = 2 * (slice->used + len) + 65536;
    uint8_t *const bytes = realloc(slice->bytes, (size_t)cap);
    if (bytes == NULL) {
      return SQLITE_NOMEM;
    }
    slice->bytes = bytes;
    slice->cap = cap;
  }
  if (len > 0) {
    memcpy(slice->bytes + slice->used, data, (size_t)len);
  }
  slice->sequence[slice->count] = sequence;
  slice->at[slice->count] = slice->used;
  slice->len[slice->count++] = len;
  slice->used += len;
  return SQLITE_OK;
}

static int take_row(sqlite3_stmt *select, struct slice *slice) {
  const uint64_t sequence = (uint64_t)sqlite3_column_int64(select, 0);
  const void *const data = sqlite3_column_blob(select, 2);
  const uint64_t len = (uint64_t)sqlite3_column_bytes(select, 2);
  if (len > 0 && data == NULL) {
    return SQLITE_NOMEM;
  }
  slice->cursor = sequence;
  if ((uint64_t)sqlite3_column_int64(select, 1) !=
      hearth__store_outcome_sum(sequence, data, len)) {
    slice->bad++;
    return SQLITE_OK;
  }
  return add(slice, sequence, data, len);
}

static int read_slice(sqlite3_stmt *select, struct slice *slice) {
  slice->count = 0;
  slice->used = 0;
  int rows = 0;
  int code = sqlite3_bind_int64(select, 1, (sqlite3_int64)slice->cursor);
  while (code == SQLITE_OK && rows < SLICE) {
    code = sqlite3_step(select);
    if (code == SQLITE_ROW) {
      rows++;
      code = take_row(select, slice);
    }
  }
  (void)sqlite3_reset(select);
  slice->end = code == SQLITE_DONE;
  return code == SQLITE_DONE ? SQLITE_OK : code;
}

/* Slice by slice over one connection; *stopped: `tell` ended it. */
static hearth_status run(hearth_store *store, sqlite3 *db, struct slice *slice,
                         hearth_store_tell tell, void *user, int *stopped,
                         char *err, uint64_t cap) {
  sqlite3_stmt *select = NULL;
  hearth_status status = HEARTH_OK;
  int code = sqlite3_prepare_v2(
      db,
      "SELECT sequence, sum, bytes FROM outcomes WHERE sequence > ?1"
      " ORDER BY sequence LIMIT 512",
      -1, &select, NULL);
  for (slice->end = 0; code == SQLITE_OK && !slice->end && !*stopped;) {
    code = read_slice(select, slice);
    for (uint32_t i = 0; i < slice->count && !*stopped; i++) {
      const hearth_bytes outcome = {slice->bytes + slice->at[i], slice->len[i]};
      status = tell(user, slice->sequence[i], outcome);
      *stopped = status != HEARTH_OK;
    }
  }
  if (code != SQLITE_OK && !*stopped) {
    status = hearth__store_sql_fail(db, code, store->path,
                                    "outcomes can't be read", err, cap);
  }
  sqlite3_finalize(select);
  return status;
}

hearth_status hearth_store_replay(hearth_store *store, uint64_t from_cursor,
                                  hearth_store_tell tell, void *user, char *err,
                                  uint64_t err_cap) {
  hearth_status status = HEARTH_OK;
  struct slice *const slice = calloc(1, sizeof *slice);
  int stopped = 0;
  if (slice == NULL) {
    hearth__store_say(err, err_cap, "%s: out of memory", store->path);
    return HEARTH_NO_MEMORY;
  }
  slice->cursor = from_cursor < INT64_MAX ? from_cursor : INT64_MAX;
  for (int tries = 0; tries < 2 && !stopped; tries++) {
    sqlite3 *db = NULL;
    status = hearth__store_reader(store, &db, err, err_cap);
    if (status == HEARTH_OK) {
      status = run(store, db, slice, tell, user, &stopped, err, err_cap);
    }
    (void)sqlite3_close(db);
    if (stopped || status != HEARTH_BAD_PAYLOAD ||
        hearth__store_recover_read(store, err, err_cap) != HEARTH_OK) {
      break;
    }
  }
  if (slice->bad > 0) {
    hearth__store_log(
        &store->options, HEARTH_LOG_ERROR,
        "%s: %llu outcomes have a wrong checksum and were left out; "
        "they stay in the store",
        store->path, (unsigned long long)slice->bad);
  }
  free(slice->bytes);
  free(slice);
  return status;
}
