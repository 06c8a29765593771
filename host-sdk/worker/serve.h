/* SPDX-License-Identifier: MIT
   The worker's side: requests in, the plugin's answers out. */
#ifndef HEARTH_WORKER_SERVE_H
#define HEARTH_WORKER_SERVE_H

#include "hearth/host.h"
#include "host-sdk/worker/frame.h"
#include "host-sdk/worker/hello.h"

typedef struct hearth__server {
  int socket;
  const char *path; /* of the plugin, for messages */
  uint64_t answer_limit, memory_cap;
  const hearth_plugin_entry *theirs;
  hearth_plugin_entry entry;
  hearth_plugin *plugin; /* NULL: not created yet */
  hearth_host *host;     /* the plugin's; it logs through the socket */
  char *host_name, *host_version;
  hearth__intake inbox;
} hearth__server;

/* Answer requests until the host is gone or says quit.  Never returns. */
void hearth__serve(hearth__server *server);

/* Send a frame; ends the process if that fails. */
void hearth__serve_send(const hearth__server *server,
                        const hearth__frame_header *header, hearth_bytes first,
                        hearth_bytes second);

/* One request, under way. */
typedef struct hearth__request {
  hearth__server *server;
  uint16_t type;
  uint32_t index;
  hearth_bytes body;
  hearth_call call;
  char err[256]; /* where call.err points */
  hearth__raw_writer answer;
} hearth__request;

hearth_status hearth__serve_request(hearth__request *request);

#endif
