/* SPDX-License-Identifier: MIT
   kill -9 at random moments: what was acknowledged is there, and no snapshot is
   half-read. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/store/support.h"
#include "tests/unit.h"

static char err[5000];

static void tell(void *user, uint64_t ticket, uint64_t sequence) {
  (void)user;
  (void)ticket;
  (void)!write(STDOUT_FILENO, &sequence, sizeof sequence);
}

/* The program that dies: outcome i of the series has sequence i + 1, and after
   some the plugin's state is saved, all of one byte, as long as its cursor. */
static int child(const char *path) {
  hearth_store_options options;
  hearth_store *store = NULL;
  uint64_t cursor = 0;
  hearth_store_options_init(&options);
  options.acknowledged = tell;
  options.batch_count = 64;
  options.batch_ms = 1;
  options.retention_count = 30000;
  options.retention_every_ms = 3;
  if (hearth_store_open(path, &options, &store, err, sizeof err) != HEARTH_OK ||
      hearth_store_flush(store, -1, &cursor, err, sizeof err) != HEARTH_OK) {
    fprintf(stderr, "%s\n", err);
    return 1;
  }
  for (uint64_t i = cursor;; i++) {
    if (hearth_store_record(store, support_outcome(i), NULL, err, sizeof err) !=
        HEARTH_OK) {
      fprintf(stderr, "%s\n", err);
      return 1;
    }
    if (i % 400 == 399) {
      if (hearth_store_flush(store, -1, &cursor, err, sizeof err) !=
              HEARTH_OK ||
          !support_save(store, "p", "1.0", cursor, 400000 + cursor % 1000,
                        (uint8_t)cursor)) {
        return 1;
      }
    }
  }
}

static pid_t start(const char *path, int *out) {
  int ends[2];
  if (pipe(ends) != 0) {
    abort();
  }
  const pid_t pid = fork();
  if (pid == 0) {
    char *const arguments[] = {(char *)(uintptr_t) "test_kill",
                               (char *)(uintptr_t) "--child",
                               (char *)(uintptr_t)path, NULL};
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    execv("/proc/self/exe", arguments);
    _exit(127);
  }
  close(ends[1]);
  *out = ends[0];
  return pid;
}

/* The highest number in the pipe, until it ends. */
static uint64_t drain(int in, uint64_t highest) {
  uint64_t number = 0;
  while (read(in, &number, sizeof number) == (ssize_t)sizeof number) {
    highest = number > highest ? number : highest;
  }
  return highest;
}

struct check {
  uint64_t last, count, wrong;
};

static hearth_status check_one(void *user, uint64_t sequence,
                               hearth_bytes outcome) {
  struct check *const c = user;
  const hearth_bytes want = support_outcome(sequence - 1);
  c->wrong += (c->last != 0 && sequence != c->last + 1) ||
              want.len != outcome.len ||
              memcmp(want.data, outcome.data, (size_t)want.len) != 0;
  c->last = sequence;
  c->count++;
  return HEARTH_OK;
}

static void check_snapshot(hearth_store *store, uint64_t last) {
  hearth_snapshot *s = NULL;
  const hearth_status status =
      hearth_store_load_snapshot(store, "p", "1.0", 0, &s, err, sizeof err);
  CU_ASSERT(status == HEARTH_OK || status == HEARTH_NO_OPINION);
  if (status == HEARTH_OK) {
    CU_ASSERT(s->cursor <= last);
    CU_ASSERT_EQUAL(s->state.len, 400000 + s->cursor % 1000);
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < s->state.len; i++) {
      wrong += s->state.data[i] != (uint8_t)((uint8_t)s->cursor + i % 251);
    }
    CU_ASSERT_EQUAL(wrong, 0);
  }
  hearth_snapshot_free(s);
}

static void sleep_us(unsigned us) {
  const struct timespec length = {0, (long)us * 1000};
  (void)nanosleep(&length, NULL);
}

static void test_kills(void) {
  const char *const is_long = getenv("HEARTH_LONG");
  const int kills = is_long != NULL && *is_long == '1' ? 1000 : 15;
  const unsigned seed = (unsigned)time(NULL);
  uint32_t random = seed;
  uint64_t highest = 0;
  int lost = 0;
  support_begin();
  const char *const path = support_path("s.db");
  for (int i = 0; i < kills && !lost; i++) {
    int in = -1;
    random = random * 1664525u + 1013904223u;
    const pid_t pid = start(path, &in);
    CU_ASSERT_FATAL(pid > 0);
    /* Every fourth dies in its opening or first batch. */
    if (i % 4 != 0) {
      uint64_t first = 0;
      (void)!read(in, &first, sizeof first);
      highest = first > highest ? first : highest;
    }
    sleep_us((random >> 8) % 60000);
    kill(pid, SIGKILL);
    highest = drain(in, highest);
    close(in);
    int status = 0;
    waitpid(pid, &status, 0);
    CU_ASSERT(WIFSIGNALED(status)); /* it did not end by itself */
    hearth_store *const store = support_open(path, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(store);
    struct check c = {0};
    CU_ASSERT_EQUAL(
        hearth_store_replay(store, 0, check_one, &c, err, sizeof err),
        HEARTH_OK);
    lost = c.last < highest || c.wrong > 0;
    CU_ASSERT(!lost);
    CU_ASSERT(highest == 0 || c.count >= (highest < 29000 ? highest : 29000));
    check_snapshot(store, c.last);
    CU_ASSERT(support_close(store));
  }
  CU_ASSERT(!support_logged("damaged"));
  CU_ASSERT(!support_logged("can't"));
  CU_ASSERT(highest > 0);
  printf("# %d kills, %llu outcomes acknowledged, seed %u\n", kills,
         (unsigned long long)highest, seed);
  support_end();
}

int main(int argc, char **argv) {
  static const unit_test tests[] = {UNIT(test_kills)};
  if (argc == 3 && strcmp(argv[1], "--child") == 0) {
    return child(argv[2]);
  }
  return unit_main("store kills", tests, 1, argc, argv);
}
