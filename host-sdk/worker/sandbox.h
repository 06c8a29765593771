/* SPDX-License-Identifier: MIT
   What a worker gives up before it loads a plugin. */
#ifndef HEARTH_WORKER_SANDBOX_H
#define HEARTH_WORKER_SANDBOX_H

#include "host-sdk/worker/hello.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HEARTH__SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HEARTH__SANITIZED 1
#endif
#endif
#ifndef HEARTH__SANITIZED
#define HEARTH__SANITIZED 0
#endif

typedef struct hearth__sandbox {
  uint32_t parent; /* the host's pid */
  uint32_t memory_mb, cpu_s, threads;
  int keep_to; /* descriptors above it are closed */
} hearth__sandbox;

/* Set it all up.  What could not be done is not in facts->is, and a sentence in
   facts->notes says why.  0: the parent is gone. */
int hearth__sandbox_enter(const hearth__sandbox *sandbox, hearth__facts *facts);

/* One sentence more. */
void hearth__sandbox_note(hearth__facts *facts, const char *what, int error);

/* Its parts.  The kernel's version of Landlock that is in force, or 0; 1 if
   system calls are filtered from now on. */
uint32_t hearth__landlock_enter(hearth__facts *facts);
int hearth__seccomp_enter(int threads, int socket, hearth__facts *facts);

#endif
