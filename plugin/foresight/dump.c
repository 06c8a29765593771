/* SPDX-License-Identifier: MIT
   Numbers with names, as msgpack maps. */
#include "plugin/sdk/cold.h"

#include "plugin/foresight/dump.h"

#include <string.h>

static void put(foresight_dump *d, const void *bytes, uint64_t len) {
  if (d->status == HEARTH_OK) {
    d->status = d->out->write(d->out, bytes, len);
  }
}

void foresight_dump_map(foresight_dump *d, uint32_t count) {
  const uint8_t map[] = {0xde, (uint8_t)(count >> 8), (uint8_t)count};
  put(d, map, sizeof map);
}

void foresight_dump_name(foresight_dump *d, const char *name) {
  const size_t len = strlen(name) < 255 ? strlen(name) : 255;
  const uint8_t str[] = {0xd9, (uint8_t)len};
  put(d, str, sizeof str);
  put(d, name, len);
}

void foresight_dump_number(foresight_dump *d, double x) {
  uint8_t number[9] = {0xcb};
  uint64_t bits;
  const double finite = x - x == 0.0 ? x : 0.0;
  memcpy(&bits, &finite, sizeof bits);
  for (unsigned i = 0; i < 8; i++) {
    number[1 + i] = (uint8_t)(bits >> (8 * (7 - i)));
  }
  put(d, number, sizeof number);
}

void foresight_dump_numbers(foresight_dump *d, const foresight_dump_key *names,
                            const float *x, uint32_t count) {
  foresight_dump_map(d, count);
  for (uint32_t i = 0; i < count; i++) {
    foresight_dump_name(d, names[i]);
    foresight_dump_number(d, (double)x[i]);
  }
}
