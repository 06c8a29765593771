/* SPDX-License-Identifier: MIT
   Locks for plugins that many threads may call at a time. */
#ifndef HEARTH_SDK_LOCK_H
#define HEARTH_SDK_LOCK_H

#include "plugin/sdk/memory.h"

/* Bytes between what one thread writes and what others look at meanwhile, so
   that their processors need not hand one line of memory to and fro. */
#define HEARTH_APART 64

/* A mutex; and a lock that many may share or one have alone, where one who
   sleeps until it has it alone does not wait for those who came later.  Both
   are tried for some 30 us before a thread sleeps, since what they guard takes
   microseconds and to sleep and be woken takes tens.  Neither is recursive.
   In WebAssembly, which has one thread, they do nothing. */
typedef struct hearth_mutex hearth_mutex;
typedef struct hearth_shared hearth_shared;

/* Owned by caller; NULL: out of memory. */
hearth_mutex *hearth_mutex_new(const hearth_memory_user *memory);
void hearth_mutex_free(const hearth_memory_user *memory, hearth_mutex *mutex);
void hearth_mutex_lock(hearth_mutex *mutex);
int hearth_mutex_try_lock(hearth_mutex *mutex); /* 1: has it; 0: busy */
void hearth_mutex_unlock(hearth_mutex *mutex);

hearth_shared *hearth_shared_new(const hearth_memory_user *memory);
void hearth_shared_free(const hearth_memory_user *memory, hearth_shared *lock);
void hearth_shared_read(hearth_shared *lock);  /* with others */
void hearth_shared_write(hearth_shared *lock); /* alone */
int hearth_shared_try_write(hearth_shared *lock); /* 1: has it alone; 0: busy */
void hearth_shared_read_end(hearth_shared *lock);
void hearth_shared_write_end(hearth_shared *lock);

/* One for what is shared by every call and seldom had alone: it is in stripes,
   of which a thread shares its own, so that those who share write nothing that
   another looks at.  Who has it alone takes them all, in order. */
typedef struct hearth_striped hearth_striped;
hearth_striped *hearth_striped_new(const hearth_memory_user *memory);
void hearth_striped_free(const hearth_memory_user *memory,
                         hearth_striped *lock);
void hearth_striped_read(hearth_striped *lock);
void hearth_striped_write(hearth_striped *lock);
void hearth_striped_read_end(hearth_striped *lock); /* by the same thread */
void hearth_striped_write_end(hearth_striped *lock);

/* A number for the calling thread, given in turn from 0: for each to have its
   own among so many places, and with it what its processor has at hand. */
uint32_t hearth_thread_number(void);

#endif
