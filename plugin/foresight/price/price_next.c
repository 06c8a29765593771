/* SPDX-License-Identifier: MIT
   Successor holds: what a user is likely to start next. */
#include "plugin/foresight/price/price_ghost.h"
#include "plugin/sdk/math.h"

#include <string.h>

/* A successor is held if its load, by the chance of use, is worth this many
   times the memory: holds are many, and their chances rough. */
#define WORTH 3.0

uint32_t foresight_price_next_key(const foresight_price *p, uint32_t user,
                                  uint32_t model) {
  return foresight_price_hash(
             foresight_price_hash((uint32_t)p->config.seed + 77, user), model) |
         1;
}

static price_next *next_of(foresight_price *p, uint32_t user, uint32_t model) {
  const uint32_t key = foresight_price_next_key(p, user, model);
  price_next *const n = p->next + (key >> 20);
  p->changed_next[key >> 20] = 1;
  if (n->key != key) {
    if (n->total > 4) {
      n->total /= 2;
      return 0;
    }
    memset(n, 0, sizeof *n);
    n->key = key;
  }
  return n;
}

void foresight_price_learn_next(foresight_price *p, uint32_t user,
                                uint32_t from, uint32_t to, int64_t dwell) {
  price_next *const n = next_of(p, user, from);
  if (!n)
    return;
  uint32_t k = 0;
  for (; k < PRICE_NEXTS && n->count[k] && n->model[k] != to; k++) {
  }
  if (k == PRICE_NEXTS) {
    k = 0;
    for (uint32_t i = 1; i < PRICE_NEXTS; i++)
      if (n->count[i] < n->count[k])
        k = i;
    n->count[k] = 0;
  }
  if (n->total >= 500) {
    n->total = 0;
    for (uint32_t i = 0; i < PRICE_NEXTS; i++) {
      n->count[i] /= 2;
      n->total += n->count[i];
    }
  }
  if (!n->count[k]) {
    n->model[k] = to;
    n->log_dwell[k] = 0;
  }
  n->count[k] = (uint16_t)(n->count[k] + (n->count[k] < UINT16_MAX));
  n->total++;
  const float l = (float)hearth_log((double)dwell / 1000.0 + 1.0);
  n->log_dwell[k] +=
      (l - n->log_dwell[k]) / (float)(n->count[k] < 20 ? n->count[k] : 20);
}

static void hold(foresight_price *p, uint32_t id, int64_t now, int64_t until) {
  price_model *const m = p->model + id;
  if (m->idle_since == PRICE_NEVER)
    return;
  price_ghost *const g = m->ghost + PRICE_C;
  g->hold = until;
  if (m->busy)
    return;
  foresight_price_ghost_advance(m, g, now);
  if (!g->held && (p->config.off & FORESIGHT_PRICE_OFF_PREWARM))
    return;
  if (!g->held || g->until < until) {
    foresight_price_ghost_warm(m, g, now, until);
    if (m->follow == PRICE_C)
      foresight_price_say(p, id);
  }
}

void foresight_price_holds(foresight_price *p, uint32_t user, uint32_t from,
                           int64_t now) {
  const price_next *const n = next_of(p, user, from);
  if (!n || !n->total)
    return;
  for (uint32_t k = 0; k < PRICE_NEXTS; k++) {
    if (!n->count[k] || n->model[k] == from)
      continue;
    const uint32_t id = n->model[k];
    const price_model *const m = p->model + id;
    const double d = 2.0 * hearth_exp((double)n->log_dwell[k]);
    const double pr = (double)n->count[k] / ((double)n->total + 1.0);
    if (pr * m->load_s > WORTH * m->price * (d + m->load_s))
      hold(p, id, now, now + (int64_t)((d + m->load_s) * 1000.0));
  }
}

void foresight_price_release(foresight_price *p, uint32_t user, uint32_t from,
                             uint32_t to, int64_t now) {
  const price_next *const n = next_of(p, user, from);
  if (!n)
    return;
  for (uint32_t k = 0; k < PRICE_NEXTS; k++) {
    if (!n->count[k] || n->model[k] == to)
      continue;
    price_model *const m = p->model + n->model[k];
    price_ghost *const g = m->ghost + PRICE_C;
    if (g->hold > now) {
      g->hold = now;
      if (!m->busy && m->idle_since != PRICE_NEVER)
        foresight_price_set_due(p, n->model[k], now);
    }
  }
}
