/* SPDX-License-Identifier: MIT
   Numbers of a state, little-endian whatever the machine is. */
#include "plugin/sdk/cold.h"

#include <string.h>

#include "plugin/sdk/state.h"

/* A fuzz target may put other values within the range in place of those that
   are saved. */
#ifndef HEARTH_STATE_TWIST
#define HEARTH_STATE_TWIST(x, least, most) (x)
#endif

/* Whole words, of which the first bytes count: a block has room for a word
   behind its end. */
static uint64_t little(uint64_t x) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  return __builtin_bswap64(x);
#else
  return x;
#endif
}

uint64_t hearth__state_word(hearth_state *s, uint64_t x, uint32_t bytes) {
  if (s->len - s->at < bytes && !hearth__state_turn(s)) {
    return x;
  }
  if (s->len - s->at < bytes) {
    hearth_state_refuse(s, NULL, "a field is cut in two");
    return x;
  }
  uint8_t *const p = s->block + s->at;
  s->at += bytes;
  if (hearth_state_saving(s)) {
    const uint64_t word = little(x);
    memcpy(p, &word, sizeof word);
    return x;
  }
  memcpy(&x, p, sizeof x);
  return little(x) & UINT64_MAX >> (64 - 8 * bytes);
}

#define MANY(name, type)                                                       \
  void hearth_state_##name##s(hearth_state *s, const char *field, type *x,     \
                              size_t n, type least, type most) {               \
    for (size_t i = 0; i < n; i++) {                                           \
      hearth_state_##name(s, field, &x[i], least, most);                       \
    }                                                                          \
  }

#define INTEGER(name, type, wide, bytes)                                       \
  void hearth_state_##name(hearth_state *s, const char *field, type *x,        \
                           type least, type most) {                            \
    const type bound = *x < least ? least : *x > most ? most : *x;             \
    const type inside = HEARTH_STATE_TWIST(bound, least, most);                \
    const type y = (type)hearth__state_word(s, (wide)inside, bytes);                      \
    if (y < least || y > most) {                                               \
      hearth__state_out_of_range(s, field);                                    \
    } else if (!hearth_state_saving(s) && hearth_state_ok(s)) {                \
      *x = y;                                                                  \
    }                                                                          \
  }                                                                            \
  MANY(name, type)
INTEGER(u8, uint8_t, uint64_t, 1)
INTEGER(u16, uint16_t, uint64_t, 2)
INTEGER(u32, uint32_t, uint64_t, 4)
INTEGER(u64, uint64_t, uint64_t, 8)
INTEGER(i16, int16_t, uint16_t, 2)
INTEGER(i32, int32_t, uint32_t, 4)
INTEGER(i64, int64_t, uint64_t, 8)

#define FLOATING(name, type, bits, bytes)                                      \
  void hearth_state_##name(hearth_state *s, const char *field, type *x,        \
                           type least, type most) {                            \
    const type bound = *x >= least ? (*x > most ? most : *x) : least;          \
    const type inside = HEARTH_STATE_TWIST(bound, least, most);                \
    bits word;                                                                 \
    type y;                                                                    \
    memcpy(&word, &inside, sizeof word);                                       \
    word = (bits)hearth__state_word(s, word, bytes);                                      \
    memcpy(&y, &word, sizeof y);                                               \
    if (!(y >= least && y <= most)) {                                          \
      hearth__state_out_of_range(s, field);                                    \
    } else if (!hearth_state_saving(s) && hearth_state_ok(s)) {                \
      *x = y;                                                                  \
    }                                                                          \
  }                                                                            \
  MANY(name, type)
FLOATING(f32, float, uint32_t, 4)
FLOATING(f64, double, uint64_t, 8)

/* Of 32 at a time a word of bits: those that are not 0. */
#define SPARSE(name, each, type, bits)                                         \
  void hearth_state_sparse_##name(hearth_state *s, const char *field, type *x, \
                                  size_t n, type least, type most) {           \
    for (size_t from = 0; from < n && hearth_state_ok(s); from += 32) {        \
      const size_t to = n - from < 32 ? n : from + 32;                         \
      uint32_t some = 0;                                                       \
      for (size_t i = from; i < to; i++) {                                     \
        bits word;                                                             \
        memcpy(&word, &x[i], sizeof word);                                     \
        some |= (uint32_t)(word != 0) << (i - from);                           \
      }                                                                        \
      some = (uint32_t)hearth__state_word(s, some, sizeof some);               \
      for (size_t i = from; i < to && hearth_state_ok(s); i++) {               \
        if (some >> (i - from) & 1) {                                          \
          hearth_state_##each(s, field, &x[i], least, most);                   \
        } else if (!hearth_state_saving(s)) {                                  \
          x[i] = 0;                                                            \
        }                                                                      \
      }                                                                        \
    }                                                                          \
  }
SPARSE(f32s, f32, float, uint32_t)
SPARSE(u16s, u16, uint16_t, uint16_t)
