/* SPDX-License-Identifier: MIT
   A hashed table of hazard counters, of fixed size. */
#ifndef FORESIGHT_PRICE_CELLS_H
#define FORESIGHT_PRICE_CELLS_H

#include <stdint.h>

/* A row holds the counters of one context over seven neighbouring age bins: two
   rows to a cache line.  Four neighbouring rows are a bucket; a new context
   takes the least used of its bucket, so the table never grows and strangers
   can at worst make it forget. */
enum {
  PRICE_ROW_BINS = 7,
  PRICE_ROWS_LOG2 = 16, /* 2 MB */
  PRICE_ROWS = 1 << PRICE_ROWS_LOG2,
  PRICE_WAYS = 4, /* of a bucket */
  PRICE_UNIT = 32, /* one observation */
  PRICE_LIMIT_SLOW = 1000 * PRICE_UNIT,
  PRICE_LIMIT_FAST = 30 * PRICE_UNIT
};

typedef struct {
  uint16_t events, exposures; /* in PRICE_UNITs */
} price_cell;

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

/* The row of this key, or NULL; _take makes one if there is none. */
const price_row *foresight_price_row_find(const price_row *rows, uint32_t key);
price_row *foresight_price_row_take(price_row *rows, uint32_t key);

/* One more exposure, with an event (1) or none (0); both counts are halved at
   the limit, which is how old times are forgotten. */
void foresight_price_cell_learn(price_cell *c, uint32_t event, uint32_t limit);

#endif
