/* SPDX-License-Identifier: MIT
   The instance in a worker. */
#ifndef HEARTH_WORKER_SERVE_CREATE_H
#define HEARTH_WORKER_SERVE_CREATE_H

#include "host-sdk/worker/serve.h"

/* The host's name and version, and a configuration: make the instance, and
   answer with what it has. */
hearth_status hearth__serve_create(hearth__request *request);

/* An extension of the instance whose size is at least `least`, or NULL. */
const void *hearth__server_extension(const hearth__server *server,
                                     const char *id, uint32_t least);

#endif
