/* SPDX-License-Identifier: MIT
   The lock that every call of an instance takes, and what it counts. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* pthread_rwlockattr_setkind_np */
#endif
#include "host-sdk/instance/stripes.h"

/* Readers that come without end must not keep a [control] call out. */
static int init_work_lock(pthread_rwlock_t *lock) {
#ifdef __GLIBC__
  pthread_rwlockattr_t attributes;
  int failed = pthread_rwlockattr_init(&attributes);

  if (failed) {
    return failed;
  }
  pthread_rwlockattr_setkind_np(&attributes,
                                PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
  failed = pthread_rwlock_init(lock, &attributes);
  pthread_rwlockattr_destroy(&attributes);
  return failed;
#else
  return pthread_rwlock_init(lock, NULL);
#endif
}

int hearth__stripes_init(hearth__stripes *stripes) {
  int i, failed = 0;

  for (i = 0; i < HEARTH__STRIPES && !failed; i++) {
    failed = init_work_lock(&stripes->of[i].work);
  }
  for (i--; failed && i > 0; i--) {
    pthread_rwlock_destroy(&stripes->of[i - 1].work);
  }
  return failed;
}

void hearth__stripes_destroy(hearth__stripes *stripes) {
  for (int i = 0; i < HEARTH__STRIPES; i++) {
    pthread_rwlock_destroy(&stripes->of[i].work);
  }
}

hearth__stripe *hearth__stripes_enter(hearth__stripes *stripes, int shared) {
  hearth__stripe *stripe = stripes->of;

  if (shared) {
    stripe += hearth_thread_number() % HEARTH__STRIPES;
    pthread_rwlock_rdlock(&stripe->work);
  } else {
    pthread_rwlock_wrlock(&stripe->work);
  }
  return stripe;
}

void hearth__stripes_leave(hearth__stripe *stripe) {
  pthread_rwlock_unlock(&stripe->work);
}

void hearth__stripes_lock(hearth__stripes *stripes) {
  for (int i = 0; i < HEARTH__STRIPES; i++) {
    pthread_rwlock_wrlock(&stripes->of[i].work);
  }
}

void hearth__stripes_unlock(hearth__stripes *stripes) {
  for (int i = HEARTH__STRIPES; i > 0; i--) {
    pthread_rwlock_unlock(&stripes->of[i - 1].work);
  }
}

hearth_call_stats hearth__stripes_stats(const hearth__stripes *stripes,
                                        hearth__kind kind) {
  hearth_call_stats stats = {0};
  uint64_t latest = 0;

  for (int i = 0; i < HEARTH__STRIPES; i++) {
    const hearth__counter *counter = &stripes->of[i].counters[kind];
    uint64_t max_ns = atomic_load(&counter->max_ns);
    uint64_t ended_ns = atomic_load(&counter->ended_ns);

    stats.calls += atomic_load(&counter->calls);
    stats.failures += atomic_load(&counter->failures);
    stats.total_ns += atomic_load(&counter->total_ns);
    stats.max_ns = max_ns > stats.max_ns ? max_ns : stats.max_ns;
    if (ended_ns > latest) {
      latest = ended_ns;
      stats.last_ns = atomic_load(&counter->last_ns);
    }
  }
  return stats;
}
