/* SPDX-License-Identifier: MIT
   Where a plugin under test writes to and reads from. */
#ifndef HEARTH_VALIDATE_SINK_H
#define HEARTH_VALIDATE_SINK_H

#include "host-sdk/validate/job.h"

/* Takes `room` bytes, then refuses with a status, and remembers what was done
   wrong.  Zero it and call validate__sink_init; use it again with _reset. */
typedef struct validate__sink {
  hearth_sink base; /* first: a validate__sink * is a hearth_sink * */
  uint8_t *data;    /* owned by the sink */
  uint64_t len, cap;
  uint64_t room;         /* UINT64_MAX: all */
  hearth_status refusal; /* what it says when the room is full */
  uint32_t writes, refused;
  uint32_t after;      /* writes after a refusal */
  const char *offence; /* the first, or NULL */
} validate__sink;

void validate__sink_init(validate__sink *sink);
/* Empty it, with so much room. */
void validate__sink_reset(validate__sink *sink, uint64_t room,
                          hearth_status refusal);
void validate__sink_free(validate__sink *sink);
hearth_bytes validate__sink_bytes(const validate__sink *sink);

/* Gives bytes in pieces of at most `piece`, and fails with `failure` once
   `fail_at` bytes were read. */
typedef struct validate__source {
  hearth_source base; /* first */
  hearth_bytes bytes;
  uint64_t at, piece;
  uint64_t fail_at; /* UINT64_MAX: never */
  hearth_status failure;
} validate__source;

void validate__source_init(validate__source *source, hearth_bytes bytes);

#endif
