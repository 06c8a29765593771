/* SPDX-License-Identifier: MIT
   Connections: what a file is, what is done about it, and how it is tuned. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "host-sdk/store/inside.h"

int hearth__store_tune(sqlite3 *db, const hearth_store_options *options) {
  int64_t ignored = 0;
  /* What is deleted is overwritten: it tells of users.  The log grows to 16 MB
     before it is written back, a longer wait that comes less often. */
  int code = hearth__store_sql_run(
      db, options->synchronous == HEARTH_STORE_FULL
              ? "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                "PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 4000"
              : "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                "PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 4000");
  if (code == SQLITE_OK) {
    code = hearth__store_sql_number(db, "SELECT value FROM meta", &ignored);
  }
  return code;
}

static int open_file(const hearth_store *store, int flags, sqlite3 **out) {
  int code =
      sqlite3_open_v2(store->path, out, flags | SQLITE_OPEN_NOMUTEX, NULL);
  if (code == SQLITE_OK) {
    (void)sqlite3_extended_result_codes(*out, 1);
    (void)sqlite3_busy_timeout(*out, (int)store->options.busy_ms);
    (void)sqlite3_db_config(*out, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    (void)sqlite3_db_config(*out, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  }
  return code;
}

/* db_lock is held: no file is exchanged meanwhile. */
static hearth_status open_reader(hearth_store *store, sqlite3 **out, char *err,
                                 uint64_t cap) {
  sqlite3 *db = NULL;
  int code = open_file(store, SQLITE_OPEN_READWRITE, &db);
  if (code == SQLITE_OK) {
    code = hearth__store_sql_run(db, "PRAGMA query_only = ON");
  }
  if (code != SQLITE_OK) {
    const hearth_status status = hearth__store_sql_fail(
        db, code, store->path, "can't be opened", err, cap);
    (void)sqlite3_close(db);
    return status;
  }
  *out = db;
  return HEARTH_OK;
}

hearth_status hearth__store_reader(hearth_store *store, sqlite3 **out,
                                   char *err, uint64_t cap) {
  (void)pthread_mutex_lock(&store->db_lock);
  const hearth_status status = open_reader(store, out, err, cap);
  (void)pthread_mutex_unlock(&store->db_lock);
  return status;
}

void hearth__store_disconnect(hearth_store *store) {
  (void)sqlite3_finalize(store->insert);
  store->insert = NULL;
  (void)sqlite3_close(store->db);
  store->db = NULL;
}

/* What can be seen before SQLite looks: it takes an empty file for a new one,
   and throws the log of one away.  Held alone. */
static const char *early_damage(const char *path, int used) {
  const int64_t size = hearth__store_file_size(path, "");
  const int64_t wal = hearth__store_file_size(path, "-wal");
  if (size < 512 && wal > 0) {
    return "its log is there, and the file itself is not";
  }
  if (size == 0 && used) {
    return "the file is empty";
  }
  return wal > 0 ? hearth__store_wal_damage(path) : NULL;
}

/* Salvage and set aside; held alone. */
static hearth_status repair(hearth_store *store, const char *why, int used,
                            char *err, uint64_t cap) {
  uint64_t outcomes = 0, snapshots = 0;
  char kept[HEARTH__SENTENCE] = "";
  hearth_status status = hearth__store_salvage(store->path, &store->options,
                                               &outcomes, &snapshots, err, cap);
  if (status == HEARTH_OK && !used && outcomes + snapshots == 0) {
    char *const made = hearth__store_path(store->path, HEARTH__SALVAGED);
    if (made != NULL) {
      (void)unlink(made);
    }
    free(made);
    hearth__store_say(err, cap,
                      "%s: not a store (%s), and nothing in it is one's; name "
                      "another file (it is left as it is)",
                      store->path, why);
    return HEARTH_BAD_ARG;
  }
  if (status == HEARTH_OK) {
    status = hearth__store_swap(store->path, HEARTH__SALVAGED, "damaged", kept,
                                sizeof kept, err, cap);
  }
  if (status == HEARTH_OK) {
    hearth__store_log(
        &store->options, HEARTH_LOG_ERROR,
        "%s: damaged (%s); set aside as %s; %llu outcomes and %llu "
        "snapshots were read from it into a new store",
        store->path, why, kept, (unsigned long long)outcomes,
        (unsigned long long)snapshots);
  }
  return status;
}

/* Open and look once; HEARTH__DAMAGED: `err` has the reason. */
static int look(hearth_store *store, hearth_status *status, char *err,
                uint64_t cap) {
  const int create =
      store->options.flags & HEARTH_STORE_MUST_EXIST ? 0 : SQLITE_OPEN_CREATE;
  int code = open_file(store, SQLITE_OPEN_READWRITE | create, &store->db);
  int what = HEARTH__REFUSED;
  if (code == SQLITE_OK) {
    what = hearth__store_schema_look(store->db, store->path,
                                     store->options.check_mb, status, err, cap);
  }
  if (code == SQLITE_OK && what == HEARTH__NEW) {
    code = hearth__store_sql_run(store->db, "PRAGMA page_size = 4096");
  }
  if (code == SQLITE_OK && (what == HEARTH__NEW || what == HEARTH__OURS)) {
    code = hearth__store_schema_migrate(store->db, hearth__store_schema_steps,
                                        HEARTH__SCHEMA);
  }
  if (code == SQLITE_OK && (what == HEARTH__NEW || what == HEARTH__OURS)) {
    code = hearth__store_tune(store->db, &store->options);
  }
  if (code == SQLITE_OK && (what == HEARTH__NEW || what == HEARTH__OURS)) {
    code = sqlite3_prepare_v3(store->db, HEARTH__INSERT, -1,
                              SQLITE_PREPARE_PERSISTENT, &store->insert, NULL);
  }
  if (hearth__store_sql_damaged(code)) {
    hearth__store_say(err, cap, "%s", sqlite3_errmsg(store->db));
    what = HEARTH__DAMAGED;
  } else if (code != SQLITE_OK) {
    *status = hearth__store_sql_fail(store->db, code, store->path,
                                     "can't be opened", err, cap);
    what = HEARTH__REFUSED;
  }
  return what;
}

/* Open, and where it is damaged repair, twice at most. */
static hearth_status settle(hearth_store *store, const char *why, int alone,
                            int used, char *err, uint64_t cap) {
  char reason[HEARTH__SENTENCE];
  for (int tries = 0;; tries++) {
    hearth_status status = HEARTH_OK;
    if (why == NULL) {
      const int what = look(store, &status, reason, sizeof reason);
      if (what == HEARTH__NEW || what == HEARTH__OURS) {
        (void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0,
                                NULL);
        return HEARTH_OK;
      }
      hearth__store_disconnect(store);
      if (what == HEARTH__REFUSED) {
        hearth__store_say(err, cap, "%s", reason);
        return status;
      }
      why = reason;
    }
    if (!alone || tries > 1) {
      hearth__store_say(err, cap, "%s: damaged (%s)%s", store->path, why,
                        alone ? ""
                              : "; it can be salvaged when no other process or "
                                "handle has it open");
      return HEARTH_BAD_PAYLOAD;
    }
    status = repair(store, why, used, err, cap);
    if (status != HEARTH_OK) {
      return status;
    }
    why = NULL;
  }
}

static hearth_status look_only(hearth_store *store, char *err, uint64_t cap) {
  sqlite3 *db = NULL;
  char reason[HEARTH__SENTENCE] = "";
  hearth_status status = HEARTH_BAD_PAYLOAD;
  if (hearth__store_file_size(store->path, "") < 0) {
    hearth__store_say(err, cap, "%s: no such file", store->path);
    return HEARTH_BAD_ARG;
  }
  status = open_reader(store, &db, err, cap);
  if (status != HEARTH_OK) {
    return status;
  }
  const int what = hearth__store_schema_look(
      db, store->path, store->options.check_mb, &status, reason, sizeof reason);
  (void)sqlite3_close(db);
  if (what == HEARTH__OURS) {
    return HEARTH_OK;
  }
  if (what == HEARTH__REFUSED) {
    hearth__store_say(err, cap, "%s", reason);
    return status;
  }
  hearth__store_say(
      err, cap,
      what == HEARTH__NEW
          ? "%s: empty, not a store%s"
          : "%s: damaged or not a store (%s); whoever opens it for "
            "writing salvages what can be read",
      store->path, reason);
  return what == HEARTH__NEW ? HEARTH_BAD_ARG : HEARTH_BAD_PAYLOAD;
}

/* What was begun and not finished by a process that died; then the warning of a
   log that is gone.  Held alone. */
static hearth_status tidy(hearth_store *store, int unclean, char *err,
                          uint64_t cap) {
  static const char *const halves[] = {".salvaging", ".salvaging-journal",
                                       ".restoring", ".restoring-journal"};
  for (size_t i = 0; i < sizeof halves / sizeof *halves; i++) {
    char *const name = hearth__store_path(store->path, halves[i]);
    if (name != NULL) {
      (void)unlink(name);
    }
    free(name);
  }
  const hearth_status status = hearth__store_swap_finish(store->path, err, cap);
  if (status == HEARTH_OK && unclean &&
      hearth__store_file_size(store->path, "") > 0 &&
      hearth__store_file_size(store->path, "-wal") < 0) {
    hearth__store_log(
        &store->options, HEARTH_LOG_WARN,
        "%s: it was not closed, and its log (-wal) is gone: the last "
        "outcomes may be missing",
        store->path);
  }
  return status;
}

hearth_status hearth__store_connect(hearth_store *store, const char *why,
                                    char *err, uint64_t cap) {
  int alone = 1, used = 1, unclean = 0;
  if (why != NULL || store->lock_fd >= 0) {
    hearth__store_disconnect(store);
    alone = hearth__store_lock_alone(store->lock_fd);
  } else {
    const int only_look = store->options.flags & HEARTH_STORE_READ_ONLY;
    const hearth_status status = hearth__store_lock_open(
        store->path, store->options.busy_ms, only_look, &store->lock_fd, &alone,
        &used, &unclean, err, cap);
    if (status != HEARTH_OK || only_look) {
      return status != HEARTH_OK ? status : look_only(store, err, cap);
    }
  }
  hearth_status status = HEARTH_OK;
  if (alone) {
    status = tidy(store, unclean, err, cap);
    why = why == NULL ? early_damage(store->path, used) : why;
  }
  if (status == HEARTH_OK && store->options.flags & HEARTH_STORE_MUST_EXIST &&
      why == NULL && hearth__store_file_size(store->path, "") < 0) {
    hearth__store_say(err, cap, "%s: no such file", store->path);
    status = HEARTH_BAD_ARG;
  }
  if (status == HEARTH_OK) {
    status = settle(store, why, alone, used, err, cap);
  }
  if (status == HEARTH_OK) {
    hearth__store_lock_mark(store->lock_fd, 1);
  }
  hearth__store_lock_share(store->lock_fd);
  return status;
}

hearth_status hearth__store_recover_read(hearth_store *store, char *err,
                                         uint64_t cap) {
  char why[HEARTH__SENTENCE];
  snprintf(why, sizeof why, "%s", err != NULL ? err : "met when reading");
  if (store->options.flags & HEARTH_STORE_READ_ONLY) {
    return HEARTH_BAD_PAYLOAD;
  }
  (void)pthread_mutex_lock(&store->db_lock);
  const hearth_status status = hearth__store_connect(store, why, err, cap);
  (void)pthread_mutex_unlock(&store->db_lock);
  return status;
}
