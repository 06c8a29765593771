/* SPDX-License-Identifier: MIT
   Where a plugin under test writes to and reads from. */
#include "host-sdk/validate/sink.h"

#include <stdlib.h>
#include <string.h>

/* No honest write is longer, and no honest answer. */
static const uint64_t absurd = (uint64_t)1 << 31;
static const uint64_t longest = (uint64_t)1 << 24;

static hearth_status append(validate__sink *sink, const void *data,
                            uint64_t len) {
  if (sink->cap - sink->len < len) {
    const uint64_t cap = 2 * (sink->len + len) + 256;
    uint8_t *grown = realloc(sink->data, (size_t)cap);
    if (grown == NULL) {
      return HEARTH_NO_MEMORY;
    }
    sink->data = grown;
    sink->cap = cap;
  }
  if (len > 0) {
    memcpy(sink->data + sink->len, data, (size_t)len);
    sink->len += len;
  }
  return HEARTH_OK;
}

static hearth_status take(hearth_sink *base, const void *data, uint64_t len) {
  validate__sink *sink = (validate__sink *)base;
  sink->writes++;
  if (sink->refused > 0) {
    sink->after++;
    return sink->refusal;
  }
  if (data == NULL && len > 0) {
    sink->offence = "a write of bytes at NULL";
    sink->refusal = HEARTH_BAD_ARG;
  } else if (len > absurd) {
    sink->offence = "a write of more than 2^31 bytes";
    sink->refusal = HEARTH_LIMIT;
  } else if (len <= (sink->room < longest ? sink->room : longest) - sink->len) {
    return append(sink, data, len);
  }
  sink->refused++;
  return sink->refusal;
}

void validate__sink_init(validate__sink *sink) {
  memset(sink, 0, sizeof *sink);
  sink->base.size = (uint32_t)sizeof sink->base;
  sink->base.write = take;
  validate__sink_reset(sink, UINT64_MAX, HEARTH_LIMIT);
}

void validate__sink_reset(validate__sink *sink, uint64_t room,
                          hearth_status refusal) {
  sink->len = 0;
  sink->room = room;
  sink->refusal = refusal;
  sink->writes = sink->refused = sink->after = 0;
  sink->offence = NULL;
}

void validate__sink_free(validate__sink *sink) {
  free(sink->data);
  sink->data = NULL;
  sink->len = sink->cap = 0;
}

hearth_bytes validate__sink_bytes(const validate__sink *sink) {
  return (hearth_bytes){sink->data, sink->len};
}

static hearth_status give(hearth_source *base, void *data, uint64_t cap,
                          uint64_t *got) {
  validate__source *source = (validate__source *)base;
  uint64_t len = source->bytes.len - source->at;
  len = len < source->piece ? len : source->piece;
  len = len < cap ? len : cap;
  if (source->fail_at != UINT64_MAX) {
    if (source->at >= source->fail_at) {
      return source->failure;
    }
    const uint64_t left = source->fail_at - source->at;
    len = len < left ? len : left;
  }
  if (len > 0) {
    memcpy(data, source->bytes.data + source->at, (size_t)len);
  }
  source->at += len;
  *got = len;
  return HEARTH_OK;
}

void validate__source_init(validate__source *source, hearth_bytes bytes) {
  *source = (validate__source){
      .base = {(uint32_t)sizeof source->base, 0, give},
      .bytes = bytes,
      .piece = UINT64_MAX,
      .fail_at = UINT64_MAX,
      .failure = HEARTH_NO_MEMORY};
}
