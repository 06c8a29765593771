/* SPDX-License-Identifier: MIT
   The process of hearth-worker: started, ended and reaped. */
#ifndef HEARTH_WORKER_SPAWN_H
#define HEARTH_WORKER_SPAWN_H

#include "hearth/plugin.h"

/* Its descriptors, and its arguments after the program's name:
   the host's pid, then memory_mb, cpu_s, threads, answer_mb, the plugin's path.
   0 means no limit. */
enum { HEARTH__WORKER_SOCKET = 3, HEARTH__WORKER_PLUGIN = 4 };

typedef struct hearth__spawn {
  const char *program, *path; /* borrowed */
  int plugin_fd;              /* the plugin's bytes */
  uint32_t memory_mb, cpu_s, threads, answer_mb;
} hearth__spawn;

typedef struct hearth__process {
  int32_t pid; /* 0: none */
  int pidfd;   /* -1: the kernel has none */
  int socket;  /* -1: none; does not block, and is closed on exec */
} hearth__process;

/* Where hearth-worker is, when the options do not say; owned by the caller
   (free).  NULL: no memory. */
char *hearth__worker_program(void);

/* The bytes in a file of memory that can't be changed any more, or -1. */
int hearth__seal(hearth_bytes bytes);

/* Start one.  The process dies with the thread that calls this. */
hearth_status hearth__process_start(const hearth__spawn *spawn,
                                    hearth__process *out, char *err,
                                    uint64_t err_cap);

/* Kill it and all of its group, wait for its end, and close what belongs to
   it.  *signal and *code get how it ended, -1 what does not apply. */
void hearth__process_end(hearth__process *process, int32_t *signal,
                         int32_t *code);

#endif
