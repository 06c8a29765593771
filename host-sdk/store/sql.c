/* SPDX-License-Identifier: MIT
   SQLite in the store's words: statuses, sentences, small statements. */
#include "host-sdk/store/sql.h"

#include <stdarg.h>
#include <stdio.h>

void hearth__store_say(char *err, uint64_t cap, const char *format, ...) {
  va_list arguments;
  if (err == NULL || cap == 0) {
    return;
  }
  va_start(arguments, format);
  (void)vsnprintf(err, cap, format, arguments);
  va_end(arguments);
}

hearth_status hearth__store_sql_status(int code) {
  switch (code & 0xff) {
  case SQLITE_OK:
  case SQLITE_ROW:
  case SQLITE_DONE:
    return HEARTH_OK;
  case SQLITE_FULL:
    return HEARTH_LIMIT;
  case SQLITE_NOMEM:
    return HEARTH_NO_MEMORY;
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
  case SQLITE_PROTOCOL:
    return HEARTH_BUSY;
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return HEARTH_BAD_PAYLOAD;
  case SQLITE_IOERR:
    return code == SQLITE_IOERR_NOMEM ? HEARTH_NO_MEMORY : HEARTH_UNAVAILABLE;
  case SQLITE_READONLY:
  case SQLITE_PERM:
  case SQLITE_AUTH:
  case SQLITE_CANTOPEN:
  case SQLITE_TOOBIG:
    return HEARTH_BAD_ARG;
  default:
    return HEARTH_INTERNAL;
  }
}

int hearth__store_sql_damaged(int code) {
  return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
}

/* What a person can do about it. */
static const char *advice(int code) {
  switch (code & 0xff) {
  case SQLITE_FULL:
    return "; make room on the disk";
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return "; another process is writing to it";
  case SQLITE_CANTOPEN:
  case SQLITE_READONLY:
  case SQLITE_PERM:
    return "; look at the folder and its permissions";
  case SQLITE_IOERR:
    return "; look at the disk and its quota";
  default:
    return "";
  }
}

hearth_status hearth__store_sql_fail(sqlite3 *db, int code, const char *path,
                                     const char *what, char *err,
                                     uint64_t cap) {
  const int known = db != NULL && (sqlite3_errcode(db) & 0xff) == (code & 0xff);
  hearth__store_say(err, cap, "%s: %s: %s%s", path, what,
                    known ? sqlite3_errmsg(db) : sqlite3_errstr(code),
                    advice(code));
  const hearth_status status = hearth__store_sql_status(code);
  return status == HEARTH_OK ? HEARTH_INTERNAL : status;
}

int hearth__store_sql_run(sqlite3 *db, const char *sql) {
  return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

int hearth__store_sql_number(sqlite3 *db, const char *sql, int64_t *out) {
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
  if (code == SQLITE_OK) {
    code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
      *out = sqlite3_column_int64(statement, 0);
    }
    code = code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
  }
  const int last = sqlite3_finalize(statement);
  return code != SQLITE_OK ? code : last;
}

int hearth__store_sql_step(sqlite3_stmt *statement) {
  const int code = sqlite3_step(statement);
  (void)sqlite3_reset(statement);
  return code == SQLITE_DONE || code == SQLITE_ROW ? SQLITE_OK : code;
}

uint64_t hearth__store_sum(uint64_t sum, const void *data, uint64_t len) {
  const uint8_t *const bytes = data;
  uint64_t h = sum ^ 0xcbf29ce484222325u;
  for (uint64_t i = 0; i < len; i++) {
    h = (h ^ bytes[i]) * 0x100000001b3u;
  }
  h ^= len;
  h = (h ^ h >> 33) * 0xff51afd7ed558ccdu;
  return h ^ h >> 29;
}

uint64_t hearth__store_sum_number(uint64_t sum, uint64_t number) {
  uint8_t bytes[8];
  for (int i = 0; i < 8; i++) {
    bytes[i] = (uint8_t)(number >> (8 * i));
  }
  return hearth__store_sum(sum, bytes, sizeof bytes);
}
