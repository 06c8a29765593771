/* SPDX-License-Identifier: MIT
   Strategies that run side by side on metadata alone; the best is followed. */
#ifndef FORESIGHT_PRICE_GHOST_H
#define FORESIGHT_PRICE_GHOST_H

#include "plugin/foresight/price/price_state.h"

/* Ends what ended before `now`. */
void foresight_price_ghost_advance(const price_model *m, price_ghost *g,
                                   int64_t now);
/* Holds until `until`, loading if absent. */
void foresight_price_ghost_warm(const price_model *m, price_ghost *g,
                                int64_t now, int64_t until);
/* A gap begins: each ghost stays as long as it planned. */
void foresight_price_ghost_start(price_model *m, int64_t now);
/* A gap ends with an arrival: each ghost gets its cost; `miss` is that of a
   cold start. */
void foresight_price_ghost_settle(foresight_price *p, price_model *m,
                                  int64_t now, double miss);
/* The cold start would have cost `extra` loads more than was thought. */
void foresight_price_ghost_correct(foresight_price *p, price_model *m,
                                   double extra);
uint32_t foresight_price_ghost_best(const foresight_price *p,
                                    const price_model *m);

#endif
