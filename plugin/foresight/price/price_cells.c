/* SPDX-License-Identifier: MIT
   A hashed table of hazard counters, of fixed size. */
#include "plugin/foresight/price/price_cells.h"

#include <string.h>

enum { MAX_USE = 60000 };

/* Which way it is cannot be foretold, so there is no branch for it. */
const price_row *foresight_price_row_find(const price_row *rows, uint32_t key,
                                          uint32_t part) {
  const price_row *const r = rows + foresight_price_bucket(key, part);
  const uint16_t c = foresight_price_check(key);
  uint32_t at = r[1].check == c ? 1 : 0;
  at = r[2].check == c ? 2 : at;
  at = r[3].check == c ? 3 : at;
  return r + at;
}

price_row *foresight_price_row_take(price_row *rows, uint32_t key,
                                    uint32_t part) {
  price_row *const r = rows + foresight_price_bucket(key, part);
  const uint16_t c = foresight_price_check(key);
  uint32_t least = 0;
  for (uint32_t i = 0; i < PRICE_WAYS; i++) {
    if (r[i].check == c) {
      r[i].use = (uint16_t)(r[i].use < MAX_USE ? r[i].use + 1 : MAX_USE);
      return r + i;
    }
    if (r[i].use < r[least].use) {
      least = i;
    }
  }
  /* The others pay for having been spared, so that none stays for ever. */
  for (uint32_t i = 0; i < PRICE_WAYS; i++) {
    r[i].use = (uint16_t)(r[i].use ? r[i].use - 1 : 0);
  }
  memset(r + least, 0, sizeof *r);
  r[least].check = c;
  r[least].use = 1;
  return r + least;
}
