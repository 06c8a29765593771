/* SPDX-License-Identifier: MIT
   What is in an instance, and how each of its calls begins and ends. */
#ifndef HEARTH_INSTANCE_INSTANCE_H
#define HEARTH_INSTANCE_INSTANCE_H

#include <pthread.h>

#include "hearth/host.h"
#include "host-sdk/instance/stripes.h"

struct hearth_instance {
  hearth_library *library; /* shared */
  const hearth_plugin_entry *entry;
  const hearth_host *host;
  hearth_host *own_host; /* NULL where the caller gave one */
  hearth_plugin *plugin;
  /* [control] calls hold `control`; all but a concurrent save_state have
     `stripes` alone beside it.  [worker] calls are within one stripe, with
     others where the plugin is reentrant. */
  pthread_mutex_t control;
  hearth__stripes stripes;
};

/* One call under way.  The plugin gets `call`, whose `err` is `message`. */
typedef struct hearth__frame {
  hearth_call call;
  char message[256];
  hearth_instance *instance;
  hearth__stripe *stripe; /* where it is counted */
  const hearth_call *given; /* the caller's; may be NULL */
  const char *function;
  hearth__kind kind;
  uint64_t began_ns;
} hearth__frame;

/* A [worker] call then sets the stripe that it is in; others are few, and are
   counted in the first. */
void hearth__frame_begin(hearth__frame *frame, hearth_instance *instance,
                         hearth__kind kind, const char *function,
                         const hearth_call *given);

/* Count the call and make its status one of the ABI's; `allow` is the greatest
   status that this function may return.  The caller's err gets the message. */
hearth_status hearth__frame_end(hearth__frame *frame, hearth_status status,
                                hearth_status allow);

#endif
