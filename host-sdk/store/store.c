/* SPDX-License-Identifier: MIT
   A store's beginning and end. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "host-sdk/store/inside.h"

void hearth_store_options_init(hearth_store_options *options) {
  memset(options, 0, sizeof *options);
  options->batch_count = 4096;
  options->batch_ms = 20;
  options->queue_count = 65536;
  options->queue_bytes = (uint64_t)32 << 20;
  options->wait_ms = 1000;
  options->retry_ms = 250;
  options->busy_ms = 5000;
  options->snapshots_kept = 3;
  options->retention_seconds = -1;
  options->retention_count = -1;
  options->retention_every_ms = 60000;
  options->check_mb = 64;
}

static hearth_status check_options(const hearth_store_options *options,
                                   char *err, uint64_t cap) {
  const char *wrong = NULL;
  if (options->batch_count == 0 || options->queue_count == 0 ||
      options->queue_bytes == 0) {
    wrong = "batch_count, queue_count and queue_bytes are at least 1; begin "
            "with hearth_store_options_init";
  } else if (options->batch_ms < 0 || options->batch_ms > 3600000 ||
             options->retry_ms < 1 || options->retry_ms > 3600000 ||
             options->busy_ms < 0 || options->busy_ms > 3600000) {
    wrong = "batch_ms and busy_ms are 0 to 3600000, retry_ms 1 to 3600000";
  } else if (options->snapshots_kept == 0) {
    wrong = "snapshots_kept is at least 1";
  } else if (options->synchronous != HEARTH_STORE_NORMAL &&
             options->synchronous != HEARTH_STORE_FULL) {
    wrong = "synchronous is HEARTH_STORE_NORMAL or HEARTH_STORE_FULL";
  } else if (options->retention_seconds > INT64_MAX / 2000 ||
             options->retention_every_ms == 0 ||
             options->retention_every_ms > INT64_MAX / 2000000) {
    wrong = "retention_seconds and retention_every_ms are too large, or the "
            "latter is 0";
  }
  if (wrong != NULL) {
    hearth__store_say(err, cap, "store options: %s", wrong);
  }
  return wrong != NULL ? HEARTH_BAD_ARG : HEARTH_OK;
}

static void free_store(hearth_store *store) {
  hearth__store_disconnect(store);
  if (store->lock_fd >= 0) {
    close(store->lock_fd);
  }
  free(store->filling.rows);
  free(store->filling.bytes);
  free(store->writing.rows);
  free(store->writing.bytes);
  (void)pthread_cond_destroy(&store->moved);
  (void)pthread_cond_destroy(&store->work);
  (void)pthread_mutex_destroy(&store->lock);
  (void)pthread_mutex_destroy(&store->db_lock);
  free(store->path);
  free(store);
}

static hearth_store *new_store(const char *path,
                               const hearth_store_options *options) {
  hearth_store *const store = calloc(1, sizeof *store);
  if (store == NULL) {
    return NULL;
  }
  store->path = hearth__store_path(path, "");
  if (store->path == NULL) {
    free(store);
    return NULL;
  }
  store->options = *options;
  if (options->batch_count > options->queue_count) {
    store->options.batch_count = options->queue_count;
  }
  store->lock_fd = -1;
  pthread_condattr_t clock;
  (void)pthread_condattr_init(&clock);
  (void)pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
  (void)pthread_mutex_init(&store->db_lock, NULL);
  (void)pthread_mutex_init(&store->lock, NULL);
  (void)pthread_cond_init(&store->work, &clock);
  (void)pthread_cond_init(&store->moved, &clock);
  (void)pthread_condattr_destroy(&clock);
  return store;
}

static hearth_status start(hearth_store *store, char *err, uint64_t cap) {
  int64_t next = 1;
  const int code = hearth__store_next_sequence(store->db, &next);
  if (code != SQLITE_OK) {
    return hearth__store_sql_fail(store->db, code, store->path, "can't be read",
                                  err, cap);
  }
  store->last_sequence = (uint64_t)next - 1;
  store->retain_at_ns = store->options.retention_every_ms < 0 ||
                                (store->options.retention_seconds < 0 &&
                                 store->options.retention_count < 0)
                            ? UINT64_MAX
                            : hearth__store_clock_ns();
  if (pthread_create(&store->thread, NULL, hearth__store_writer, store) != 0) {
    hearth__store_say(err, cap, "%s: no thread can be started", store->path);
    return HEARTH_NO_MEMORY;
  }
  store->has_thread = 1;
  return HEARTH_OK;
}

hearth_status hearth_store_open(const char *path,
                                const hearth_store_options *options,
                                hearth_store **out, char *err,
                                uint64_t err_cap) {
  hearth_store_options chosen;
  hearth_store_options_init(&chosen);
  if (options != NULL) {
    chosen = *options;
  }
  hearth_status status = check_options(&chosen, err, err_cap);
  if (status != HEARTH_OK) {
    return status;
  }
  if (path == NULL || *path == '\0' || strlen(path) > 4000) {
    hearth__store_say(err, err_cap, "a store's path has 1 to 4000 bytes");
    return HEARTH_BAD_ARG;
  }
  hearth_store *const store = new_store(path, &chosen);
  if (store == NULL) {
    hearth__store_say(err, err_cap, "%s: out of memory", path);
    return HEARTH_NO_MEMORY;
  }
  (void)pthread_mutex_lock(&store->db_lock);
  status = hearth__store_connect(store, NULL, err, err_cap);
  if (status == HEARTH_OK && !(chosen.flags & HEARTH_STORE_READ_ONLY)) {
    status = start(store, err, err_cap);
  }
  (void)pthread_mutex_unlock(&store->db_lock);
  if (status != HEARTH_OK) {
    free_store(store);
    return status;
  }
  *out = store;
  return HEARTH_OK;
}

hearth_status hearth_store_close(hearth_store *store, char *err,
                                 uint64_t err_cap) {
  hearth_status status = HEARTH_OK;
  if (store == NULL) {
    return HEARTH_OK;
  }
  if (store->has_thread) {
    (void)pthread_mutex_lock(&store->lock);
    store->stop = 1;
    (void)pthread_cond_broadcast(&store->work);
    (void)pthread_mutex_unlock(&store->lock);
    (void)pthread_join(store->thread, NULL);
    const uint64_t lost = store->stats.recorded - store->stats.acknowledged;
    if (lost > 0) {
      status = store->last_failure;
      hearth__store_say(err, err_cap,
                        "%llu outcomes were not committed and are lost: %s",
                        (unsigned long long)lost, store->last_error);
    }
    /* Marked before the log is written back and removed: between the two a
       missing log would look like a loss. */
    if (hearth__store_lock_alone(store->lock_fd)) {
      hearth__store_lock_mark(store->lock_fd, 0);
    }
  }
  free_store(store);
  return status;
}
