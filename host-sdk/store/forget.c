/* SPDX-License-Identifier: MIT
   Forgetting a user. */
#include <string.h>

#include "host-sdk/store/inside.h"
#include "plugin/sdk/wire/decode.h"
#include "plugin/sdk/wire/messages.h"

/* Sequences that one transaction looks at: some ten milliseconds. */
enum { SLICE = 10000 };

/* SQL functions: an outcome's user, and its request, from the bytes, since the
   columns hold sums, which two ids may share. */
static void give_id(sqlite3_context *context, sqlite3_value *value, int user) {
  hearth_outcome message;
  const void *const data = sqlite3_value_blob(value);
  const hearth_bytes bytes = {data, (uint64_t)sqlite3_value_bytes(value)};
  hearth_message_init(&hearth_outcome_schema, &message);
  if (hearth_decode(&hearth_outcome_schema, bytes, &message, NULL, 0) !=
      HEARTH_OK) {
    return; /* NULL */
  }
  const hearth_str id = user ? message.user.id : message.request_id;
  if (id.len > 0) {
    sqlite3_result_blob64(context, id.data, id.len, SQLITE_TRANSIENT);
  }
}

static void sql_user(sqlite3_context *context, int count,
                     sqlite3_value **values) {
  (void)count;
  give_id(context, values[0], 1);
}

static void sql_request(sqlite3_context *context, int count,
                        sqlite3_value **values) {
  (void)count;
  give_id(context, values[0], 0);
}

static int run_slice(sqlite3 *db, const char *sql, const char *user,
                     int64_t from) {
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
  if (code == SQLITE_OK) {
    (void)sqlite3_bind_int64(statement, 1, from);
    (void)sqlite3_bind_int64(statement, 2, from + SLICE);
    if (sqlite3_bind_parameter_count(statement) > 2) {
      (void)sqlite3_bind_blob64(statement, 3, user, strlen(user),
                                SQLITE_STATIC);
    }
    code = hearth__store_sql_step(statement);
  }
  sqlite3_finalize(statement);
  return code;
}

/* One statement over all sequences, slice by slice. */
static int run_over(hearth_store *store, const char *sql, const char *user,
                    uint64_t *removed) {
  int code = SQLITE_OK;
  for (int64_t from = 0; code == SQLITE_OK && from >= 0;) {
    (void)pthread_mutex_lock(&store->db_lock);
    if (store->db == NULL) {
      code = SQLITE_CORRUPT;
    } else {
      const int64_t before = sqlite3_total_changes64(store->db);
      code = run_slice(store->db, sql, user, from);
      if (code == SQLITE_OK && removed != NULL) {
        *removed += (uint64_t)(sqlite3_total_changes64(store->db) - before);
      }
      int64_t last = -1;
      if (code == SQLITE_OK) {
        code = hearth__store_sql_number(
            store->db, "SELECT ifnull(max(sequence), -1) FROM outcomes", &last);
      }
      from = from + SLICE < last ? from + SLICE : -1;
    }
    (void)pthread_mutex_unlock(&store->db_lock);
  }
  return code;
}

static int prepare(hearth_store *store) {
  const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  (void)pthread_mutex_lock(&store->db_lock);
  int code = store->db != NULL ? SQLITE_OK : SQLITE_CORRUPT;
  if (code == SQLITE_OK) {
    code = sqlite3_create_function_v2(store->db, "hearth_user", 1, flags, NULL,
                                      sql_user, NULL, NULL, NULL);
  }
  if (code == SQLITE_OK) {
    code = sqlite3_create_function_v2(store->db, "hearth_request", 1, flags,
                                      NULL, sql_request, NULL, NULL, NULL);
  }
  if (code == SQLITE_OK) {
    code = hearth__store_sql_run(
        store->db, "PRAGMA temp_store = MEMORY;"
                   "DROP TABLE IF EXISTS temp.forgotten;"
                   "CREATE TEMP TABLE forgotten(request BLOB PRIMARY KEY)"
                   " WITHOUT ROWID");
  }
  (void)pthread_mutex_unlock(&store->db_lock);
  return code;
}

/* Write the log back and cut it off: it holds what the pages were.  1: a reader
   is in the way. */
static int cut_log(sqlite3 *db, int *busy) {
  int64_t said = 1;
  (void)hearth__store_sql_run(db, "DROP TABLE IF EXISTS temp.forgotten");
  const int code =
      hearth__store_sql_number(db, "PRAGMA wal_checkpoint(TRUNCATE)", &said);
  *busy = said != 0 || (code & 0xff) == SQLITE_BUSY;
  return *busy ? SQLITE_OK : code;
}

/* What belongs to the user's requests goes first: the user's own rows are what
   leads to it, should this be cut off. */
static int forget(hearth_store *store, const char *user, uint64_t *removed,
                  int *busy) {
  int code = prepare(store);
  if (code == SQLITE_OK) {
    code = run_over(store,
                    "INSERT OR IGNORE INTO temp.forgotten"
                    " SELECT hearth_request(bytes) FROM outcomes"
                    " WHERE sequence > ?1 AND sequence <= ?2 AND"
                    " user NOT NULL AND request NOT NULL"
                    " AND hearth_user(bytes) = ?3",
                    user, NULL);
  }
  if (code == SQLITE_OK) {
    code = run_over(store,
                    "DELETE FROM outcomes WHERE sequence > ?1 AND"
                    " sequence <= ?2 AND user IS NULL AND request NOT NULL AND"
                    " hearth_request(bytes) IN temp.forgotten",
                    user, removed);
  }
  if (code == SQLITE_OK) {
    code = run_over(store,
                    "DELETE FROM outcomes WHERE sequence > ?1 AND"
                    " sequence <= ?2 AND user NOT NULL AND"
                    " hearth_user(bytes) = ?3",
                    user, removed);
  }
  (void)pthread_mutex_lock(&store->db_lock);
  if (code == SQLITE_OK && store->db != NULL) {
    code = cut_log(store->db, busy);
  }
  (void)pthread_mutex_unlock(&store->db_lock);
  return code;
}

hearth_status hearth_store_forget_user(hearth_store *store, const char *user_id,
                                       uint64_t *removed, char *err,
                                       uint64_t err_cap) {
  uint64_t gone = 0;
  int busy = 0;
  if (store->options.flags & HEARTH_STORE_READ_ONLY) {
    hearth__store_say(err, err_cap, "%s: opened to look only", store->path);
    return HEARTH_UNSUPPORTED;
  }
  if (user_id == NULL || *user_id == '\0') {
    hearth__store_say(err, err_cap, "name the user to forget");
    return HEARTH_BAD_ARG;
  }
  hearth_status status = hearth_store_flush(store, -1, NULL, err, err_cap);
  if (status != HEARTH_OK) {
    return status;
  }
  const int code = forget(store, user_id, &gone, &busy);
  if (code != SQLITE_OK) {
    status = hearth__store_sql_fail(
        NULL, code, store->path, "the user can't be forgotten", err, err_cap);
  } else if (busy) {
    hearth__store_say(
        err, err_cap,
        "%s: the user's rows are gone, but a reader keeps their bytes "
        "in the log; call again",
        store->path);
    status = HEARTH_BUSY;
  }
  if (removed != NULL) {
    *removed = gone;
  }
  return status;
}
