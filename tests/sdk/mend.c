/* SPDX-License-Identifier: MIT
   A state whose checksums are made right again after it was changed. */
#include "tests/sdk/mend.h"

#include "plugin/sdk/names.h"

enum { HEAD = 16, LEAST = 40 };
static const uint32_t last_bit = (uint32_t)1 << 31;

static uint64_t get(const uint8_t *at, size_t bytes) {
  uint64_t x = 0;
  for (size_t i = 0; i < bytes; i++) {
    x |= (uint64_t)at[i] << (8 * i);
  }
  return x;
}

static void put(uint8_t *at, uint64_t x, size_t bytes) {
  for (size_t i = 0; i < bytes; i++) {
    at[i] = (uint8_t)(x >> (8 * i));
  }
}

void mend_walk(uint8_t *state, size_t len, int mend,
               void (*each)(void *user, size_t at), void *user) {
  uint32_t number = 0;
  if (len < LEAST || get(state + 12, 4) > len - LEAST) {
    return;
  }
  size_t at = LEAST + (size_t)get(state + 12, 4);
  if (mend) {
    put(state + at - 8, hearth_hash(0, state, at - 8), 8);
  }
  for (; len - at >= HEAD; number++) {
    uint8_t *const block = state + at;
    const size_t room = len - at - HEAD;
    uint32_t mark = (uint32_t)get(block + 4, 4);
    if (each) {
      each(user, at);
    }
    if ((mark & ~last_bit) > room && !mend) {
      return;
    }
    if ((mark & ~last_bit) > room) {
      mark = (mark & last_bit) | (uint32_t)room;
      put(block + 4, mark, 4);
    }
    const uint32_t size = mark & ~last_bit;
    const uint64_t seed = (get(block, 4) << 32 | number) ^ (mark & last_bit);
    if (mend) {
      put(block + 8, hearth_hash(seed, block + HEAD, size), 8);
    }
    at += HEAD + size;
    if (mark & last_bit) {
      number = UINT32_MAX; /* the next section's first is 0 */
    }
  }
  if (each) {
    each(user, at);
  }
}
