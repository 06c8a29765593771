/* SPDX-License-Identifier: MIT
   A full disk, a slow one, and memory that fails. */
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/host/fail.h"
#include "tests/store/support.h"
#include "tests/unit.h"

static char err[5000];

static void short_waits(hearth_store_options *options) {
  support_options(options);
  options->retry_ms = 5;
  options->wait_ms = 0;
  options->queue_count = 5000;
  options->batch_count = 500;
}

/* Record until the disk says no; what was taken, and whether record itself
   refused in the end. */
static uint64_t fill(hearth_store *store, int *refused) {
  uint64_t taken = 0;
  *refused = 0;
  for (int failures = 0; !*refused && taken < 2000000;) {
    hearth_status status = hearth_store_record(store, support_outcome(taken),
                                               NULL, err, sizeof err);
    taken += status == HEARTH_OK;
    if (status == HEARTH_BUSY) { /* full for good, or the disk is slow */
      status = hearth_store_flush(store, -1, NULL, err, sizeof err);
      failures = status == HEARTH_OK ? 0 : failures + 1;
      *refused = failures > 3;
    }
  }
  return taken;
}

static void check_full(const char *path, void (*give_room)(void)) {
  hearth_store_options options;
  int refused = 0;
  short_waits(&options);
  hearth_store *store = support_open(path, &options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  const uint64_t taken = fill(store, &refused);
  CU_ASSERT(refused);
  CU_ASSERT(support_logged("outcomes can't be committed"));
  CU_ASSERT_PTR_NOT_NULL(strstr(err, path));
  hearth_store_stats stats;
  hearth_store_get_stats(store, &stats);
  CU_ASSERT_EQUAL(stats.recorded, taken);
  CU_ASSERT(stats.failures > 0 && stats.waiting > 0);
  uint8_t *const state = calloc(1, 9000000);
  const hearth_snapshot snapshot = {
      .plugin_id = "p", .plugin_version = "1", .state = {state, 9000000}};
  CU_ASSERT_NOT_EQUAL(
      hearth_store_save_snapshot(store, &snapshot, err, sizeof err), HEARTH_OK);
  free(state);
  give_room();
  CU_ASSERT_EQUAL(hearth_store_flush(store, -1, NULL, err, sizeof err),
                  HEARTH_OK);
  support_record(store, taken, 100);
  CU_ASSERT_EQUAL(support_count_series(store, taken + 100),
                  (int64_t)taken + 100);
  CU_ASSERT_EQUAL(support_count(store), (int64_t)taken + 100);
  CU_ASSERT(support_logged("committed again"));
  CU_ASSERT(support_close(store));
  store = support_open(path, NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  CU_ASSERT_EQUAL(support_count_series(store, taken + 100),
                  (int64_t)taken + 100);
  CU_ASSERT(!support_logged("damaged"));
  CU_ASSERT(support_close(store));
}

static struct rlimit file_limit;

static void lift_limit(void) {
  (void)setrlimit(RLIMIT_FSIZE, &file_limit);
}

static void test_file_limit(void) {
  (void)signal(SIGXFSZ, SIG_IGN);
  (void)getrlimit(RLIMIT_FSIZE, &file_limit);
  support_begin();
  const struct rlimit small = {6 << 20, file_limit.rlim_max};
  CU_ASSERT_EQUAL(setrlimit(RLIMIT_FSIZE, &small), 0);
  check_full(support_path("s.db"), lift_limit);
  lift_limit();
  support_end();
}

static char ballast[700];

static void remove_ballast(void) {
  CU_ASSERT_EQUAL(unlink(ballast), 0);
}

static void test_full_disk(void) {
  char disk[600], path[700];
  support_begin();
  snprintf(disk, sizeof disk, "%s", support_path("disk"));
  if (mkdir(disk, 0700) != 0 ||
      mount("none", disk, "tmpfs", 0, "size=24m") != 0) {
    unit_skip("a small disk can't be mounted here");
    (void)rmdir(disk);
    support_end();
    return;
  }
  snprintf(ballast, sizeof ballast, "%s/ballast", disk);
  snprintf(path, sizeof path, "%s/s.db", disk);
  uint8_t *const data = calloc(1, 14 << 20);
  CU_ASSERT(data != NULL && support_write(ballast, data, 14 << 20));
  free(data);
  check_full(path, remove_ballast);
  CU_ASSERT_EQUAL(umount(disk), 0);
  (void)rmdir(disk);
  support_end();
}

/* A store that can't be made, and a last try at closing that fails. */
static void test_lost_at_close(void) {
  (void)signal(SIGXFSZ, SIG_IGN);
  (void)getrlimit(RLIMIT_FSIZE, &file_limit);
  support_begin();
  hearth_store_options options;
  int refused = 0;
  short_waits(&options);
  hearth_store *store = support_open(support_path("s.db"), &options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  const struct rlimit small = {3 << 20, file_limit.rlim_max};
  CU_ASSERT_EQUAL(setrlimit(RLIMIT_FSIZE, &small), 0);
  (void)fill(store, &refused);
  const uint64_t acknowledged = hearth_store_acknowledged(store);
  CU_ASSERT_NOT_EQUAL(hearth_store_close(store, err, sizeof err), HEARTH_OK);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "were not committed and are lost"));
  lift_limit();
  store = support_open(support_path("s.db"), NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  CU_ASSERT_EQUAL(support_count_series(store, acknowledged),
                  (int64_t)acknowledged);
  CU_ASSERT(support_close(store));
  support_end();
}

/* All that a host does; a call that fails is told by its status, and what was
   taken is there in the end. */
static int everything(const char *path) {
  hearth_store_options options;
  hearth_store *store = NULL;
  hearth_snapshot *snapshot = NULL;
  hearth_store_info info;
  hearth_snapshot save = {.plugin_id = "p",
                          .plugin_version = "1",
                          .state = {(const uint8_t *)"abc", 3}};
  int failed = 0;
  short_waits(&options);
  options.log = NULL;
  if (hearth_store_open(path, &options, &store, err, sizeof err) != HEARTH_OK) {
    return 1;
  }
  for (uint64_t i = 0; i < 600; i++) {
    const hearth_status status =
        hearth_store_record(store, support_outcome(i), NULL, err, sizeof err);
    CU_ASSERT(status == HEARTH_OK || status == HEARTH_NO_MEMORY);
    failed |= status != HEARTH_OK;
  }
  failed |= hearth_store_save_snapshot(store, &save, err, sizeof err) != 0;
  const hearth_status loaded = hearth_store_load_snapshot(
      store, "p", "1", 0, &snapshot, err, sizeof err);
  CU_ASSERT(loaded != HEARTH_OK || snapshot->state.len == 3);
  failed |= loaded != HEARTH_OK;
  hearth_snapshot_free(snapshot);
  failed |= hearth_store_get_info(store, &info, err, sizeof err) != HEARTH_OK;
  failed |= hearth_store_forget_user(store, "u1", NULL, err, sizeof err) != 0;
  failed |= support_count(store) < 0;
  failed |= hearth_store_close(store, err, sizeof err) != HEARTH_OK;
  return failed;
}

/* The store's own allocations, each in turn.  SQLite's are not the store's to
   wrap, since they are made in its library; they are limited below. */
static void test_failing_allocations(void) {
  unsigned long n = 1;
  for (int happened = 1; happened && n < 2000; n++) {
    support_begin();
    fail_at(n);
    const int failed = everything(support_path("s.db"));
    happened = fail_happened();
    CU_ASSERT(happened || !failed);
    hearth_store *const store = support_open(support_path("s.db"), NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(store);
    CU_ASSERT(support_count(store) >= 0);
    CU_ASSERT(support_close(store));
    support_end();
  }
  CU_ASSERT(n > 10 && n < 2000);
}

/* SQLite's allocations fail past a limit that is raised step by step
   (sqlite3_hard_heap_limit64, no sqlite3_config needed). */
static void test_failing_sqlite(void) {
  int seen_failure = 0, seen_success = 0;
  for (sqlite3_int64 kb = 8; kb <= 4096; kb += 4 + kb / 6) {
    support_begin();
    (void)sqlite3_hard_heap_limit64(kb * 1024);
    const int failed = everything(support_path("s.db"));
    (void)sqlite3_hard_heap_limit64(0);
    seen_failure |= failed;
    seen_success |= !failed;
    hearth_store *const store = support_open(support_path("s.db"), NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(store);
    CU_ASSERT(support_count(store) >= 0);
    CU_ASSERT(!support_logged("damaged"));
    CU_ASSERT(support_close(store));
    support_end();
  }
  CU_ASSERT(seen_failure);
  CU_ASSERT(seen_success);
}

/* The rule of a full queue, with another connection that holds the file. */
static void test_full_queue(void) {
  support_begin();
  hearth_store_options options;
  short_waits(&options);
  options.queue_count = 10;
  options.busy_ms = 1;
  hearth_store *store = support_open(support_path("s.db"), &options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  sqlite3 *other = NULL;
  CU_ASSERT_EQUAL(sqlite3_open(support_path("s.db"), &other), SQLITE_OK);
  CU_ASSERT_EQUAL(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL),
                  SQLITE_OK);
  uint64_t taken = 0;
  hearth_status status = HEARTH_OK;
  for (; status == HEARTH_OK && taken < 100; taken += status == HEARTH_OK) {
    status = hearth_store_record(store, support_outcome(taken), NULL, err,
                                 sizeof err);
  }
  CU_ASSERT_EQUAL(status, HEARTH_BUSY);
  CU_ASSERT(taken >= 10 && taken <= 20);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "the queue is full"));
  CU_ASSERT_EQUAL(hearth_store_flush(store, -1, NULL, err, sizeof err),
                  HEARTH_BUSY);
  CU_ASSERT_EQUAL(hearth_store_acknowledged(store), 0);
  CU_ASSERT_EQUAL(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close(other);
  while (hearth_store_flush(store, -1, NULL, err, sizeof err) != HEARTH_OK) {
  }
  CU_ASSERT_EQUAL(support_count_series(store, taken), (int64_t)taken);
  CU_ASSERT(support_close(store));
  support_end();
}

UNIT_MAIN("store faults", UNIT(test_file_limit), UNIT(test_full_disk),
          UNIT(test_lost_at_close), UNIT(test_failing_allocations),
          UNIT(test_failing_sqlite), UNIT(test_full_queue))
