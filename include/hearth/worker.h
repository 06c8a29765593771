/* SPDX-License-Identifier: MIT
   A plugin in a process of its own. */
#ifndef HEARTH_WORKER_H
#define HEARTH_WORKER_H

#include "hearth/host.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A worker is a library: what hearth_worker_open gives stands wherever one of
   hearth_library_open would, and the plugin runs in the program hearth-worker,
   in a sandbox that is set up before its code is loaded.  Whatever the plugin
   does there (crash, hang, eat memory), a call costs the host at most its
   deadline, and returns

     HEARTH_DEADLINE     the plugin did not answer in time
     HEARTH_CRASHED      its process ended, or broke the protocol, in the call
     HEARTH_UNAVAILABLE  its process is down, and not to be started yet

   Each instance has a process, and a thread in this program that starts it,
   kills it once it is overdue, and starts it again: a caller never waits for
   that.  A new process gets the configuration, the catalog, the last snapshot
   of what was learned, and the outcomes since.  Outcomes that come while it is
   down are kept for it, and record_outcome returns HEARTH_OK for them.  An
   outcome in whose call the process died is not told to the next one.

   The capabilities are the plugin's, less HEARTH_CAP_REENTRANT and
   HEARTH_CAP_CONCURRENT_SAVE (calls go one after the other) and
   HEARTH_CAP_UNLOADABLE.  Host extensions do not reach the plugin, but for
   hearth.memory/1, which the worker provides and caps itself: a plugin that
   requires another is refused at create with HEARTH_UNSUPPORTED. */

#define HEARTH_WORKER_NONE UINT32_MAX

/* 0 means the default that stands behind each. */
typedef struct hearth_worker_options {
  /* The program; NULL: $HEARTH_WORKER, else hearth-worker in the build tree
     that this program runs from, else the installed one. */
  const char *program;
  /* How long a call may take whose hearth_call has no deadline. */
  uint32_t deadline_ms; /* 100: the [worker] calls */
  uint32_t control_ms;  /* 10000: [control] calls, and a start altogether */
  /* After its deadline a call may take this much more, its answer discarded,
     before the process is killed. */
  uint32_t grace_ms;        /* 50 */
  uint32_t memory_limit_mb; /* 1024, of address space; HEARTH_WORKER_NONE */
  uint32_t cpu_limit_s;     /* none; seconds in a process's whole life */
  int32_t allow_threads;    /* 1: the plugin may start threads */
  /* A process that failed is started again after first * 2^n ms, n the failures
     before it within the window, at most max, times 0.5 to 1 by chance. */
  uint32_t backoff_first_ms; /* 100 */
  uint32_t backoff_max_ms;   /* 10000 */
  /* After so many failures in the window: nothing is started for the open time,
     then one try, whose first call decides. */
  uint32_t breaker_failures;  /* 5 */
  uint32_t breaker_window_ms; /* 60000 */
  uint32_t breaker_open_ms;   /* 30000 */
  /* A snapshot for the next process after so many outcomes, and how many are
     kept since; the oldest go first. */
  uint32_t snapshot_every_outcomes; /* 1000; HEARTH_WORKER_NONE: never */
  uint32_t outcomes_kept;           /* 4096 */
  uint32_t answer_limit_mb;         /* 64: a longer one is HEARTH_LIMIT */
  uint64_t seed;                    /* of the jitter; 0: the clock's */
  /* What happens to the processes, one line each; NULL: nowhere.  [any] */
  void (*log)(void *user, int32_t level, uint64_t call_id, const char *message);
  void *user;
} hearth_worker_options;

/* Load the plugin at `path` in a worker.  The file is copied first, so that it
   may be replaced: a restarted worker has the same code.  HEARTH_BAD_ARG as by
   hearth_library_open; HEARTH_UNAVAILABLE: the program could not be started;
   HEARTH_CRASHED, HEARTH_DEADLINE: the plugin's constructors crashed or hung.
   Closed by hearth_library_close.  `options` may be NULL. */
HEARTH_EXPORT hearth_status
hearth_worker_open(const char *path, const hearth_worker_options *options,
                   hearth_library **out, char *err, uint64_t err_cap);

enum { /* hearth_worker_info.state */
       HEARTH_WORKER_STARTING = 1,
       HEARTH_WORKER_READY,
       HEARTH_WORKER_OVERDUE, /* a call is past its deadline, in its grace */
       HEARTH_WORKER_DOWN,    /* to be started after the backoff */
       HEARTH_WORKER_OPEN     /* the circuit breaker is open */
};

/* The sandbox is told as it is in force, not as it was wanted: what the kernel
   lacks, or a sanitizer can't work under, is 0, and `notes` says why. */
typedef struct hearth_worker_info {
  int32_t state;
  int32_t pid; /* 0: none */
  int32_t no_new_privileges, no_capabilities, own_session, dies_with_parent;
  int32_t seccomp;             /* 1: system calls are filtered */
  int32_t landlock;            /* the kernel's version; 0: not there */
  int32_t sanitized;           /* the program is built with a sanitizer */
  uint64_t memory_limit_bytes; /* of address space; 0: none, likewise below */
  uint64_t cpu_limit_s;
  uint64_t open_files_limit;
  int32_t no_core, no_file_growth, no_processes; /* their limits are 0 */
  char notes[512]; /* sentences; "" if all holds */
  /* Since it was opened. */
  uint64_t starts, crashes, overdue_kills, late_answers, unavailable;
  uint64_t snapshots, outcomes_kept, outcomes_lost;
  int32_t last_signal, last_exit; /* of the process that ended last; or -1 */
} hearth_worker_info;

/* HEARTH_UNSUPPORTED: the plugin is not in a worker.  A library's is the worker
   that waits for its first instance; HEARTH_UNAVAILABLE once that is taken. */
HEARTH_EXPORT hearth_status hearth_worker_get_info(hearth_instance *instance,
                                                   hearth_worker_info *out);
HEARTH_EXPORT hearth_status hearth_worker_library_info(hearth_library *library,
                                                       hearth_worker_info *out);

/* Call one of the functions that the plugin lists by hearth.reflect/1, in the
   worker.  `request` and the answer are the msgpack maps {function, signature,
   args} and {status, result, out}.  `call` may be NULL. */
HEARTH_EXPORT hearth_status hearth_worker_reflect(hearth_instance *instance,
                                                  const hearth_call *call,
                                                  hearth_bytes request,
                                                  hearth_output *answer);

#ifdef __cplusplus
}
#endif

#endif
