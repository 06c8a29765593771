/* SPDX-License-Identifier: MIT
   A hashed table of hazard counters, of fixed size. */
#ifndef FORESIGHT_PRICE_CELLS_H
#define FORESIGHT_PRICE_CELLS_H

#include <stdint.h>
#ifdef __SSE__
#include <xmmintrin.h>
#endif

/* A row holds the counters of one context over seven neighbouring age bins: two
   rows to a cache line.  Four neighbouring rows are a bucket; a new context
   takes the least used of its bucket, so the table never grows and strangers
   can at worst make it forget. */
enum {
  PRICE_ROW_BINS = 7,
  PRICE_PARTS = 8, /* of a key; a power of two */
  PRICE_WAYS = 4,  /* rows in a bucket */
  PRICE_ROWS_LOG2 = 16, /* 2 MB */
  PRICE_ROWS = 1 << PRICE_ROWS_LOG2,
  PRICE_UNIT = 32, /* one observation */
  PRICE_LIMIT_SLOW = 1000 * PRICE_UNIT,
  PRICE_LIMIT_FAST = 30 * PRICE_UNIT
};

/* Events in the lower half, exposures in the upper one, as multiples of
   PRICE_UNIT: what is counted of four neighbours is one vector. */
typedef uint32_t price_cell;

static inline uint32_t foresight_price_events(price_cell c) {
  return c & 0xffffu;
}
static inline uint32_t foresight_price_exposures(price_cell c) {
  return c >> 16;
}

typedef struct {
  uint16_t check, use;
  price_cell cell[PRICE_ROW_BINS];
} price_row;

/* 32 well-mixed bits of two. */
static inline uint32_t foresight_price_hash(uint32_t a, uint32_t b) {
  uint64_t x = ((uint64_t)a << 32 | b) * 0x9e3779b97f4a7c15U;
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93U;
  return (uint32_t)(x >> 32);
}

/* What tells the rows of a bucket apart; 0 marks one that was never taken. */
static inline uint16_t foresight_price_check(uint32_t key) {
  const uint16_t c = (uint16_t)(key & 0xffff);
  return c ? c : 1;
}
static inline int foresight_price_row_is(const price_row *r, uint32_t key) {
  return r->check == foresight_price_check(key);
}

/* Where the bucket of part `part` of a key begins; part is below PRICE_PARTS.
   The parts of a key are neighbours in memory. */
static inline uint32_t foresight_price_bucket(uint32_t key, uint32_t part) {
  const uint32_t first = key >> (32 - PRICE_ROWS_LOG2);
  return (first & ~(uint32_t)(PRICE_WAYS - 1)) ^ part * PRICE_WAYS;
}

/* The row will be asked for: so it comes from memory meanwhile. */
static inline void foresight_price_row_expect(const price_row *rows,
                                              uint32_t key, uint32_t part) {
#ifdef __SSE__
  const price_row *const r = rows + foresight_price_bucket(key, part);
  _mm_prefetch((const char *)r, _MM_HINT_T0);
  _mm_prefetch((const char *)(r + PRICE_WAYS / 2), _MM_HINT_T0);
#else
  (void)rows;
  (void)key;
  (void)part;
#endif
}

/* Where the row is if it is anywhere, which foresight_price_row_is tells; and
   the same, made if there is none. */
const price_row *foresight_price_row_find(const price_row *rows, uint32_t key,
                                          uint32_t part);
price_row *foresight_price_row_take(price_row *rows, uint32_t key,
                                    uint32_t part);

/* One more exposure, with an event (1) or none (0); both counts are halved at
   the limit, which is how old times are forgotten. */
static inline void foresight_price_cell_learn(price_cell *c, uint32_t event,
                                              uint32_t limit) {
  if (foresight_price_exposures(*c) + (uint32_t)PRICE_UNIT > limit) {
    *c = *c >> 1 & 0x7fff7fffu;
  }
  *c += (uint32_t)PRICE_UNIT << 16 | (event ? (uint32_t)PRICE_UNIT : 0);
}

#endif
