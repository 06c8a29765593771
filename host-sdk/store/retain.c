/* SPDX-License-Identifier: MIT
   What is removed by age and by count. */
#include <stdio.h>

#include "host-sdk/store/inside.h"

enum { SLICE = 2000 }; /* rows: some milliseconds */

/* Delete up to SLICE rows; db_lock is held. */
static int slice(hearth_store *store, uint64_t *removed) {
  const hearth_store_options *const o = &store->options;
  char sql[300];
  int64_t limit = 0;
  int code = SQLITE_OK;
  if (o->retention_seconds >= 0) {
    snprintf(sql, sizeof sql,
             "DELETE FROM outcomes WHERE sequence IN (SELECT sequence FROM"
             " outcomes INDEXED BY outcomes_at WHERE at_ms < %lld"
             " ORDER BY at_ms LIMIT %d)",
             (long long)(hearth__store_now_ms(o) - o->retention_seconds * 1000),
             SLICE);
    code = hearth__store_sql_run(store->db, sql);
    *removed = (uint64_t)sqlite3_changes64(store->db);
  }
  if (code == SQLITE_OK && *removed == 0 && o->retention_count >= 0) {
    /* The spread of sequences is an upper bound that costs nothing. */
    int64_t spread = 0;
    code = hearth__store_sql_number(
        store->db,
        "SELECT ifnull((SELECT max(sequence) FROM outcomes) -"
        " (SELECT min(sequence) FROM outcomes) + 1, 0)",
        &spread);
    if (code == SQLITE_OK && spread > o->retention_count) {
      snprintf(sql, sizeof sql,
               "SELECT sequence FROM outcomes ORDER BY sequence DESC"
               " LIMIT 1 OFFSET %lld",
               (long long)o->retention_count);
      code = hearth__store_sql_number(store->db, sql, &limit);
    }
    if (code == SQLITE_OK && limit > 0) {
      snprintf(sql, sizeof sql,
               "DELETE FROM outcomes WHERE sequence IN (SELECT sequence FROM"
               " outcomes WHERE sequence <= %lld ORDER BY sequence LIMIT %d)",
               (long long)limit, SLICE);
      code = hearth__store_sql_run(store->db, sql);
      *removed = (uint64_t)sqlite3_changes64(store->db);
    }
  }
  return code;
}

hearth_status hearth__store_retain_slice(hearth_store *store, uint64_t *removed,
                                         char *err, uint64_t cap) {
  hearth_status status = HEARTH_OK;
  *removed = 0;
  (void)pthread_mutex_lock(&store->db_lock);
  const int code = store->db != NULL ? slice(store, removed) : SQLITE_OK;
  if (code != SQLITE_OK) {
    *removed = 0;
    status = hearth__store_sql_fail(store->db, code, store->path,
                                    "old outcomes can't be removed", err, cap);
  }
  (void)pthread_mutex_unlock(&store->db_lock);
  (void)pthread_mutex_lock(&store->lock);
  store->stats.removed += *removed;
  (void)pthread_mutex_unlock(&store->lock);
  return status;
}

hearth_status hearth_store_retain(hearth_store *store, uint64_t *removed,
                                  char *err, uint64_t err_cap) {
  uint64_t all = 0, some = 1;
  hearth_status status = HEARTH_OK;
  if (store->options.flags & HEARTH_STORE_READ_ONLY) {
    hearth__store_say(err, err_cap, "%s: opened to look only", store->path);
    return HEARTH_UNSUPPORTED;
  }
  while (status == HEARTH_OK && some > 0) {
    status = hearth__store_retain_slice(store, &some, err, err_cap);
    all += some;
  }
  if (removed != NULL) {
    *removed = all;
  }
  return status;
}
