/* SPDX-License-Identifier: MIT
   The lock that every call of an instance takes, and what it counts. */
#ifndef HEARTH_INSTANCE_STRIPES_H
#define HEARTH_INSTANCE_STRIPES_H

#include <pthread.h>
#include <stdatomic.h>

#include "hearth/host.h"
#include "plugin/sdk/lock.h"

/* What hearth_call_stats is counted in. */
typedef struct hearth__counter {
  atomic_uint_fast64_t calls, failures, total_ns, max_ns;
  atomic_uint_fast64_t last_ns, ended_ns; /* of the latest call, and when */
} hearth__counter;

typedef enum hearth__kind {
  HEARTH__PREPARE,
  HEARTH__METADATA,
  HEARTH__OUTCOME,
  HEARTH__OTHER,
  HEARTH__KINDS
} hearth__kind;

/* One lock and one set of counters for a thread or a few, so that calls beside
   each other write no memory that both want: one shared lock would go from
   processor to processor with every call.  Who must be alone takes them all,
   in order. */
typedef struct hearth__stripe {
  pthread_rwlock_t work;
  hearth__counter counters[HEARTH__KINDS];
  atomic_uint_fast64_t no_opinions, deadline_misses;
  char apart[HEARTH_APART];
} hearth__stripe;

enum { HEARTH__STRIPES = 16 };

typedef struct hearth__stripes {
  char apart[HEARTH_APART];
  hearth__stripe of[HEARTH__STRIPES];
} hearth__stripes;

/* In zeroed memory.  0, or an errno, and then there is nothing to destroy. */
int hearth__stripes_init(hearth__stripes *stripes);
void hearth__stripes_destroy(hearth__stripes *stripes);

/* With others, in the calling thread's stripe; or for a plugin that is not
   reentrant, without, in the first.  The stripe is what to leave. */
hearth__stripe *hearth__stripes_enter(hearth__stripes *stripes, int shared);
void hearth__stripes_leave(hearth__stripe *stripe);

/* Alone; never two threads at a time. */
void hearth__stripes_lock(hearth__stripes *stripes);
void hearth__stripes_unlock(hearth__stripes *stripes);

/* The sum over all stripes; of the latest call, that which ended last. */
hearth_call_stats hearth__stripes_stats(const hearth__stripes *stripes,
                                        hearth__kind kind);

#endif
