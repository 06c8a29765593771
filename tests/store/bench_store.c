/* SPDX-License-Identifier: MIT
   How many outcomes a second are acknowledged: bench_store [COUNT [THREADS]].
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tests/store/support.h"

struct work {
  hearth_store *store;
  uint64_t first, count;
};

static double now_s(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void *record(void *argument) {
  const struct work *const w = argument;
  char err[5000] = "";
  for (uint64_t i = 0; i < w->count; i++) {
    if (hearth_store_record(w->store, support_outcome(w->first + i), NULL, err,
                            sizeof err) != HEARTH_OK) {
      fprintf(stderr, "bench_store: %s\n", err);
      exit(1);
    }
  }
  return NULL;
}

static void run(int32_t synchronous, uint64_t count, unsigned threads) {
  hearth_store_options options;
  hearth_store_stats stats;
  struct work works[16];
  pthread_t ids[16];
  char err[5000] = "";
  support_begin();
  hearth_store_options_init(&options);
  options.synchronous = synchronous;
  options.wait_ms = -1;
  hearth_store *const store = support_open(support_path("s.db"), &options);
  if (store == NULL) {
    exit(1);
  }
  const double began = now_s();
  for (unsigned i = 0; i < threads; i++) {
    works[i] = (struct work){store, i * count, count};
    if (pthread_create(&ids[i], NULL, record, &works[i]) != 0) {
      exit(1);
    }
  }
  for (unsigned i = 0; i < threads; i++) {
    pthread_join(ids[i], NULL);
  }
  if (hearth_store_flush(store, -1, NULL, err, sizeof err) != HEARTH_OK) {
    fprintf(stderr, "bench_store: %s\n", err);
    exit(1);
  }
  const double took = now_s() - began;
  hearth_store_get_stats(store, &stats);
  printf("synchronous %-6s %llu outcomes, %u threads: %.0f acknowledged/s, "
         "%llu batches, longest commit %.1f ms\n",
         synchronous == HEARTH_STORE_FULL ? "FULL" : "NORMAL",
         (unsigned long long)stats.acknowledged, threads,
         (double)stats.acknowledged / took, (unsigned long long)stats.batches,
         (double)stats.longest_commit_ns / 1e6);
  support_close(store);
  support_end();
}

int main(int argc, char **argv) {
  const uint64_t count =
      argc > 1 ? strtoull(argv[1], NULL, 10) : (uint64_t)1000000;
  const unsigned threads =
      argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) % 17 : 1;
  run(HEARTH_STORE_NORMAL, count / (threads ? threads : 1),
      threads ? threads : 1);
  run(HEARTH_STORE_FULL, count / (threads ? threads : 1),
      threads ? threads : 1);
  return 0;
}
