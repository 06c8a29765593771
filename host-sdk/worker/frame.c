/* SPDX-License-Identifier: MIT
   The frames between a host and hearth-worker. */
#include "host-sdk/worker/frame.h"

#include <stdlib.h>
#include <string.h>

#include "host-sdk/worker/bytes.h"

enum { MAGIC = 0x48545248, FIRST_ROOM = 64 << 10, KEEP_ROOM = 1 << 20 };

void hearth__frame_encode(const hearth__frame_header *header,
                          uint8_t out[HEARTH__FRAME_HEADER]) {
  hearth__raw_put_u32(out, MAGIC);
  hearth__raw_put_u32(out + 4,
                      HEARTH__FRAME_VERSION | (uint32_t)header->type << 16);
  hearth__raw_put_u64(out + 8, header->id);
  hearth__raw_put_u32(out + 16, (uint32_t)header->status);
  hearth__raw_put_u32(out + 20, 0);
  hearth__raw_put_u64(out + 24, header->len);
}

static int type_of_side(uint32_t type, hearth__frame_side side) {
  if (side == HEARTH__FROM_WORKER) {
    return type >= HEARTH__FRAME_HELLO && type <= HEARTH__FRAME_ANSWER;
  }
  return type >= HEARTH__FRAME_CREATE && type < HEARTH__FRAME_END_;
}

int hearth__frame_decode(const uint8_t bytes[HEARTH__FRAME_HEADER],
                         hearth__frame_side side, uint64_t limit,
                         hearth__frame_header *out) {
  uint32_t kind = hearth__raw_get_u32(bytes + 4);

  if (hearth__raw_get_u32(bytes) != MAGIC ||
      (kind & 0xffff) != HEARTH__FRAME_VERSION ||
      !type_of_side(kind >> 16, side) || hearth__raw_get_u32(bytes + 20) != 0 ||
      hearth__raw_get_u64(bytes + 24) > limit) {
    return 0;
  }
  out->type = (uint16_t)(kind >> 16);
  out->id = hearth__raw_get_u64(bytes + 8);
  out->status = (int32_t)hearth__raw_get_u32(bytes + 16);
  out->len = hearth__raw_get_u64(bytes + 24);
  return 1;
}

/* After a large answer the room is given back. */
static void shrink(hearth__intake *inbox) {
  inbox->begin = inbox->end = 0;
  if (inbox->cap > KEEP_ROOM) {
    free(inbox->data);
    inbox->data = NULL;
    inbox->cap = 0;
  }
}

hearth_status hearth__intake_room(hearth__intake *inbox, uint8_t **room,
                                  size_t *cap) {
  if (inbox->begin == inbox->end) {
    shrink(inbox);
  } else if (inbox->end == inbox->cap && inbox->begin) {
    memmove(inbox->data, inbox->data + inbox->begin, inbox->end - inbox->begin);
    inbox->end -= inbox->begin;
    inbox->begin = 0;
  }
  if (inbox->end == inbox->cap) {
    size_t more = inbox->cap ? inbox->cap * 2 : FIRST_ROOM;
    uint8_t *data = realloc(inbox->data, more);

    if (!data) {
      return HEARTH_NO_MEMORY;
    }
    inbox->data = data;
    inbox->cap = more;
  }
  *room = inbox->data + inbox->end;
  *cap = inbox->cap - inbox->end;
  return HEARTH_OK;
}

void hearth__intake_came(hearth__intake *inbox, size_t len) {
  inbox->end += len;
}

int hearth__intake_next(hearth__intake *inbox, hearth__frame_header *header,
                        hearth_bytes *body) {
  size_t have = inbox->end - inbox->begin;

  if (have < HEARTH__FRAME_HEADER) {
    return 0;
  }
  if (!hearth__frame_decode(inbox->data + inbox->begin, inbox->side,
                            inbox->limit, header)) {
    return -1;
  }
  if (have - HEARTH__FRAME_HEADER < header->len) {
    return 0;
  }
  body->data = inbox->data + inbox->begin + HEARTH__FRAME_HEADER;
  body->len = header->len;
  inbox->begin += HEARTH__FRAME_HEADER + (size_t)header->len;
  return 1;
}

void hearth__intake_free(hearth__intake *inbox) {
  free(inbox->data);
  inbox->data = NULL;
  inbox->begin = inbox->end = inbox->cap = 0;
}
