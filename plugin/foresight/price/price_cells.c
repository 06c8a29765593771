/* SPDX-License-Identifier: MIT
   A hashed table of hazard counters, of fixed size. */
#include "plugin/foresight/price/price_cells.h"

#include <string.h>

enum { WAYS = PRICE_WAYS, MAX_USE = 60000 };

static uint32_t bucket(uint32_t key) {
  return (key >> (32 - PRICE_ROWS_LOG2)) & ~(uint32_t)(WAYS - 1);
}

/* 0 marks a row that was never taken. */
static uint16_t check(uint32_t key) {
  const uint16_t c = (uint16_t)(key & 0xffff);
  return c ? c : 1;
}

const price_row *foresight_price_row_find(const price_row *rows, uint32_t key) {
  const price_row *const r = rows + bucket(key);
  const uint16_t c = check(key);
  for (uint32_t i = 0; i < WAYS; i++) {
    if (r[i].check == c) {
      return r + i;
    }
  }
  return 0;
}

price_row *foresight_price_row_take(price_row *rows, uint32_t key) {
  price_row *const r = rows + bucket(key);
  const uint16_t c = check(key);
  uint32_t least = 0;
  for (uint32_t i = 0; i < WAYS; i++) {
    if (r[i].check == c) {
      r[i].use = (uint16_t)(r[i].use < MAX_USE ? r[i].use + 1 : MAX_USE);
      return r + i;
    }
    if (r[i].use < r[least].use) {
      least = i;
    }
  }
  /* The others pay for having been spared, so that none stays for ever. */
  for (uint32_t i = 0; i < WAYS; i++) {
    r[i].use = (uint16_t)(r[i].use ? r[i].use - 1 : 0);
  }
  memset(r + least, 0, sizeof *r);
  r[least].check = c;
  r[least].use = 1;
  return r + least;
}

void foresight_price_cell_learn(price_cell *c, uint32_t event, uint32_t limit) {
  if (c->exposures + (uint32_t)PRICE_UNIT > limit) {
    c->exposures = (uint16_t)(c->exposures / 2);
    c->events = (uint16_t)(c->events / 2);
  }
  c->exposures = (uint16_t)(c->exposures + PRICE_UNIT);
  c->events = (uint16_t)(c->events + (event ? PRICE_UNIT : 0));
}
