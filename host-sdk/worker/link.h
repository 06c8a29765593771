/* SPDX-License-Identifier: MIT
   The host's end of the socket to a worker. */
#ifndef HEARTH_WORKER_LINK_H
#define HEARTH_WORKER_LINK_H

#include "host-sdk/worker/frame.h"

typedef struct hearth__link {
  int fd;
  hearth__intake inbox;
  uint64_t id;      /* of the last request */
  uint64_t spin_ns; /* how long a receive looks before it sleeps */
} hearth__link;

void hearth__link_init(hearth__link *link, int fd, uint64_t limit);
void hearth__link_free(hearth__link *link);

enum { HEARTH__LINK_PARTS = 4 };

/* Send a request of these parts under the next id.  HEARTH_DEADLINE: it is cut
   off, and the link is of no more use; HEARTH_CRASHED: nobody is there.  Raises
   no signal. */
hearth_status hearth__link_send(hearth__link *link, uint16_t type,
                                const hearth_bytes *parts, int count,
                                uint64_t deadline_ns);

/* The next frame, by the deadline: HEARTH_OK, HEARTH_DEADLINE (more may come),
   HEARTH_CRASHED (the end, or no frame), HEARTH_NO_MEMORY.  *body is valid
   until the next call. */
hearth_status hearth__link_receive(hearth__link *link,
                                   hearth__frame_header *header,
                                   hearth_bytes *body, uint64_t deadline_ns);

#endif
