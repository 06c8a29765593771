/* SPDX-License-Identifier: MIT
   Locks for plugins that many threads may call at a time. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* for two kinds of lock that glibc adds to POSIX's */
#endif
#include "plugin/sdk/lock.h"

#ifndef __wasm__
#include <pthread.h>

struct hearth_mutex {
  pthread_mutex_t it;
};

struct hearth_shared {
  pthread_rwlock_t it;
};

static int init_mutex(pthread_mutex_t *it) {
  pthread_mutexattr_t kind;
  if (pthread_mutexattr_init(&kind) != 0) {
    return -1;
  }
#ifdef __GLIBC__
  (void)pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ADAPTIVE_NP);
#endif
  const int failed = pthread_mutex_init(it, &kind);
  (void)pthread_mutexattr_destroy(&kind);
  return failed;
}

hearth_mutex *hearth_mutex_new(const hearth_memory_user *memory) {
  hearth_mutex *mutex = hearth_zalloc(memory, 1, sizeof *mutex);
  if (mutex != NULL && init_mutex(&mutex->it) != 0) {
    hearth_release(memory, mutex);
    return NULL;
  }
  return mutex;
}

void hearth_mutex_free(const hearth_memory_user *memory, hearth_mutex *mutex) {
  if (mutex != NULL) {
    (void)pthread_mutex_destroy(&mutex->it);
    hearth_release(memory, mutex);
  }
}

void hearth_mutex_lock(hearth_mutex *mutex) {
  (void)pthread_mutex_lock(&mutex->it);
}

void hearth_mutex_unlock(hearth_mutex *mutex) {
  (void)pthread_mutex_unlock(&mutex->it);
}

static int init_shared(pthread_rwlock_t *it) {
  pthread_rwlockattr_t kind;
  if (pthread_rwlockattr_init(&kind) != 0) {
    return -1;
  }
#ifdef __GLIBC__
  (void)pthread_rwlockattr_setkind_np(
      &kind, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
#endif
  const int failed = pthread_rwlock_init(it, &kind);
  (void)pthread_rwlockattr_destroy(&kind);
  return failed;
}

hearth_shared *hearth_shared_new(const hearth_memory_user *memory) {
  hearth_shared *lock = hearth_zalloc(memory, 1, sizeof *lock);
  if (lock != NULL && init_shared(&lock->it) != 0) {
    hearth_release(memory, lock);
    return NULL;
  }
  return lock;
}

void hearth_shared_free(const hearth_memory_user *memory,
                        hearth_shared *lock) {
  if (lock != NULL) {
    (void)pthread_rwlock_destroy(&lock->it);
    hearth_release(memory, lock);
  }
}

void hearth_shared_read(hearth_shared *lock) {
  (void)pthread_rwlock_rdlock(&lock->it);
}

void hearth_shared_write(hearth_shared *lock) {
  (void)pthread_rwlock_wrlock(&lock->it);
}

void hearth_shared_unlock(hearth_shared *lock) {
  (void)pthread_rwlock_unlock(&lock->it);
}

#else /* one thread: any pointer will do */

hearth_mutex *hearth_mutex_new(const hearth_memory_user *memory) {
  return hearth_zalloc(memory, 1, 1);
}
void hearth_mutex_free(const hearth_memory_user *memory, hearth_mutex *mutex) {
  hearth_release(memory, mutex);
}
void hearth_mutex_lock(hearth_mutex *mutex) { (void)mutex; }
void hearth_mutex_unlock(hearth_mutex *mutex) { (void)mutex; }

hearth_shared *hearth_shared_new(const hearth_memory_user *memory) {
  return hearth_zalloc(memory, 1, 1);
}
void hearth_shared_free(const hearth_memory_user *memory,
                        hearth_shared *lock) {
  hearth_release(memory, lock);
}
void hearth_shared_read(hearth_shared *lock) { (void)lock; }
void hearth_shared_write(hearth_shared *lock) { (void)lock; }
void hearth_shared_unlock(hearth_shared *lock) { (void)lock; }

#endif
