/* SPDX-License-Identifier: MIT
   From a damaged file to a new store, row by row. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host-sdk/store/inside.h"
#include "host-sdk/store/pages.h"

struct salvage {
  sqlite3 *db;
  sqlite3_stmt *outcome, *snapshot, *chunk;
  uint64_t outcomes, snapshots;
  int code; /* of SQLite, that stopped it */
};

static int32_t done(struct salvage *to, int code, uint64_t *count) {
  to->code = code;
  if (code != SQLITE_OK) {
    return HEARTH_INTERNAL;
  }
  *count += (uint64_t)sqlite3_changes64(to->db);
  return 1;
}

static int32_t take_outcome(struct salvage *to,
                            const hearth__store_record *record) {
  const hearth__store_value *const bytes = &record->values[7];
  hearth__store_row row;
  if (record->rowid <= 0 ||
      (uint64_t)record->values[6].number !=
          hearth__store_outcome_sum((uint64_t)record->rowid, bytes->data,
                                    bytes->len) ||
      hearth__store_outcome_row((hearth_bytes){bytes->data, bytes->len}, &row,
                                NULL, 0) != HEARTH_OK) {
    return 0;
  }
  return done(to,
              hearth__store_outcome_put(to->outcome, (uint64_t)record->rowid,
                                        &row, bytes->data),
              &to->outcomes);
}

static int32_t take_chunk(struct salvage *to,
                          const hearth__store_record *record) {
  const hearth__store_value *const bytes = &record->values[2];
  uint64_t ignored = 0;
  if ((uint64_t)record->values[1].number !=
      hearth__store_chunk_sum(record->rowid, bytes->data, bytes->len)) {
    return 0;
  }
  (void)sqlite3_bind_int64(to->chunk, 1, record->rowid);
  (void)sqlite3_bind_int64(to->chunk, 2, record->values[1].number);
  int code =
      sqlite3_bind_blob64(to->chunk, 3, bytes->data, bytes->len, SQLITE_STATIC);
  code = code != SQLITE_OK ? SQLITE_NOMEM : hearth__store_sql_step(to->chunk);
  return done(to, code, &ignored);
}

/* Taken as it is; whether it is whole shows with its chunks. */
static int32_t take_snapshot(struct salvage *to,
                             const hearth__store_record *record) {
  int code = sqlite3_bind_int64(to->snapshot, 1, record->rowid);
  uint64_t ignored = 0;
  for (int i = 1; i < HEARTH__COLUMNS; i++) {
    const hearth__store_value *const value = &record->values[i];
    if (value->kind == HEARTH__TEXT) {
      code |=
          sqlite3_bind_text64(to->snapshot, i + 1, (const char *)value->data,
                              value->len, SQLITE_STATIC, SQLITE_UTF8);
    } else if (value->kind == HEARTH__INT) {
      code |= sqlite3_bind_int64(to->snapshot, i + 1, value->number);
    } else {
      code |= sqlite3_bind_null(to->snapshot, i + 1);
    }
  }
  code =
      code != SQLITE_OK ? SQLITE_NOMEM : hearth__store_sql_step(to->snapshot);
  return done(to, code, &ignored);
}

/* The tables are told apart by the kinds of their columns. */
static int32_t take(void *user, const hearth__store_record *record) {
  struct salvage *const to = user;
  const hearth__store_value *const v = record->values;
  if (record->count == 3 && v[0].kind == HEARTH__NULL &&
      v[1].kind == HEARTH__INT && v[2].kind == HEARTH__BLOB) {
    return take_chunk(to, record);
  }
  if (record->count != HEARTH__COLUMNS || v[0].kind != HEARTH__NULL ||
      v[6].kind != HEARTH__INT) {
    return 0;
  }
  if (v[7].kind == HEARTH__BLOB) {
    return take_outcome(to, record);
  }
  if (record->rowid > 0 && record->rowid < (int64_t)1 << 40 &&
      v[1].kind == HEARTH__TEXT && v[2].kind == HEARTH__TEXT &&
      v[3].kind == HEARTH__INT && v[4].kind == HEARTH__INT &&
      v[5].kind == HEARTH__INT &&
      (v[7].kind == HEARTH__NULL || v[7].kind == HEARTH__TEXT)) {
    return take_snapshot(to, record);
  }
  return 0;
}

/* Mark the snapshots that came out in parts. */
static int judge_snapshots(struct salvage *to) {
  sqlite3_stmt *select = NULL;
  int code = hearth__store_sql_run(
      to->db, "DELETE FROM snapshot_chunks WHERE (id >> 20)"
              " NOT IN (SELECT id FROM snapshots)");
  if (code == SQLITE_OK) {
    code = sqlite3_prepare_v2(to->db,
                              "SELECT " HEARTH__SNAPSHOT_COLUMNS
                              " FROM snapshots WHERE damaged IS NULL",
                              -1, &select, NULL);
  }
  while (code == SQLITE_OK && (code = sqlite3_step(select)) == SQLITE_ROW) {
    const char *why = NULL;
    hearth_snapshot *const row = hearth__store_snapshot_row(select);
    code = row != NULL ? hearth__store_snapshot_read(to->db, row, &why)
                       : SQLITE_NOMEM;
    if (code == SQLITE_OK && why != NULL) {
      code = hearth__store_snapshot_mark(to->db, row->number, why);
    } else if (code == SQLITE_OK) {
      to->snapshots++;
    }
    hearth_snapshot_free(row);
  }
  sqlite3_finalize(select);
  return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int prepare(struct salvage *to, const char *name) {
  int code = sqlite3_open_v2(name, &to->db,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
  if (code == SQLITE_OK) { /* a half-made one is thrown away, not rolled back */
    code = hearth__store_sql_run(to->db, "PRAGMA page_size = 4096;"
                                         "PRAGMA journal_mode = OFF;"
                                         "PRAGMA synchronous = OFF");
  }
  if (code == SQLITE_OK) {
    code = hearth__store_schema_migrate(to->db, hearth__store_schema_steps,
                                        HEARTH__SCHEMA);
  }
  if (code == SQLITE_OK) {
    code = hearth__store_sql_run(to->db, "BEGIN");
  }
  if (code == SQLITE_OK) {
    code =
        sqlite3_prepare_v2(to->db, HEARTH__INSERT_NEW, -1, &to->outcome, NULL);
  }
  if (code == SQLITE_OK) {
    code = sqlite3_prepare_v2(
        to->db,
        "INSERT OR IGNORE INTO snapshots VALUES(?1,?2,?3,?4,?5,?6,?7,?8)", -1,
        &to->snapshot, NULL);
  }
  if (code == SQLITE_OK) {
    code = sqlite3_prepare_v2(
        to->db, "INSERT OR IGNORE INTO snapshot_chunks VALUES(?1,?2,?3)", -1,
        &to->chunk, NULL);
  }
  return code;
}

static int finish(struct salvage *to) {
  int64_t next = 1;
  int code = judge_snapshots(to);
  if (code == SQLITE_OK) {
    code = hearth__store_next_sequence(to->db, &next);
  }
  if (code == SQLITE_OK) {
    code = hearth__store_set_next_sequence(to->db, next);
  }
  return code == SQLITE_OK ? hearth__store_sql_run(to->db, "COMMIT") : code;
}

static hearth_status run(struct salvage *to, const char *path, const char *name,
                         char *err, uint64_t cap) {
  hearth_status status = HEARTH_OK;
  int code = prepare(to, name);
  if (code == SQLITE_OK) {
    status = hearth__store_pages_scan(path, take, to);
    code = to->code;
  }
  if (code == SQLITE_OK && status == HEARTH_OK) {
    code = finish(to);
  }
  if (code != SQLITE_OK) {
    status =
        hearth__store_sql_fail(to->db, code, path,
                               "damaged, and what can be read of it can't be "
                               "written to a new store",
                               err, cap);
  } else if (status != HEARTH_OK) {
    hearth__store_say(err, cap, "%s: damaged, and %s to salvage it", path,
                      status == HEARTH_NO_MEMORY ? "no memory"
                                                 : "it can't be opened");
  }
  sqlite3_finalize(to->outcome);
  sqlite3_finalize(to->snapshot);
  sqlite3_finalize(to->chunk);
  (void)sqlite3_close(to->db);
  return status;
}

hearth_status hearth__store_salvage(const char *path,
                                    const hearth_store_options *options,
                                    uint64_t *outcomes, uint64_t *snapshots,
                                    char *err, uint64_t cap) {
  struct salvage to = {0};
  char *const part = hearth__store_path(path, ".salvaging");
  char *const whole = hearth__store_path(path, HEARTH__SALVAGED);
  hearth_status status = HEARTH_NO_MEMORY;
  if (part == NULL || whole == NULL) {
    hearth__store_say(err, cap, "%s: out of memory", path);
  } else {
    (void)unlink(part);
    hearth__store_log(options, HEARTH_LOG_WARN,
                      "%s: damaged; reading what can be", path);
    status = run(&to, path, part, err, cap);
    if (status == HEARTH_OK) {
      hearth__store_sync_file(part);
      if (rename(part, whole) != 0) {
        hearth__store_say(err, cap, "%s: %s", whole, strerror(errno));
        status = HEARTH_UNAVAILABLE;
      }
    } else {
      (void)unlink(part);
    }
  }
  free(part);
  free(whole);
  *outcomes = to.outcomes;
  *snapshots = to.snapshots;
  return status;
}
