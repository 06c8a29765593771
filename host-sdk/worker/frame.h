/* SPDX-License-Identifier: MIT
   The frames between a host and hearth-worker. */
#ifndef HEARTH_WORKER_FRAME_H
#define HEARTH_WORKER_FRAME_H

#include <stddef.h>

#include "hearth/plugin.h"

/* A frame is a header of 32 bytes and `len` bytes after it, all little-endian:
     u32 magic "HRTH", u16 version, u16 type, u64 id, i32 status, u32 zero,
     u64 len
   A request carries a number that its answer repeats.  Whatever a worker sends
   is hostile: a frame that is not exactly as it must be ends the worker. */
enum { HEARTH__FRAME_HEADER = 32, HEARTH__FRAME_VERSION = 1 };

typedef enum hearth__frame_type {
  /* From the worker. */
  HEARTH__FRAME_HELLO = 1, /* who the plugin is, and the sandbox; id 0 */
  HEARTH__FRAME_FAIL,      /* why it could not be loaded; id 0 */
  HEARTH__FRAME_LOG,       /* id 0 */
  HEARTH__FRAME_ANSWER,
  /* From the host. */
  HEARTH__FRAME_CREATE = 16,
  HEARTH__FRAME_CATALOG,
  HEARTH__FRAME_PREPARE,
  HEARTH__FRAME_METADATA,
  HEARTH__FRAME_OUTCOME,
  HEARTH__FRAME_SAVE,
  HEARTH__FRAME_LOAD,
  HEARTH__FRAME_PREDICT,
  HEARTH__FRAME_EXPLAIN,
  HEARTH__FRAME_METRIC,
  HEARTH__FRAME_REFLECT,
  HEARTH__FRAME_QUIT,
  HEARTH__FRAME_END_
} hearth__frame_type;

typedef struct hearth__frame_header {
  uint16_t type;
  int32_t status;
  uint64_t id, len;
} hearth__frame_header;

void hearth__frame_encode(const hearth__frame_header *header,
                          uint8_t out[HEARTH__FRAME_HEADER]);

/* Whose frames are read. */
typedef enum hearth__frame_side {
  HEARTH__FROM_WORKER,
  HEARTH__FROM_HOST
} hearth__frame_side;

/* 1 if the bytes are the header of a frame of that side, of at most `limit`
   bytes after it; else 0. */
int hearth__frame_decode(const uint8_t bytes[HEARTH__FRAME_HEADER],
                         hearth__frame_side side, uint64_t limit,
                         hearth__frame_header *out);

/* Bytes that came, cut into frames.  Zero it, set side and limit.  Its memory
   grows with what has come, not with what a header says. */
typedef struct hearth__intake {
  hearth__frame_side side;
  uint64_t limit; /* of a frame's bytes after its header */
  uint8_t *data;
  size_t begin, end, cap;
} hearth__intake;

/* Room for what comes next: at least 1 byte at *room, *cap of them.
   HEARTH_NO_MEMORY.  Bytes of frames that were given are gone. */
hearth_status hearth__intake_room(hearth__intake *inbox, uint8_t **room,
                                  size_t *cap);
void hearth__intake_came(hearth__intake *inbox, size_t len);

/* The next frame: 1, 0 if more bytes must come first, -1 if this is none.
 *body is valid until the next hearth__intake_room. */
int hearth__intake_next(hearth__intake *inbox, hearth__frame_header *header,
                        hearth_bytes *body);

void hearth__intake_free(hearth__intake *inbox);

#endif
