/* SPDX-License-Identifier: MIT
   Locks for plugins that many threads may call at a time. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* for a kind of lock that glibc adds to POSIX's */
#endif
#include "plugin/sdk/lock.h"

#include <stdatomic.h>

/* A thread's variable in the memory that every thread has from its beginning:
   glibc keeps some of that for libraries opened later, musl does not.  It needs
   no call to be found, and leak checkers know it. */
#if defined(__GLIBC__) && defined(__GNUC__)
#define AT_HAND __attribute__((tls_model("initial-exec")))
#else
#define AT_HAND
#endif

uint32_t hearth_thread_number(void) {
  static atomic_uint given;
  static _Thread_local uint32_t own AT_HAND; /* from 1; 0: none yet */
  if (own == 0) {
    own = atomic_fetch_add_explicit(&given, 1, memory_order_relaxed) + 1;
  }
  return own - 1;
}

#ifndef __wasm__
#include <pthread.h>

/* How often a lock is tried before the thread sleeps, and how long it rests in
   between: some 30 us in all, longer than locks are held here, and about what
   it takes to sleep and be woken. */
enum { TRIES = 200, RESTS = 10 };

static void rest(void) {
  for (int i = 0; i < RESTS; i++) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#else
    atomic_signal_fence(memory_order_seq_cst); /* the loop stays */
#endif
  }
}

struct hearth_mutex {
  pthread_mutex_t it;
  char apart[HEARTH_APART];
};

struct hearth_shared {
  pthread_rwlock_t it;
  char apart[HEARTH_APART];
};

enum { STRIPES = 8 };
struct hearth_striped {
  hearth_shared of[STRIPES];
};

hearth_mutex *hearth_mutex_new(const hearth_memory_user *memory) {
  hearth_mutex *mutex = hearth_zalloc(memory, 1, sizeof *mutex);
  if (mutex != NULL && pthread_mutex_init(&mutex->it, NULL) != 0) {
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

int hearth_mutex_try_lock(hearth_mutex *mutex) {
  return pthread_mutex_trylock(&mutex->it) == 0;
}

void hearth_mutex_lock(hearth_mutex *mutex) {
  for (int i = 0; i < TRIES; i++) {
    if (hearth_mutex_try_lock(mutex)) {
      return;
    }
    rest();
  }
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
  for (int i = 0; i < TRIES; i++) {
    if (pthread_rwlock_tryrdlock(&lock->it) == 0) {
      return;
    }
    rest();
  }
  (void)pthread_rwlock_rdlock(&lock->it);
}

void hearth_shared_read_end(hearth_shared *lock) {
  (void)pthread_rwlock_unlock(&lock->it);
}

void hearth_shared_write(hearth_shared *lock) {
  for (int i = 0; i < TRIES; i++) {
    if (hearth_shared_try_write(lock)) {
      return;
    }
    rest();
  }
  (void)pthread_rwlock_wrlock(&lock->it);
}

int hearth_shared_try_write(hearth_shared *lock) {
  return pthread_rwlock_trywrlock(&lock->it) == 0;
}

void hearth_shared_write_end(hearth_shared *lock) {
  (void)pthread_rwlock_unlock(&lock->it);
}

hearth_striped *hearth_striped_new(const hearth_memory_user *memory) {
  hearth_striped *lock = hearth_zalloc(memory, 1, sizeof *lock);
  int failed = 0;
  for (int i = 0; lock != NULL && i < STRIPES; i++) {
    failed |= init_shared(&lock->of[i].it);
  }
  if (failed) { /* it has none of the system's resources */
    hearth_release(memory, lock);
    return NULL;
  }
  return lock;
}

void hearth_striped_free(const hearth_memory_user *memory,
                         hearth_striped *lock) {
  for (int i = 0; lock != NULL && i < STRIPES; i++) {
    (void)pthread_rwlock_destroy(&lock->of[i].it);
  }
  hearth_release(memory, lock);
}

static hearth_shared *own_stripe(hearth_striped *lock) {
  return &lock->of[hearth_thread_number() % STRIPES];
}

void hearth_striped_read(hearth_striped *lock) {
  hearth_shared_read(own_stripe(lock));
}

void hearth_striped_read_end(hearth_striped *lock) {
  hearth_shared_read_end(own_stripe(lock));
}

void hearth_striped_write(hearth_striped *lock) {
  for (int i = 0; i < STRIPES; i++) {
    hearth_shared_write(&lock->of[i]);
  }
}

void hearth_striped_write_end(hearth_striped *lock) {
  for (int i = 0; i < STRIPES; i++) {
    hearth_shared_write_end(&lock->of[i]);
  }
}

#else /* one thread: any pointer will do */

hearth_mutex *hearth_mutex_new(const hearth_memory_user *memory) {
  return hearth_zalloc(memory, 1, 1);
}
void hearth_mutex_free(const hearth_memory_user *memory, hearth_mutex *mutex) {
  hearth_release(memory, mutex);
}
void hearth_mutex_lock(hearth_mutex *mutex) { (void)mutex; }
int hearth_mutex_try_lock(hearth_mutex *mutex) {
  (void)mutex;
  return 1;
}
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
int hearth_shared_try_write(hearth_shared *lock) {
  (void)lock;
  return 1;
}
void hearth_shared_read_end(hearth_shared *lock) { (void)lock; }
void hearth_shared_write_end(hearth_shared *lock) { (void)lock; }

hearth_striped *hearth_striped_new(const hearth_memory_user *memory) {
  return hearth_zalloc(memory, 1, 1);
}
void hearth_striped_free(const hearth_memory_user *memory,
                         hearth_striped *lock) {
  hearth_release(memory, lock);
}
void hearth_striped_read(hearth_striped *lock) { (void)lock; }
void hearth_striped_write(hearth_striped *lock) { (void)lock; }
void hearth_striped_read_end(hearth_striped *lock) { (void)lock; }
void hearth_striped_write_end(hearth_striped *lock) { (void)lock; }

#endif
