/* SPDX-License-Identifier: MIT
   The host's end of the socket to a worker. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* ppoll */
#endif
#include "host-sdk/worker/link.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "hearth/host.h"

/* A short answer is there sooner than this thread would be woken for it; on one
   processor the worker needs it meanwhile. */
enum { SPIN_NS = 50000 };

void hearth__link_init(hearth__link *link, int fd, uint64_t limit) {
  memset(link, 0, sizeof(*link));
  link->fd = fd;
  link->inbox.side = HEARTH__FROM_WORKER;
  link->inbox.limit = limit;
  link->spin_ns = sysconf(_SC_NPROCESSORS_ONLN) > 1 ? SPIN_NS : 0;
}

void hearth__link_free(hearth__link *link) {
  hearth__intake_free(&link->inbox);
  link->fd = -1;
}

/* Until something can be done, or the deadline. */
static hearth_status await(const hearth__link *link, short events,
                           uint64_t deadline_ns) {
  struct pollfd one = {link->fd, events, 0};
  uint64_t now = hearth_monotonic_ns();
  struct timespec left;

  if (now >= deadline_ns) {
    return HEARTH_DEADLINE;
  }
  left.tv_sec = (time_t)((deadline_ns - now) / 1000000000u);
  left.tv_nsec = (long)((deadline_ns - now) % 1000000000u);
  if (ppoll(&one, 1, &left, NULL) < 0 && errno != EINTR) {
    return HEARTH_CRASHED;
  }
  return HEARTH_OK; /* what it came to, the next try will tell */
}

/* Leave out the first `done` bytes. */
static void advance(struct msghdr *message, size_t done) {
  while (message->msg_iovlen && done >= message->msg_iov->iov_len) {
    done -= message->msg_iov->iov_len;
    ++message->msg_iov;
    --message->msg_iovlen;
  }
  if (message->msg_iovlen) {
    message->msg_iov->iov_base = (char *)message->msg_iov->iov_base + done;
    message->msg_iov->iov_len -= done;
  }
}

hearth_status hearth__link_send(hearth__link *link, uint16_t type,
                                const hearth_bytes *parts, int count,
                                uint64_t deadline_ns) {
  hearth__frame_header header = {type, 0, ++link->id, 0};
  uint8_t bytes[HEARTH__FRAME_HEADER];
  struct iovec vector[1 + HEARTH__LINK_PARTS];
  struct msghdr message = {0};
  hearth_status status = HEARTH_OK;

  vector[0].iov_base = bytes;
  vector[0].iov_len = sizeof(bytes);
  for (int i = 0; i < count; ++i) {
    vector[1 + i].iov_base = (void *)(uintptr_t)parts[i].data;
    vector[1 + i].iov_len = (size_t)parts[i].len;
    header.len += parts[i].len;
  }
  hearth__frame_encode(&header, bytes);
  message.msg_iov = vector;
  message.msg_iovlen = 1 + (size_t)count;
  while (message.msg_iovlen && status == HEARTH_OK) {
    ssize_t put = sendmsg(link->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);

    if (put >= 0) {
      advance(&message, (size_t)put);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      status = await(link, POLLOUT, deadline_ns);
    } else if (errno != EINTR) {
      status = HEARTH_CRASHED;
    }
  }
  return status;
}

/* What is there now; HEARTH_BUSY: nothing. */
static hearth_status take(hearth__link *link) {
  uint8_t *room;
  size_t cap;
  hearth_status status = hearth__intake_room(&link->inbox, &room, &cap);
  ssize_t got;

  if (status != HEARTH_OK) {
    return status;
  }
  got = recv(link->fd, room, cap, MSG_DONTWAIT);
  if (got > 0) {
    hearth__intake_came(&link->inbox, (size_t)got);
    return HEARTH_OK;
  }
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
    return HEARTH_BUSY;
  }
  return HEARTH_CRASHED;
}

/* What comes within a moment; HEARTH_BUSY: nothing did. */
static hearth_status take_soon(hearth__link *link, uint64_t deadline_ns) {
  uint64_t end = hearth_monotonic_ns() + link->spin_ns;
  hearth_status status;

  while ((status = take(link)) == HEARTH_BUSY && end < deadline_ns &&
         hearth_monotonic_ns() < end) {
    (void)sched_yield(); /* to the worker, if it waits for this processor */
  }
  return status;
}

hearth_status hearth__link_receive(hearth__link *link,
                                   hearth__frame_header *header,
                                   hearth_bytes *body, uint64_t deadline_ns) {
  for (;;) {
    int found = hearth__intake_next(&link->inbox, header, body);
    hearth_status status;

    if (found) {
      return found > 0 ? HEARTH_OK : HEARTH_CRASHED;
    }
    status = take_soon(link, deadline_ns);
    if (status == HEARTH_BUSY) {
      status = await(link, POLLIN, deadline_ns);
    }
    if (status != HEARTH_OK && status != HEARTH_BUSY) {
      return status;
    }
  }
}
