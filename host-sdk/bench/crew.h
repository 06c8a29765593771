/* SPDX-License-Identifier: MIT
   Threads that work on a stage, each on its lane: some of them at a time. */
#ifndef HEARTH_BENCH_CREW_H
#define HEARTH_BENCH_CREW_H

#include <pthread.h>
#include <stdatomic.h>

#include "host-sdk/bench/stage.h"

typedef struct hearth__runner {
  struct hearth__crew *crew;
  hearth__bench_lane *lane;
  hearth_bench_request *ahead; /* owned: crew->requests, what it asks next */
  double rate;                 /* requests a second, when it last worked */
  pthread_t thread;
  int called; /* the crew's lock guards it */
} hearth__runner;

typedef struct hearth__crew {
  hearth__runner *runners; /* owned */
  uint32_t count, started; /* of them; started: with a thread */
  uint32_t requests;       /* of each, whenever it works */

  pthread_mutex_t lock; /* for `called` of the runners, and */
  pthread_cond_t changed;
  uint32_t working;
  int ended, has_lock, has_changed;

  /* Of those that work now.  They meet before they begin, from when on all
     their time counts, also that in which others have their processor; and they
     stop when the first has done its requests. */
  int side;
  uint32_t expected;
  atomic_uint present;
  atomic_uint_fast64_t met_ns; /* 0: not yet */
  atomic_int stop;
} hearth__crew;

/* A runner for each lane of the stage, which is borrowed.  Its thread lives as
   long as the crew, and is bound to a processor of its own among those that
   this process may use; they go round where they are fewer, and where none can
   be had threads are not bound.  Free it also after HEARTH_NO_MEMORY. */
hearth_status hearth__crew_init(hearth__crew *crew, hearth__bench_stage *stage,
                                uint32_t requests);
void hearth__crew_free(hearth__crew *crew);

/* `count` runners from `first` work at a time on one side, and this returns
   when all have stopped.  Laps are kept only of several.  A failure is that of
   the first lane that has one. */
hearth_status hearth__crew_work(hearth__crew *crew, uint32_t first,
                                uint32_t count, int side);

#endif
