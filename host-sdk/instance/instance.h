/* SPDX-License-Identifier: MIT
   What is in an instance, and how each of its calls begins and ends. */
#ifndef HEARTH_INSTANCE_INSTANCE_H
#define HEARTH_INSTANCE_INSTANCE_H

#include <pthread.h>
#include <stdatomic.h>

#include "hearth/host.h"

/* What hearth_call_stats is counted in. */
typedef struct hearth__counter {
  atomic_uint_fast64_t calls, failures, total_ns, max_ns, last_ns;
} hearth__counter;

typedef enum hearth__kind {
  HEARTH__PREPARE,
  HEARTH__METADATA,
  HEARTH__OUTCOME,
  HEARTH__OTHER,
  HEARTH__KINDS
} hearth__kind;

struct hearth_instance {
  hearth_library *library; /* shared */
  const hearth_plugin_entry *entry;
  const hearth_host *host;
  hearth_host *own_host; /* NULL where the caller gave one */
  hearth_plugin *plugin;
  /* [control] calls hold `control`; all but a concurrent save_state hold `work`
     for writing beside it.  [worker] calls hold `work`, for reading where the
     plugin is reentrant. */
  pthread_mutex_t control;
  pthread_rwlock_t work;
  hearth__counter counters[HEARTH__KINDS];
  atomic_uint_fast64_t no_opinions, deadline_misses;
};

/* One call under way.  The plugin gets `call`, whose `err` is `message`. */
typedef struct hearth__frame {
  hearth_call call;
  char message[256];
  hearth_instance *instance;
  const hearth_call *given; /* the caller's; may be NULL */
  const char *function;
  hearth__kind kind;
  uint64_t began_ns;
} hearth__frame;

void hearth__frame_begin(hearth__frame *frame, hearth_instance *instance,
                         hearth__kind kind, const char *function,
                         const hearth_call *given);

/* Count the call and make its status one of the ABI's; `allow` is the greatest
   status that this function may return.  The caller's err gets the message. */
hearth_status hearth__frame_end(hearth__frame *frame, hearth_status status,
                                hearth_status allow);

#endif
