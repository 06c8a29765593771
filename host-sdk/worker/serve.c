/* SPDX-License-Identifier: MIT
   The worker's loop: frames in and out. */
#include "host-sdk/worker/serve.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

void hearth__serve_send(const hearth__server *server,
                        const hearth__frame_header *header, hearth_bytes first,
                        hearth_bytes second) {
  uint8_t bytes[HEARTH__FRAME_HEADER];
  struct iovec parts[3] = {
      {bytes, sizeof(bytes)},
      {(void *)(uintptr_t)first.data, (size_t)first.len},
      {(void *)(uintptr_t)second.data, (size_t)second.len}};
  struct msghdr message = {0};

  hearth__frame_encode(header, bytes);
  message.msg_iov = parts;
  message.msg_iovlen = 3;
  while (message.msg_iovlen) {
    ssize_t put = sendmsg(server->socket, &message, MSG_NOSIGNAL);
    size_t done = put > 0 ? (size_t)put : 0;

    if (put < 0 && errno != EINTR) {
      _exit(1);
    }
    while (message.msg_iovlen && done >= message.msg_iov->iov_len) {
      done -= message.msg_iov->iov_len;
      ++message.msg_iov;
      --message.msg_iovlen;
    }
    if (message.msg_iovlen) {
      message.msg_iov->iov_base = (char *)message.msg_iov->iov_base + done;
      message.msg_iov->iov_len -= done;
    }
  }
}

/* The next request; ends the process when the host is gone. */
static void next(hearth__server *server, hearth__frame_header *header,
                 hearth_bytes *body) {
  int found;

  while (!(found = hearth__intake_next(&server->inbox, header, body))) {
    uint8_t *room;
    size_t cap;
    ssize_t got;

    if (hearth__intake_room(&server->inbox, &room, &cap) != HEARTH_OK) {
      _exit(1);
    }
    got = recv(server->socket, room, cap, 0);
    if (got > 0) {
      hearth__intake_came(&server->inbox, (size_t)got);
    } else if (got == 0 || errno != EINTR) {
      _exit(got == 0 ? 0 : 1);
    }
  }
  if (found < 0) {
    _exit(1);
  }
}

/* What stands before every request's bytes. */
static int read_prefix(hearth__request *request, hearth_bytes body) {
  hearth__raw_reader in = {body, 0, 0};

  request->call.size = (uint32_t)sizeof(request->call);
  request->call.flags = hearth__raw_read_u32(&in);
  request->index = hearth__raw_read_u32(&in);
  request->call.call_id = hearth__raw_read_u64(&in);
  request->call.deadline_ns = hearth__raw_read_u64(&in);
  request->call.err = request->err;
  request->call.err_cap = sizeof(request->err);
  request->err[0] = 0;
  request->body = in.rest;
  return !in.bad;
}

static void answer(hearth__server *server, uint64_t id, hearth_status status,
                   hearth__request *request) {
  uint8_t said[4 + sizeof(request->err)];
  hearth__frame_header header = {HEARTH__FRAME_ANSWER, status, id, 0};
  hearth_bytes first = {said, 0};
  hearth_bytes second = {NULL, 0};
  size_t len;

  request->err[sizeof(request->err) - 1] = 0;
  len = strlen(request->err);
  hearth__raw_put_u32(said, (uint32_t)len);
  memcpy(said + 4, request->err, len);
  first.len = 4 + len;
  if (status == HEARTH_OK) {
    second = hearth__raw_written(&request->answer);
  }
  header.len = first.len + second.len;
  hearth__serve_send(server, &header, first, second);
}

void hearth__serve(hearth__server *server) {
  enum { KEEP_ROOM = 1 << 20 };
  hearth__request request;

  memset(&request, 0, sizeof(request));
  request.server = server;
  for (;;) {
    hearth__frame_header header;
    hearth_bytes body;

    next(server, &header, &body);
    if (header.type == HEARTH__FRAME_QUIT) {
      if (server->plugin) {
        server->entry.destroy(server->plugin);
      }
      _exit(0);
    }
    if (!read_prefix(&request, body)) {
      _exit(1);
    }
    request.type = header.type;
    request.answer.len = 0;
    request.answer.failed = request.answer.over = 0;
    request.answer.limit = (size_t)server->answer_limit;
    answer(server, header.id, hearth__serve_request(&request), &request);
    if (request.answer.cap > KEEP_ROOM) {
      hearth__raw_writer_free(&request.answer);
    }
  }
}
