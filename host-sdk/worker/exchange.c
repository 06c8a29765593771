/* SPDX-License-Identifier: MIT
   A request to a worker, and the frames that come for it. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "host-sdk/worker/keeper.h"

enum { LINE_MOST = 1024, PREFIX = 24 };

void hearth__keeper_log(hearth__keeper *keeper, int32_t level,
                        const char *format, ...) {
  char line[LINE_MOST];
  va_list arguments;

  if (!keeper->set->log) {
    return;
  }
  va_start(arguments, format);
  (void)vsnprintf(line, sizeof(line), format, arguments);
  va_end(arguments);
  keeper->set->log(keeper->set->user, level, 0, line);
}

/* A line of the plugin's: 0 if it is none. */
static int log_line(hearth__keeper *keeper, hearth_bytes body) {
  hearth__raw_reader in = {body, 0, 0};
  int32_t level = (int32_t)hearth__raw_read_u32(&in);
  uint64_t call_id = hearth__raw_read_u64(&in);
  hearth_bytes text = hearth__raw_read_bytes(&in);
  char line[LINE_MOST];

  if (in.bad || in.rest.len || text.len >= sizeof(line)) {
    return 0;
  }
  for (uint64_t i = 0; i < text.len; ++i) {
    line[i] =
        text.data[i] < ' ' || text.data[i] == 0x7f ? ' ' : (char)text.data[i];
  }
  line[text.len] = 0;
  if (level < HEARTH_LOG_ERROR || level > HEARTH_LOG_DEBUG) {
    level = HEARTH_LOG_DEBUG;
  }
  if (keeper->host && keeper->host->log) {
    keeper->host->log(keeper->host, level, call_id, line);
  }
  return 1;
}

int hearth__keeper_take(hearth__keeper *keeper, uint64_t id,
                        const hearth__frame_header *header, hearth_bytes body,
                        hearth__reply *reply) {
  hearth__raw_reader in = {body, 0, 0};

  if (header->type == HEARTH__FRAME_LOG) {
    return log_line(keeper, body) ? 0 : -1;
  }
  if (header->type != HEARTH__FRAME_ANSWER || header->id != id) {
    return -1;
  }
  reply->status = header->status;
  reply->err = hearth__raw_read_bytes(&in);
  reply->body = in.rest;
  /* These two are the host's to say. */
  if (header->status == HEARTH_CRASHED ||
      header->status == HEARTH_UNAVAILABLE) {
    reply->status = HEARTH_INTERNAL;
  }
  return in.bad ? -1 : 1;
}

hearth_status hearth__keeper_exchange(hearth__keeper *keeper,
                                      const hearth__question *question,
                                      uint64_t deadline_ns,
                                      hearth__reply *reply, int *sent) {
  const hearth_call *call = question->call;
  uint8_t prefix[PREFIX];
  hearth_bytes parts[3] = {
      {prefix, sizeof(prefix)}, question->head, question->body};
  hearth_status status;

  hearth__raw_put_u32(prefix, call ? call->flags : 0);
  hearth__raw_put_u32(prefix + 4, question->index);
  hearth__raw_put_u64(prefix + 8, call ? call->call_id : 0);
  hearth__raw_put_u64(prefix + 16, call ? call->deadline_ns : 0);
  status =
      hearth__link_send(&keeper->link, question->type, parts, 3, deadline_ns);
  *sent = status == HEARTH_OK;
  while (status == HEARTH_OK) {
    hearth__frame_header header;
    hearth_bytes body;
    int took;

    status = hearth__link_receive(&keeper->link, &header, &body, deadline_ns);
    if (status != HEARTH_OK) {
      break;
    }
    took = hearth__keeper_take(keeper, keeper->link.id, &header, body, reply);
    if (took > 0) {
      break;
    }
    status = took < 0 ? HEARTH_CRASHED : HEARTH_OK;
    if (status == HEARTH_OK && hearth_monotonic_ns() >= deadline_ns) {
      status = HEARTH_DEADLINE; /* it may log for ever */
    }
  }
  return status;
}
