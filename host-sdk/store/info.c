/* SPDX-License-Identifier: MIT
   What is in a store. */
#include "host-sdk/store/inside.h"

static void take_phase(sqlite3_stmt *row, hearth_store_info *info) {
  const int64_t phase = sqlite3_column_int64(row, 0);
  const uint64_t count = (uint64_t)sqlite3_column_int64(row, 1);
  info->outcomes += count;
  info->outcome_bytes += (uint64_t)sqlite3_column_int64(row, 2);
  if (phase >= 0 && phase < HEARTH_STORE_PHASES) {
    info->by_phase[phase] = count;
  }
}

static void take_range(sqlite3_stmt *row, hearth_store_info *info) {
  info->first_sequence = (uint64_t)sqlite3_column_int64(row, 0);
  info->last_sequence = (uint64_t)sqlite3_column_int64(row, 1);
  info->first_ms = sqlite3_column_int64(row, 2);
  info->last_ms = sqlite3_column_int64(row, 3);
  info->models = (uint64_t)sqlite3_column_int64(row, 4);
  info->users = (uint64_t)sqlite3_column_int64(row, 5);
}

static void take_snapshots(sqlite3_stmt *row, hearth_store_info *info) {
  info->snapshots = (uint64_t)sqlite3_column_int64(row, 0);
  info->snapshot_bytes = (uint64_t)sqlite3_column_int64(row, 1);
  info->damaged_snapshots = (uint64_t)sqlite3_column_int64(row, 2);
}

static void take_version(sqlite3_stmt *row, hearth_store_info *info) {
  info->schema_version = sqlite3_column_int(row, 0);
}

static const struct {
  const char *sql;
  void (*take)(sqlite3_stmt *row, hearth_store_info *info);
} questions[] = {
    {"SELECT phase, count(*), sum(length(bytes)) FROM outcomes GROUP BY phase",
     take_phase},
    {"SELECT min(sequence), max(sequence), min(at_ms), max(at_ms),"
     " count(DISTINCT model), count(DISTINCT user) FROM outcomes",
     take_range},
    {"SELECT count(*), ifnull(sum(len), 0), count(damaged) FROM snapshots",
     take_snapshots},
    {"PRAGMA user_version", take_version}};

static int ask(sqlite3 *db, const char *sql,
               void (*take)(sqlite3_stmt *, hearth_store_info *),
               hearth_store_info *info) {
  sqlite3_stmt *select = NULL;
  int code = sqlite3_prepare_v2(db, sql, -1, &select, NULL);
  while (code == SQLITE_OK || code == SQLITE_ROW) {
    code = sqlite3_step(select);
    if (code == SQLITE_ROW) {
      take(select, info);
    }
  }
  sqlite3_finalize(select);
  return code == SQLITE_DONE ? SQLITE_OK : code;
}

hearth_status hearth_store_get_info(hearth_store *store, hearth_store_info *out,
                                    char *err, uint64_t err_cap) {
  sqlite3 *db = NULL;
  hearth_store_info info = {0};
  hearth_status status = hearth__store_reader(store, &db, err, err_cap);
  if (status != HEARTH_OK) {
    return status;
  }
  int code = hearth__store_sql_run(db, "BEGIN"); /* one moment for all */
  for (size_t i = 0;
       code == SQLITE_OK && i < sizeof questions / sizeof *questions; i++) {
    code = ask(db, questions[i].sql, questions[i].take, &info);
  }
  const int64_t file = hearth__store_file_size(store->path, "");
  const int64_t wal = hearth__store_file_size(store->path, "-wal");
  info.file_bytes = file > 0 ? (uint64_t)file : 0;
  info.wal_bytes = wal > 0 ? (uint64_t)wal : 0;
  if (code != SQLITE_OK) {
    status = hearth__store_sql_fail(db, code, store->path, "can't be read", err,
                                    err_cap);
  } else {
    *out = info;
  }
  (void)sqlite3_close(db);
  return status;
}
