/* SPDX-License-Identifier: MIT
   Threads on one store, and processes, and a backup of it at work. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/store/support.h"
#include "tests/unit.h"

enum { THREADS = 4, EACH = 3000 };

static _Thread_local char err[5000];

struct work {
  hearth_store *store;
  uint64_t first, failures;
  atomic_int *stop;
};

static void *record(void *argument) {
  struct work *const w = argument;
  for (uint64_t i = 0; i < EACH; i++) {
    w->failures += hearth_store_record(w->store, support_outcome(w->first + i),
                                       NULL, err, sizeof err) != HEARTH_OK;
    if (i % 1000 == 999) {
      w->failures +=
          hearth_store_flush(w->store, -1, NULL, err, sizeof err) != HEARTH_OK;
    }
  }
  return NULL;
}

/* Snapshots, looks, replays and retention beside the recording. */
static void *around(void *argument) {
  struct work *const w = argument;
  hearth_store_stats stats;
  hearth_store_info info;
  for (uint8_t i = 0; !atomic_load(w->stop); i++) {
    hearth_snapshot *s = NULL;
    w->failures += !support_save(w->store, "p", "1", i, 5000, i);
    w->failures += hearth_store_load_snapshot(w->store, "p", "1", 0, &s, err,
                                              sizeof err) != HEARTH_OK;
    hearth_snapshot_free(s);
    w->failures += support_count(w->store) < 0;
    w->failures +=
        hearth_store_get_info(w->store, &info, err, sizeof err) != HEARTH_OK;
    w->failures +=
        hearth_store_retain(w->store, NULL, err, sizeof err) != HEARTH_OK;
    hearth_store_get_stats(w->store, &stats);
    w->failures += stats.acknowledged > stats.recorded;
    (void)hearth_store_acknowledged(w->store);
  }
  return NULL;
}

static void test_threads(void) {
  pthread_t ids[THREADS + 1];
  struct work works[THREADS + 1];
  atomic_int stop = 0;
  support_begin();
  hearth_store_options options;
  support_options(&options);
  options.queue_count = 100; /* so that they wait for room */
  options.batch_count = 64;
  options.wait_ms = -1;
  hearth_store *store = support_open(support_path("s.db"), &options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  for (unsigned i = 0; i <= THREADS; i++) {
    works[i] = (struct work){store, i * EACH, 0, &stop};
    CU_ASSERT_EQUAL_FATAL(
        pthread_create(&ids[i], NULL, i < THREADS ? record : around, &works[i]),
        0);
  }
  for (unsigned i = 0; i <= THREADS; i++) {
    if (i == THREADS) {
      atomic_store(&stop, 1);
    }
    CU_ASSERT_EQUAL(pthread_join(ids[i], NULL), 0);
    CU_ASSERT_EQUAL(works[i].failures, 0);
  }
  CU_ASSERT_EQUAL(hearth_store_acknowledged(store), THREADS * EACH);
  CU_ASSERT_EQUAL(support_count_series(store, THREADS * EACH), THREADS * EACH);
  CU_ASSERT(support_close(store));
  support_end();
}

/* Another program that records `EACH` from `first`. */
static int child(const char *path, const char *first) {
  hearth_store_options options;
  hearth_store *store = NULL;
  hearth_store_options_init(&options);
  options.batch_count = 50;
  options.wait_ms = -1;
  options.busy_ms = 60000;
  if (hearth_store_open(path, &options, &store, err, sizeof err) != HEARTH_OK) {
    fprintf(stderr, "%s\n", err);
    return 1;
  }
  struct work w = {store, strtoull(first, NULL, 10), 0, NULL};
  record(&w);
  return w.failures != 0 || !support_close(store);
}

static pid_t start(const char *path, uint64_t first) {
  char number[30];
  snprintf(number, sizeof number, "%llu", (unsigned long long)first);
  const pid_t pid = fork();
  if (pid == 0) {
    char *const arguments[] = {(char *)(uintptr_t) "test_together",
                               (char *)(uintptr_t) "--child",
                               (char *)(uintptr_t)path, number, NULL};
    execv("/proc/self/exe", arguments);
    _exit(127);
  }
  return pid;
}

static void test_two_processes(void) {
  pid_t ids[2];
  support_begin();
  for (unsigned i = 0; i < 2; i++) {
    ids[i] = start(support_path("s.db"), i * EACH);
  }
  for (unsigned i = 0; i < 2; i++) {
    int status = -1;
    waitpid(ids[i], &status, 0);
    CU_ASSERT_EQUAL(status, 0);
  }
  hearth_store *store = support_open(support_path("s.db"), NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  CU_ASSERT_EQUAL(support_count_series(store, 2 * EACH), 2 * EACH);
  CU_ASSERT_EQUAL(support_count(store), 2 * EACH);
  CU_ASSERT(support_close(store));
  support_end();
}

/* A second handle while the first is open: both write; nobody restores. */
static void test_two_handles(void) {
  support_begin();
  hearth_store *a = support_open(support_path("s.db"), NULL);
  hearth_store *b = support_open(support_path("s.db"), NULL);
  CU_ASSERT_FATAL(a != NULL && b != NULL);
  support_record(a, 0, 100);
  support_record(b, 100, 100);
  support_record(a, 200, 100);
  CU_ASSERT_EQUAL(support_count_series(b, 300), 300);
  CU_ASSERT_EQUAL(hearth_store_backup(a, support_path("b.db"), err, sizeof err),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_store_restore(support_path("s.db"),
                                       support_path("b.db"), NULL, 0, err,
                                       sizeof err),
                  HEARTH_BUSY);
  CU_ASSERT(support_close(a));
  support_record(b, 300, 10);
  CU_ASSERT(support_close(b));
  char kept[5000];
  CU_ASSERT_EQUAL(hearth_store_restore(support_path("s.db"),
                                       support_path("b.db"), kept, sizeof kept,
                                       err, sizeof err),
                  HEARTH_OK);
  CU_ASSERT_PTR_NOT_NULL(strstr(kept, ".replaced-"));
  a = support_open(support_path("s.db"), NULL);
  b = support_open(kept, NULL);
  CU_ASSERT_FATAL(a != NULL && b != NULL);
  CU_ASSERT_EQUAL(support_count(a), 300);
  CU_ASSERT_EQUAL(support_count(b), 310);
  CU_ASSERT(support_close(a));
  CU_ASSERT(support_close(b));
  support_end();
}

static void test_backup_at_work(void) {
  support_begin();
  const pid_t pid = start(support_path("s.db"), 0);
  hearth_store *store = support_open(support_path("s.db"), NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  int64_t last = 0;
  int done = 0, status = -1;
  for (int i = 0; !done; i++) {
    char name[40];
    done = waitpid(pid, &status, WNOHANG) == pid;
    snprintf(name, sizeof name, "b%d.db", i);
    CU_ASSERT_EQUAL(
        hearth_store_backup(store, support_path(name), err, sizeof err),
        HEARTH_OK);
    hearth_store *copy = support_open(support_path(name), NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
    const int64_t rows = support_count_series(copy, EACH);
    CU_ASSERT(rows >= last);
    last = rows;
    CU_ASSERT(support_close(copy));
  }
  CU_ASSERT_EQUAL(status, 0);
  CU_ASSERT_EQUAL(last, EACH);
  CU_ASSERT_EQUAL(
      hearth_store_backup(store, support_path("b0.db"), err, sizeof err),
      HEARTH_BAD_ARG);
  CU_ASSERT(support_close(store));
  support_end();
}

int main(int argc, char **argv) {
  static const unit_test tests[] = {
      UNIT(test_threads), UNIT(test_two_processes), UNIT(test_two_handles),
      UNIT(test_backup_at_work)};
  if (argc == 4 && strcmp(argv[1], "--child") == 0) {
    return child(argv[2], argv[3]);
  }
  return unit_main("store together", tests, sizeof tests / sizeof *tests, argc,
                   argv);
}
