/* SPDX-License-Identifier: MIT
   The tables, their versions, and whether a file has them. */
#include <stdio.h>
#include <string.h>

#include "host-sdk/store/inside.h"

/* outcomes.sum is of the sequence and the bytes; model, user and request stand
   beside the bytes for who looks in with SQL: `user` and `request` are sums of
   the ids.  A chunk's id is snapshot * 2^20 + its place.  meta 1 is the next
   sequence.  Salvage (pages.c) knows the rows by these columns. */
const char *const hearth__store_schema_steps[HEARTH__SCHEMA] = {
    "CREATE TABLE meta(id INTEGER PRIMARY KEY, value INTEGER NOT NULL);"
    "CREATE TABLE outcomes(sequence INTEGER PRIMARY KEY,"
    " at_ms INTEGER NOT NULL, phase INTEGER NOT NULL, model TEXT,"
    " user INTEGER, request INTEGER, sum INTEGER NOT NULL,"
    " bytes BLOB NOT NULL);"
    "CREATE INDEX outcomes_at ON outcomes(at_ms);"
    "CREATE TABLE snapshots(id INTEGER PRIMARY KEY, plugin TEXT NOT NULL,"
    " version TEXT NOT NULL, cursor INTEGER NOT NULL,"
    " taken_at_ms INTEGER NOT NULL, len INTEGER NOT NULL,"
    " sum INTEGER NOT NULL, damaged TEXT);"
    "CREATE INDEX snapshots_plugin ON snapshots(plugin, id);"
    "CREATE TABLE snapshot_chunks(id INTEGER PRIMARY KEY,"
    " sum INTEGER NOT NULL, bytes BLOB NOT NULL);"
    "INSERT INTO meta VALUES(1, 1);"};

int hearth__store_schema_migrate(sqlite3 *db, const char *const *steps,
                                 int32_t count) {
  int64_t version = 0;
  int code = hearth__store_sql_run(db, "BEGIN IMMEDIATE");
  if (code != SQLITE_OK) {
    return code;
  }
  code = hearth__store_sql_number(db, "PRAGMA user_version", &version);
  if (code == SQLITE_OK && version < count) {
    for (; code == SQLITE_OK && version < count; version++) {
      code = hearth__store_sql_run(db, steps[version]);
    }
    char sql[100];
    snprintf(sql, sizeof sql,
             "PRAGMA application_id = %d; PRAGMA user_version = %d",
             HEARTH__APPLICATION, count);
    code = code == SQLITE_OK ? hearth__store_sql_run(db, sql) : code;
  }
  code = code == SQLITE_OK ? hearth__store_sql_run(db, "COMMIT") : code;
  if (code != SQLITE_OK) {
    (void)hearth__store_sql_run(db, "ROLLBACK");
  }
  return code;
}

/* quick_check's first complaint, "ok" where it has none. */
static int check_pages(sqlite3 *db, char *said, size_t cap) {
  sqlite3_stmt *check = NULL;
  int code = sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &check, NULL);
  if (code == SQLITE_OK) {
    code = sqlite3_step(check);
    if (code == SQLITE_ROW) {
      const unsigned char *const text = sqlite3_column_text(check, 0);
      snprintf(said, cap, "%s", text != NULL ? (const char *)text : "?");
      said[strcspn(said, "\n")] = '\0';
      code = SQLITE_OK;
    }
  }
  sqlite3_finalize(check);
  return code == SQLITE_DONE ? SQLITE_OK : code;
}

/* Read a little of each table, so that a missing one is found. */
static int check_tables(sqlite3 *db) {
  int64_t ignored;
  const int code = hearth__store_sql_number(
      db,
      "SELECT (SELECT value FROM meta WHERE id=1)"
      " + ifnull((SELECT sum FROM outcomes ORDER BY sequence DESC LIMIT 1), 0)"
      " + ifnull((SELECT max(at_ms) FROM outcomes), 0)"
      " + ifnull((SELECT len FROM snapshots ORDER BY id DESC LIMIT 1), 0)"
      " + ifnull((SELECT max(id) FROM snapshot_chunks), 0)",
      &ignored);
  return code == SQLITE_ERROR ? SQLITE_CORRUPT : code;
}

static int judge_ours(sqlite3 *db, const char *path, int64_t version,
                      int64_t check_mb, hearth_status *status, char *err,
                      uint64_t cap) {
  if (version > HEARTH__SCHEMA) {
    hearth__store_say(
        err, cap,
        "%s: a store of schema %lld, and this program knows up to %d; "
        "use a newer Hearth, or another file (it is left as it is)",
        path, (long long)version, HEARTH__SCHEMA);
    *status = HEARTH_STATE_VERSION;
    return HEARTH__REFUSED;
  }
  int code = SQLITE_OK;
  char said[300] = "ok";
  const int64_t size = hearth__store_file_size(path, "");
  if (check_mb < 0 || size / (1 << 20) <= check_mb) {
    code = check_pages(db, said, sizeof said);
  }
  if (code == SQLITE_OK && strcmp(said, "ok") == 0) {
    code = version == HEARTH__SCHEMA ? check_tables(db) : SQLITE_OK;
  } else if (code == SQLITE_OK) {
    hearth__store_say(err, cap, "%s", said);
    return HEARTH__DAMAGED;
  }
  if (code == SQLITE_OK) {
    return HEARTH__OURS;
  }
  if (hearth__store_sql_damaged(code)) {
    hearth__store_say(err, cap, "%s", sqlite3_errmsg(db));
    return HEARTH__DAMAGED;
  }
  *status =
      hearth__store_sql_fail(db, code, path, "can't be checked", err, cap);
  return HEARTH__REFUSED;
}

int hearth__store_schema_look(sqlite3 *db, const char *path, int64_t check_mb,
                              hearth_status *status, char *err, uint64_t cap) {
  int64_t application = 0, version = 0, tables = 0, named = 0;
  int code =
      hearth__store_sql_number(db, "PRAGMA application_id", &application);
  if (code == SQLITE_OK) {
    code = hearth__store_sql_number(db, "PRAGMA user_version", &version);
  }
  if (code == SQLITE_OK) {
    code = hearth__store_sql_number(db, "SELECT count(*) FROM sqlite_schema",
                                    &tables);
  }
  if (code == SQLITE_OK) {
    code = hearth__store_sql_number(
        db,
        "SELECT count(*) FROM sqlite_schema WHERE type='table' AND"
        " name IN('outcomes','snapshots','snapshot_chunks','meta')",
        &named);
  }
  if (hearth__store_sql_damaged(code)) {
    hearth__store_say(err, cap, "%s", sqlite3_errmsg(db));
    return HEARTH__DAMAGED;
  }
  if (code != SQLITE_OK) {
    *status = hearth__store_sql_fail(db, code, path, "can't be read", err, cap);
    return HEARTH__REFUSED;
  }
  if (application == 0 && version == 0 && tables == 0) {
    return HEARTH__NEW;
  }
  if (application == HEARTH__APPLICATION && version > 0) {
    return judge_ours(db, path, version, check_mb, status, err, cap);
  }
  if (application == HEARTH__APPLICATION || named == 4) {
    hearth__store_say(err, cap, "its header is garbage");
    return HEARTH__DAMAGED;
  }
  hearth__store_say(
      err, cap,
      "%s: a database of another program, not a store; name another "
      "file (it is left as it is)",
      path);
  *status = HEARTH_BAD_ARG;
  return HEARTH__REFUSED;
}
