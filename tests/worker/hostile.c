/* SPDX-License-Identifier: MIT
   What a host makes of any bytes that a worker could send. */
#include "tests/worker/hostile.h"

#include <stdlib.h>
#include <string.h>

#include "host-sdk/worker/frame.h"
#include "host-sdk/worker/hello.h"

enum { LIMIT = 1 << 16 };

static void metric(hearth__raw_reader *in) {
  (void)hearth__raw_read_u32(in);
  (void)hearth__raw_read_f64(in);
  free(hearth__raw_read_text(in, HEARTH__TEXT_MOST));
  free(hearth__raw_read_text(in, HEARTH__TEXT_MOST));
}

/* An answer may be to a create, to a metric, or bytes for the caller. */
static void answer(hearth_bytes body) {
  hearth__raw_reader in = {body, 0, 0};
  hearth__functions functions = {0};
  hearth__raw_reader rest;

  (void)hearth__raw_read_bytes(&in);
  rest = in;
  (void)hearth__raw_read_u32(&rest);
  if (hearth__functions_read(&rest, &functions)) {
    hearth__functions_free(&functions);
  }
  metric(&in);
}

static void frame(const hearth__frame_header *header, hearth_bytes body) {
  hearth__raw_reader in = {body, 0, 0};
  hearth__identity identity;
  hearth__facts facts;

  switch (header->type) {
  case HEARTH__FRAME_HELLO:
    if (hearth__hello_read(body, &facts, &identity)) {
      hearth__identity_free(&identity);
    }
    break;
  case HEARTH__FRAME_LOG:
    (void)hearth__raw_read_u32(&in);
    (void)hearth__raw_read_u64(&in);
    (void)hearth__raw_read_bytes(&in);
    break;
  case HEARTH__FRAME_ANSWER:
    answer(body);
    break;
  default:
    break;
  }
}

int hostile_decode(const uint8_t *data, size_t len) {
  hearth__intake intake = {0};
  size_t piece = len ? data[0] + (size_t)1 : 1;
  int frames = 0, found = 0;

  if (len) {
    ++data;
    --len;
  }
  intake.side = HEARTH__FROM_WORKER;
  intake.limit = LIMIT;
  while (len && found >= 0) {
    hearth__frame_header header;
    hearth_bytes body;
    uint8_t *room;
    size_t cap;

    if (hearth__intake_room(&intake, &room, &cap) != HEARTH_OK) {
      break;
    }
    cap = cap < piece ? cap : piece;
    cap = cap < len ? cap : len;
    memcpy(room, data, cap);
    hearth__intake_came(&intake, cap);
    data += cap;
    len -= cap;
    while ((found = hearth__intake_next(&intake, &header, &body)) > 0) {
      frame(&header, body);
      ++frames;
    }
  }
  hearth__intake_free(&intake);
  return frames;
}
