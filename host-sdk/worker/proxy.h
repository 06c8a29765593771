/* SPDX-License-Identifier: MIT
   The entry that stands for a plugin in a worker. */
#ifndef HEARTH_WORKER_PROXY_H
#define HEARTH_WORKER_PROXY_H

#include "host-sdk/worker/keeper.h"

enum { HEARTH__NAMES_MOST = 4096 };

/* What hearth_worker_open made; freed with the last user of its library. */
typedef struct hearth__worker_library {
  hearth_plugin_entry entry; /* first: what create gets as `self` */
  hearth__worker_settings settings;
  hearth__identity identity;
  char *program, *path;
  pthread_mutex_t lock;
  hearth__keeper *spare; /* waits for the first create */
  /* Names and sentences of metrics, which callers keep as if static. */
  char *names[HEARTH__NAMES_MOST];
  uint32_t name_count;
} hearth__worker_library;

/* An instance in a worker. */
struct hearth_plugin {
  hearth__worker_library *library;
  hearth__keeper *keeper;
  uint32_t has; /* HEARTH__HAS_* */
  hearth__functions functions;
  hearth_reflect reflect;
};

/* Fill in the entry from the identity. */
void hearth__proxy_entry(hearth__worker_library *library);
int hearth__is_proxy_entry(const hearth_plugin_entry *entry);

/* What the plugin has by that id, as a proxy, or NULL. */
const void *hearth__proxy_extension(hearth_plugin *plugin, const char *id);

/* Ask, and write the answer into `out`. */
hearth_status hearth__proxy_answer(hearth_plugin *plugin, uint16_t type,
                                   int control, const hearth_call *call,
                                   hearth_bytes in, hearth_sink *out);

/* What the plugin said, for the caller. */
void hearth__proxy_tell(const hearth_call *call, const hearth__reply *reply);

#endif
