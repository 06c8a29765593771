/* SPDX-License-Identifier: MIT
   Filling a new store with what another one held, under its numbers. */
#include "host-sdk/store/load.h"

#include "host-sdk/store/inside.h"

static hearth_status said(hearth_store *store, int code, char *err,
                          uint64_t cap) {
  return code == SQLITE_OK
             ? HEARTH_OK
             : hearth__store_sql_fail(store->db, code, store->path,
                                      "can't be filled", err, cap);
}

hearth_status hearth__store_load_begin(hearth_store *store, char *err,
                                       uint64_t cap) {
  (void)pthread_mutex_lock(&store->db_lock);
  const int code = hearth__store_sql_run(store->db, "BEGIN IMMEDIATE");
  if (code != SQLITE_OK) {
    (void)pthread_mutex_unlock(&store->db_lock);
  }
  return said(store, code, err, cap);
}

hearth_status hearth__store_load_outcome(hearth_store *store, uint64_t sequence,
                                         hearth_bytes outcome, char *err,
                                         uint64_t cap) {
  hearth__store_row row;
  if (sequence == 0 || sequence > INT64_MAX) {
    hearth__store_say(err, cap, "a sequence is over 0, not %llu",
                      (unsigned long long)sequence);
    return HEARTH_BAD_ARG;
  }
  const hearth_status status =
      hearth__store_outcome_row(outcome, &row, err, cap);
  return status != HEARTH_OK
             ? status
             : said(store,
                    hearth__store_outcome_put(store->insert, sequence, &row,
                                              outcome.data),
                    err, cap);
}

hearth_status hearth__store_load_snapshot(hearth_store *store,
                                          const hearth_snapshot *snapshot,
                                          char *err, uint64_t cap) {
  if (snapshot->damaged == NULL &&
      hearth__store_snapshot_sum(snapshot) != snapshot->checksum) {
    hearth__store_say(err, cap, "snapshot %llu: its checksum is wrong",
                      (unsigned long long)snapshot->number);
    return HEARTH_BAD_PAYLOAD;
  }
  return said(store, hearth__store_snapshot_write(store->db, snapshot), err,
              cap);
}

hearth_status hearth__store_load_end(hearth_store *store, int commit, char *err,
                                     uint64_t cap) {
  int64_t next = 1;
  int code = SQLITE_OK;
  if (commit) {
    code = hearth__store_next_sequence(store->db, &next);
    if (code == SQLITE_OK) {
      code = hearth__store_set_next_sequence(store->db, next);
    }
    if (code == SQLITE_OK) {
      code = hearth__store_sql_run(store->db, "COMMIT");
    }
  }
  const hearth_status status = said(store, code, err, cap);
  if (!commit || code != SQLITE_OK) {
    (void)hearth__store_sql_run(store->db, "ROLLBACK");
  }
  (void)pthread_mutex_unlock(&store->db_lock);
  return status;
}
