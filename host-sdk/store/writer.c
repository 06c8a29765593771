/* SPDX-License-Identifier: MIT
   The thread that commits batches, and runs retention between them. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "host-sdk/store/inside.h"

int hearth__store_next_sequence(sqlite3 *db, int64_t *out) {
  return hearth__store_sql_number(
      db,
      "SELECT max(ifnull((SELECT value FROM meta WHERE id=1), 1),"
      " ifnull((SELECT max(sequence) FROM outcomes), 0) + 1,"
      " ifnull((SELECT max(cursor) FROM snapshots), 0) + 1)",
      out);
}

int hearth__store_set_next_sequence(sqlite3 *db, int64_t next) {
  char sql[100];
  snprintf(sql, sizeof sql, "INSERT OR REPLACE INTO meta VALUES(1, %lld)",
           (long long)next);
  return hearth__store_sql_run(db, sql);
}

/* The batch in one transaction; *last gets its last sequence. */
static int put_batch(hearth_store *store, int64_t *last) {
  const hearth__store_batch *const batch = &store->writing;
  int64_t next = 1;
  int code = hearth__store_sql_run(store->db, "BEGIN IMMEDIATE");
  if (code != SQLITE_OK) {
    return code;
  }
  code = hearth__store_next_sequence(store->db, &next);
  for (uint32_t i = 0; code == SQLITE_OK && i < batch->count; i++) {
    const hearth__store_row *const row = &batch->rows[i];
    code = hearth__store_outcome_put(store->insert, (uint64_t)next++, row,
                                     batch->bytes + row->at);
  }
  if (code == SQLITE_OK) {
    code = hearth__store_set_next_sequence(store->db, next);
  }
  if (code == SQLITE_OK) {
    code = hearth__store_sql_run(store->db, "COMMIT");
  }
  if (code != SQLITE_OK) {
    (void)hearth__store_sql_run(store->db, "ROLLBACK");
    return code;
  }
  *last = next - 1;
  return SQLITE_OK;
}

/* Commit the batch, over a repair where the file proves damaged. */
static hearth_status commit(hearth_store *store, int64_t *last, char *err,
                            uint64_t cap) {
  hearth_status status = HEARTH_OK;
  (void)pthread_mutex_lock(&store->db_lock);
  for (int tries = 0; tries < 2; tries++) {
    if (store->db == NULL) { /* a repair failed before */
      status = hearth__store_connect(store, NULL, err, cap);
    }
    if (status != HEARTH_OK) {
      break;
    }
    const int code = put_batch(store, last);
    if (code == SQLITE_OK) {
      break;
    }
    status = hearth__store_sql_fail(store->db, code, store->path,
                                    "outcomes can't be committed", err, cap);
    if (!hearth__store_sql_damaged(code) || tries > 0) {
      break;
    }
    char why[HEARTH__SENTENCE];
    snprintf(why, sizeof why, "%s", sqlite3_errmsg(store->db));
    status = hearth__store_connect(store, why, err, cap);
  }
  (void)pthread_mutex_unlock(&store->db_lock);
  return status;
}

static void took(hearth_store *store, uint64_t ns, int64_t last) {
  if (store->last_failure != HEARTH_OK) {
    hearth__store_log(&store->options, HEARTH_LOG_INFO,
                      "%s: outcomes are committed again", store->path);
  }
  store->last_failure = HEARTH_OK;
  store->stats.batches++;
  store->stats.acknowledged += store->writing.count;
  store->last_sequence = (uint64_t)last;
  if (ns > store->stats.longest_commit_ns) {
    store->stats.longest_commit_ns = ns;
  }
  store->writing.count = 0;
  store->writing.len = 0;
}

static void failed(hearth_store *store, hearth_status status, const char *why) {
  if (store->last_failure == HEARTH_OK) { /* said once, not at each try */
    hearth__store_log(&store->options, HEARTH_LOG_ERROR,
                      "%s; tried again, %llu wait", why,
                      (unsigned long long)(store->stats.recorded -
                                           store->stats.acknowledged));
  }
  store->last_failure = status;
  snprintf(store->last_error, sizeof store->last_error, "%s", why);
  store->stats.failures++;
  store->retry_at_ns =
      hearth__store_clock_ns() + (uint64_t)store->options.retry_ms * 1000000u;
}

/* Commit what waits, with store->lock held before and after. */
static void work(hearth_store *store) {
  char err[HEARTH__SENTENCE] = "";
  int64_t last = 0;
  if (store->writing.count == 0) {
    const hearth__store_batch empty = store->writing;
    store->writing = store->filling;
    store->filling = empty;
  }
  store->urgent = 0;
  (void)pthread_cond_broadcast(&store->moved); /* there is room */
  (void)pthread_mutex_unlock(&store->lock);
  const uint64_t began = hearth__store_clock_ns();
  const hearth_status status = commit(store, &last, err, sizeof err);
  const uint64_t ns = hearth__store_clock_ns() - began;
  (void)pthread_mutex_lock(&store->lock);
  if (status == HEARTH_OK) {
    took(store, ns, last);
  } else {
    failed(store, status, err);
  }
  const uint64_t ticket = store->stats.acknowledged;
  (void)pthread_cond_broadcast(&store->moved);
  if (status == HEARTH_OK && store->options.acknowledged != NULL) {
    (void)pthread_mutex_unlock(&store->lock);
    store->options.acknowledged(store->options.user, ticket, (uint64_t)last);
    (void)pthread_mutex_lock(&store->lock);
  }
}

/* When there is a batch to commit; UINT64_MAX: none.  Held: store->lock. */
static uint64_t batch_due(const hearth_store *store) {
  const hearth__store_batch *const filling = &store->filling;
  if (store->writing.count > 0) { /* it failed before */
    return store->urgent ? 0 : store->retry_at_ns;
  }
  if (filling->count == 0) {
    return UINT64_MAX;
  }
  if (store->urgent || filling->count >= store->options.batch_count) {
    return 0;
  }
  return store->filling_since_ns + (uint64_t)store->options.batch_ms * 1000000u;
}

static void retain(hearth_store *store, uint64_t now) {
  uint64_t removed = 0;
  char err[HEARTH__SENTENCE] = "";
  (void)pthread_mutex_unlock(&store->lock);
  const hearth_status status =
      hearth__store_retain_slice(store, &removed, err, sizeof err);
  if (status != HEARTH_OK) {
    hearth__store_log(&store->options, HEARTH_LOG_WARN, "retention: %s", err);
  }
  (void)pthread_mutex_lock(&store->lock);
  if (removed == 0) { /* done, or to be tried later */
    store->retain_at_ns =
        now + (uint64_t)store->options.retention_every_ms * 1000000u;
  }
}

static void wait_until(hearth_store *store, uint64_t due) {
  if (due == UINT64_MAX) {
    (void)pthread_cond_wait(&store->work, &store->lock);
    return;
  }
  const struct timespec until = {(time_t)(due / 1000000000u),
                                 (long)(due % 1000000000u)};
  (void)pthread_cond_timedwait(&store->work, &store->lock, &until);
}

void *hearth__store_writer(void *argument) {
  hearth_store *const store = argument;
  (void)pthread_mutex_lock(&store->lock);
  for (;;) {
    const uint64_t now = hearth__store_clock_ns();
    const uint64_t due = batch_due(store);
    if (store->stop) {
      break;
    }
    if (due <= now) {
      work(store);
    } else if (store->retain_at_ns <= now) {
      retain(store, now);
    } else {
      wait_until(store, due < store->retain_at_ns ? due : store->retain_at_ns);
    }
  }
  /* What waits is tried once more; a failure is told by close. */
  for (uint64_t failures = store->stats.failures;
       store->stats.failures == failures &&
       store->writing.count + store->filling.count > 0;) {
    work(store);
  }
  (void)pthread_mutex_unlock(&store->lock);
  return NULL;
}
