/* SPDX-License-Identifier: MIT
   Outcomes that wait to be committed. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host-sdk/store/inside.h"

static void deadline_in(int64_t ms, struct timespec *out) {
  clock_gettime(CLOCK_MONOTONIC, out);
  out->tv_sec += (time_t)(ms / 1000);
  out->tv_nsec += (long)(ms % 1000) * 1000000;
  if (out->tv_nsec >= 1000000000) {
    out->tv_sec++;
    out->tv_nsec -= 1000000000;
  }
}

/* Wait for something to move; 0 when the time is over. */
static int wait_moved(hearth_store *store, int64_t ms,
                      const struct timespec *until) {
  if (ms < 0) {
    (void)pthread_cond_wait(&store->moved, &store->lock);
    return 1;
  }
  return pthread_cond_timedwait(&store->moved, &store->lock, until) == 0;
}

static int has_room(const hearth_store *store, uint64_t len) {
  const hearth__store_batch *const batch = &store->filling;
  return batch->count == 0 || (batch->count < store->options.queue_count &&
                               batch->len + len <= store->options.queue_bytes);
}

/* Room in memory for one more, at least doubling. */
static int grow(hearth__store_batch *batch, uint64_t len) {
  if (batch->count == batch->rows_cap) {
    const uint32_t cap = batch->rows_cap > 0 ? 2 * batch->rows_cap : 256;
    hearth__store_row *const rows = realloc(batch->rows, cap * sizeof *rows);
    if (rows == NULL) {
      return 0;
    }
    batch->rows = rows;
    batch->rows_cap = cap;
  }
  if (batch->len + len > batch->bytes_cap) {
    uint64_t cap = batch->bytes_cap > 0 ? batch->bytes_cap : 65536;
    while (cap < batch->len + len) {
      cap *= 2;
    }
    uint8_t *const bytes = realloc(batch->bytes, (size_t)cap);
    if (bytes == NULL) {
      return 0;
    }
    batch->bytes = bytes;
    batch->bytes_cap = cap;
  }
  return 1;
}

static hearth_status wait_for_room(hearth_store *store, uint64_t len, char *err,
                                   uint64_t cap) {
  const int64_t wait_ms = store->options.wait_ms;
  struct timespec until = {0, 0};
  if (has_room(store, len)) {
    return HEARTH_OK;
  }
  deadline_in(wait_ms < 0 ? 0 : wait_ms, &until);
  for (int in_time = 1; !has_room(store, len);) {
    if (wait_ms == 0 || !in_time) {
      hearth__store_say(
          err, cap,
          "%s: the queue is full, %llu outcomes wait for the disk%s%s",
          store->path,
          (unsigned long long)(store->stats.recorded -
                               store->stats.acknowledged),
          store->last_failure != HEARTH_OK ? ": " : "",
          store->last_failure != HEARTH_OK ? store->last_error : "");
      return HEARTH_BUSY;
    }
    store->urgent = 1;
    (void)pthread_cond_signal(&store->work);
    in_time = wait_moved(store, wait_ms, &until);
  }
  return HEARTH_OK;
}

static void append(hearth_store *store, hearth_bytes outcome,
                   hearth__store_row *row) {
  hearth__store_batch *const batch = &store->filling;
  row->at = batch->len;
  memcpy(batch->bytes + batch->len, outcome.data, (size_t)outcome.len);
  batch->len += outcome.len;
  batch->rows[batch->count++] = *row;
  if (batch->count == 1) {
    store->filling_since_ns = hearth__store_clock_ns();
  }
  if (batch->count == 1 || batch->count == store->options.batch_count) {
    (void)pthread_cond_signal(&store->work);
  }
}

hearth_status hearth_store_record(hearth_store *store, hearth_bytes outcome,
                                  uint64_t *ticket, char *err,
                                  uint64_t err_cap) {
  hearth__store_row row;
  if (!store->has_thread) {
    hearth__store_say(err, err_cap, "%s: opened to look only", store->path);
    return HEARTH_UNSUPPORTED;
  }
  hearth_status status = hearth__store_outcome_row(outcome, &row, err, err_cap);
  (void)pthread_mutex_lock(&store->lock);
  if (status == HEARTH_OK) {
    status = wait_for_room(store, outcome.len, err, err_cap);
  }
  if (status == HEARTH_OK && !grow(&store->filling, outcome.len)) {
    hearth__store_say(err, err_cap,
                      "out of memory for an outcome of %llu bytes",
                      (unsigned long long)outcome.len);
    status = HEARTH_NO_MEMORY;
  }
  if (status == HEARTH_OK) {
    append(store, outcome, &row);
    store->stats.recorded++;
    if (ticket != NULL) {
      *ticket = store->stats.recorded;
    }
  } else {
    store->stats.refused++;
  }
  (void)pthread_mutex_unlock(&store->lock);
  return status;
}

uint64_t hearth_store_acknowledged(hearth_store *store) {
  (void)pthread_mutex_lock(&store->lock);
  const uint64_t acknowledged = store->stats.acknowledged;
  (void)pthread_mutex_unlock(&store->lock);
  return acknowledged;
}

hearth_status hearth_store_flush(hearth_store *store, int64_t timeout_ms,
                                 uint64_t *cursor, char *err,
                                 uint64_t err_cap) {
  struct timespec until = {0, 0};
  hearth_status status = HEARTH_OK;
  deadline_in(timeout_ms < 0 ? 0 : timeout_ms, &until);
  (void)pthread_mutex_lock(&store->lock);
  const uint64_t target = store->stats.recorded;
  const uint64_t failures = store->stats.failures;
  int in_time = 1;
  while (store->stats.acknowledged < target) {
    if (store->stats.failures != failures) {
      status = store->last_failure != HEARTH_OK ? store->last_failure
                                                : HEARTH_INTERNAL;
      hearth__store_say(err, err_cap, "%s", store->last_error);
      break;
    }
    if (!in_time) {
      status = HEARTH_DEADLINE;
      hearth__store_say(
          err, err_cap, "%s: %llu outcomes wait for the disk", store->path,
          (unsigned long long)(target - store->stats.acknowledged));
      break;
    }
    store->urgent = 1;
    (void)pthread_cond_signal(&store->work);
    in_time = wait_moved(store, timeout_ms, &until);
  }
  if (status == HEARTH_OK && cursor != NULL) {
    *cursor = store->last_sequence;
  }
  (void)pthread_mutex_unlock(&store->lock);
  return status;
}

void hearth_store_get_stats(hearth_store *store, hearth_store_stats *out) {
  (void)pthread_mutex_lock(&store->lock);
  *out = store->stats;
  out->waiting = out->recorded - out->acknowledged;
  (void)pthread_mutex_unlock(&store->lock);
}
