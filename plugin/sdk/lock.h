/* SPDX-License-Identifier: MIT
   Locks for plugins that many threads may call at a time. */
#ifndef HEARTH_SDK_LOCK_H
#define HEARTH_SDK_LOCK_H

#include "plugin/sdk/memory.h"

/* A mutex that spins a little before it sleeps, since what it guards takes
   microseconds; and a lock that many may share or one have alone, where one who
   wants it alone does not wait for those who came later.  Neither is recursive.
   In WebAssembly, which has one thread, they do nothing. */
typedef struct hearth_mutex hearth_mutex;
typedef struct hearth_shared hearth_shared;

/* Owned by caller; NULL: out of memory. */
hearth_mutex *hearth_mutex_new(const hearth_memory_user *memory);
void hearth_mutex_free(const hearth_memory_user *memory, hearth_mutex *mutex);
void hearth_mutex_lock(hearth_mutex *mutex);
void hearth_mutex_unlock(hearth_mutex *mutex);

hearth_shared *hearth_shared_new(const hearth_memory_user *memory);
void hearth_shared_free(const hearth_memory_user *memory, hearth_shared *lock);
void hearth_shared_read(hearth_shared *lock);  /* with others */
void hearth_shared_write(hearth_shared *lock); /* alone */
void hearth_shared_unlock(hearth_shared *lock);

#endif
