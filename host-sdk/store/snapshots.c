/* SPDX-License-Identifier: MIT
   Snapshots: save, load, list. */
#include <stdlib.h>

#include "host-sdk/store/inside.h"

/* Remove the plugin's oldest past `kept`, without those set aside. */
static int prune(sqlite3 *db, const char *plugin, uint32_t kept) {
  static const char *const statements[] = {
      "DELETE FROM snapshot_chunks WHERE (id >> 20) IN (SELECT id FROM"
      " snapshots WHERE plugin = ?1 AND damaged IS NULL ORDER BY id DESC"
      " LIMIT -1 OFFSET ?2)",
      "DELETE FROM snapshots WHERE id IN (SELECT id FROM snapshots"
      " WHERE plugin = ?1 AND damaged IS NULL ORDER BY id DESC"
      " LIMIT -1 OFFSET ?2)"};
  int code = SQLITE_OK;
  for (int i = 0; code == SQLITE_OK && i < 2; i++) {
    sqlite3_stmt *statement = NULL;
    code = sqlite3_prepare_v2(db, statements[i], -1, &statement, NULL);
    if (code == SQLITE_OK) {
      (void)sqlite3_bind_text(statement, 1, plugin, -1, SQLITE_STATIC);
      (void)sqlite3_bind_int64(statement, 2, kept);
      code = hearth__store_sql_step(statement);
    }
    sqlite3_finalize(statement);
  }
  return code;
}

static int save(hearth_store *store, const hearth_snapshot *snapshot) {
  hearth_snapshot fresh = *snapshot;
  fresh.number = 0;
  fresh.damaged = NULL;
  int code = hearth__store_sql_run(store->db, "BEGIN IMMEDIATE");
  if (code != SQLITE_OK) {
    return code;
  }
  code = hearth__store_snapshot_write(store->db, &fresh);
  if (code == SQLITE_OK) {
    code = prune(store->db, fresh.plugin_id, store->options.snapshots_kept);
  }
  code = code == SQLITE_OK ? hearth__store_sql_run(store->db, "COMMIT") : code;
  if (code != SQLITE_OK) {
    (void)hearth__store_sql_run(store->db, "ROLLBACK");
  }
  return code;
}

hearth_status hearth_store_save_snapshot(hearth_store *store,
                                         const hearth_snapshot *snapshot,
                                         char *err, uint64_t err_cap) {
  if (store->options.flags & HEARTH_STORE_READ_ONLY) {
    hearth__store_say(err, err_cap, "%s: opened to look only", store->path);
    return HEARTH_UNSUPPORTED;
  }
  if (snapshot->plugin_id == NULL || *snapshot->plugin_id == '\0' ||
      snapshot->plugin_version == NULL ||
      snapshot->state.len > (uint64_t)1 << 37) {
    hearth__store_say(
        err, err_cap,
        "a snapshot has a plugin id, a version, and up to 2^37 bytes");
    return HEARTH_BAD_ARG;
  }
  hearth_status status = HEARTH_OK;
  (void)pthread_mutex_lock(&store->db_lock);
  for (int tries = 0; tries < 2; tries++) {
    if (store->db == NULL) {
      status = hearth__store_connect(store, NULL, err, err_cap);
    }
    const int code = status == HEARTH_OK ? save(store, snapshot) : SQLITE_OK;
    if (code == SQLITE_OK) {
      break;
    }
    status =
        hearth__store_sql_fail(store->db, code, store->path,
                               "a snapshot can't be written", err, err_cap);
    if (!hearth__store_sql_damaged(code)) {
      break;
    }
    status = hearth__store_connect(store, "met when writing a snapshot", err,
                                   err_cap);
  }
  (void)pthread_mutex_unlock(&store->db_lock);
  return status;
}

/* -1, 0, 1 by the numbers of "1.2.3". */
static int compare_versions(const char *a, const char *b) {
  while (*a != '\0' || *b != '\0') {
    char *end_a, *end_b;
    const unsigned long long x = strtoull(a, &end_a, 10);
    const unsigned long long y = strtoull(b, &end_b, 10);
    if (x != y) {
      return x < y ? -1 : 1;
    }
    if ((*end_a != '.' && *end_a != '\0') ||
        (*end_b != '.' && *end_b != '\0')) {
      return 0; /* "-rc1" and the like do not count */
    }
    a = *end_a == '.' ? end_a + 1 : end_a;
    b = *end_b == '.' ? end_b + 1 : end_b;
  }
  return 0;
}

static void set_aside(hearth_store *store, const hearth_snapshot *snapshot,
                      const char *why) {
  const int only_look = (store->options.flags & HEARTH_STORE_READ_ONLY) != 0;
  int code = SQLITE_READONLY;
  if (!only_look) {
    (void)pthread_mutex_lock(&store->db_lock);
    if (store->db != NULL) {
      code = hearth__store_snapshot_mark(store->db, snapshot->number, why);
    }
    (void)pthread_mutex_unlock(&store->db_lock);
  }
  hearth__store_log(
      &store->options, HEARTH_LOG_ERROR,
      "%s: snapshot %llu of %s can't be read (%s); %s, hearth state "
      "export writes what is left of it",
      store->path, (unsigned long long)snapshot->number, snapshot->plugin_id,
      why,
      code == SQLITE_OK ? "set aside in the store under its number"
                        : "left out");
}

/* The newest snapshot under *before that counts, without bytes; NULL: none. */
static int next_older(sqlite3 *db, const char *plugin, uint64_t before,
                      hearth_snapshot **out) {
  sqlite3_stmt *select = NULL;
  int code = sqlite3_prepare_v2(
      db,
      "SELECT " HEARTH__SNAPSHOT_COLUMNS " FROM snapshots WHERE plugin = ?1"
      " AND id < ?2 AND damaged IS NULL ORDER BY id DESC LIMIT 1",
      -1, &select, NULL);
  *out = NULL;
  if (code == SQLITE_OK) {
    (void)sqlite3_bind_text(select, 1, plugin, -1, SQLITE_STATIC);
    (void)sqlite3_bind_int64(select, 2, (sqlite3_int64)before);
    code = sqlite3_step(select);
    if (code == SQLITE_ROW) {
      *out = hearth__store_snapshot_row(select);
      code = *out != NULL ? SQLITE_DONE : SQLITE_NOMEM;
    }
  }
  sqlite3_finalize(select);
  return code == SQLITE_DONE ? SQLITE_OK : code;
}

static hearth_status find(hearth_store *store, sqlite3 *db, const char *plugin,
                          const char *version, uint32_t flags,
                          hearth_snapshot **out, char *err, uint64_t cap) {
  uint64_t before = INT64_MAX;
  for (;;) {
    hearth_snapshot *found = NULL;
    const char *why = NULL;
    int code = next_older(db, plugin, before, &found);
    if (code == SQLITE_OK && found == NULL) {
      hearth__store_say(err, cap, "%s: no snapshot of %s", store->path, plugin);
      return HEARTH_NO_OPINION;
    }
    if (code == SQLITE_OK && version != NULL &&
        compare_versions(found->plugin_version, version) > 0) {
      before = found->number;
      hearth__store_say(
          err, cap,
          "%s: snapshot %llu is of %s %s, newer than %s; use that "
          "version, or ask for an older snapshot",
          store->path, (unsigned long long)found->number, plugin,
          found->plugin_version, version);
      hearth_snapshot_free(found);
      if (flags & HEARTH_STORE_OLDER) {
        continue;
      }
      return HEARTH_STATE_VERSION;
    }
    if (code == SQLITE_OK) {
      code = hearth__store_snapshot_read(db, found, &why);
    }
    if (code != SQLITE_OK) {
      hearth_snapshot_free(found);
      return hearth__store_sql_fail(db, code, store->path,
                                    "a snapshot can't be read", err, cap);
    }
    if (why == NULL) {
      *out = found;
      return HEARTH_OK;
    }
    before = found->number;
    set_aside(store, found, why);
    hearth_snapshot_free(found);
  }
}

hearth_status hearth_store_load_snapshot(hearth_store *store,
                                         const char *plugin_id,
                                         const char *plugin_version,
                                         uint32_t flags, hearth_snapshot **out,
                                         char *err, uint64_t err_cap) {
  hearth_status status = HEARTH_OK;
  for (int tries = 0; tries < 2; tries++) {
    sqlite3 *db = NULL;
    status = hearth__store_reader(store, &db, err, err_cap);
    if (status == HEARTH_OK) {
      status =
          find(store, db, plugin_id, plugin_version, flags, out, err, err_cap);
    }
    (void)sqlite3_close(db);
    if (status != HEARTH_BAD_PAYLOAD ||
        hearth__store_recover_read(store, err, err_cap) != HEARTH_OK) {
      break;
    }
  }
  return status;
}

hearth_status hearth_store_get_snapshot(hearth_store *store, uint64_t number,
                                        hearth_snapshot **out, char *err,
                                        uint64_t err_cap) {
  sqlite3 *db = NULL;
  sqlite3_stmt *select = NULL;
  hearth_snapshot *found = NULL;
  const char *why = NULL;
  const hearth_status status = hearth__store_reader(store, &db, err, err_cap);
  if (status != HEARTH_OK) {
    return status;
  }
  int code = sqlite3_prepare_v2(
      db, "SELECT " HEARTH__SNAPSHOT_COLUMNS " FROM snapshots WHERE id = ?1",
      -1, &select, NULL);
  if (code == SQLITE_OK) {
    (void)sqlite3_bind_int64(select, 1, (sqlite3_int64)number);
    code = sqlite3_step(select);
    if (code == SQLITE_ROW) {
      found = hearth__store_snapshot_row(select);
      code = found == NULL ? SQLITE_NOMEM
                           : hearth__store_snapshot_read(db, found, &why);
    }
  }
  hearth_status result = HEARTH_OK;
  if (code == SQLITE_DONE) {
    hearth__store_say(err, err_cap, "%s: no snapshot %llu", store->path,
                      (unsigned long long)number);
    result = HEARTH_NO_OPINION;
  } else if (code != SQLITE_OK) {
    result = hearth__store_sql_fail(db, code, store->path,
                                    "a snapshot can't be read", err, err_cap);
  } else if (why != NULL && found->damaged == NULL) {
    found->damaged = hearth__store_path(why, "");
    result = found->damaged != NULL ? HEARTH_OK : HEARTH_NO_MEMORY;
  }
  sqlite3_finalize(select);
  (void)sqlite3_close(db);
  if (result == HEARTH_OK) {
    *out = found;
  } else {
    hearth_snapshot_free(found);
  }
  return result;
}

hearth_status hearth_store_list_snapshots(hearth_store *store,
                                          hearth_store_show show, void *user,
                                          char *err, uint64_t err_cap) {
  sqlite3 *db = NULL;
  sqlite3_stmt *select = NULL;
  hearth_status status = hearth__store_reader(store, &db, err, err_cap);
  if (status != HEARTH_OK) {
    return status;
  }
  int code = sqlite3_prepare_v2(
      db, "SELECT " HEARTH__SNAPSHOT_COLUMNS " FROM snapshots ORDER BY id", -1,
      &select, NULL);
  while (code == SQLITE_OK && status == HEARTH_OK &&
         (code = sqlite3_step(select)) == SQLITE_ROW) {
    hearth_snapshot *const row = hearth__store_snapshot_row(select);
    code = row != NULL ? SQLITE_OK : SQLITE_NOMEM;
    if (row != NULL) {
      status = show(user, row);
    }
    hearth_snapshot_free(row);
  }
  if (code != SQLITE_OK && code != SQLITE_DONE) {
    status = hearth__store_sql_fail(
        db, code, store->path, "the snapshots can't be listed", err, err_cap);
  }
  sqlite3_finalize(select);
  (void)sqlite3_close(db);
  return status;
}
