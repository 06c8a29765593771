/* SPDX-License-Identifier: MIT
   Strategies that run side by side on metadata alone; the best is followed. */
#include "plugin/foresight/price/price_ghost.h"
#include "plugin/sdk/math.h"

/* Standard errors by which a strategy must be better than break-even over all
   models before one without a record of its own follows it. */
#define CAUTION 1.0f

/* A model's own record counts as much as this many gaps of all. */
#define PRIOR_GAPS 10.0f
#define MODEL_LIMIT 400.0f
#define ALL_LIMIT 20000.0f

void foresight_price_ghost_advance(const price_model *m, price_ghost *g,
                                   int64_t now) {
  if (g->held && g->until < now) {
    g->spent += (float)(m->price * (double)(g->until - g->since) / 1000.0);
    g->held = 0;
  }
}

void foresight_price_ghost_warm(const price_model *m, price_ghost *g,
                                int64_t now, int64_t until) {
  if (!g->held) {
    g->held = 1;
    g->since = now;
    g->ready = now + (int64_t)(m->load_s * 1000.0);
  }
  g->until = until;
}

void foresight_price_ghost_start(price_model *m, int64_t now) {
  for (uint32_t j = 0; j < PRICE_GHOSTS; j++) {
    price_ghost *const g = m->ghost + j;
    g->spent = 0.0f;
    g->held = 1;
    g->since = g->ready = now;
    g->until = now + m->keep[j];
    if (j == PRICE_C && g->hold > g->until) {
      g->until = g->hold;
    }
  }
}

static double settle(price_model *m, price_ghost *g, int64_t now, double miss) {
  foresight_price_ghost_advance(m, g, now);
  double cost = (double)g->spent;
  if (!g->held) {
    return cost + miss;
  }
  cost += m->price * (double)(now - g->since) / 1000.0;
  if (g->ready > now) {
    const double rest = (double)(g->ready - now) / 1000.0;
    cost += rest * miss / m->load_s;
  }
  return cost;
}

static void fade(float *sum, float *n, uint32_t len, float limit) {
  if (*n >= limit) {
    for (uint32_t j = 0; j < len; j++) {
      sum[j] *= 0.5f;
    }
    *n *= 0.5f;
  }
}

void foresight_price_ghost_settle(foresight_price *p, price_model *m,
                                  int64_t now, double miss) {
  double cost[PRICE_GHOSTS];
  for (uint32_t j = 0; j < PRICE_GHOSTS; j++) {
    cost[j] = settle(m, m->ghost + j, now, miss) / m->load_s;
  }
  m->missed = 0;
  for (uint32_t j = 0; j < PRICE_GHOSTS; j++) {
    m->missed |= (uint32_t)(!m->ghost[j].held) << j;
    const float gain = (float)(cost[PRICE_BE] - cost[j]);
    m->score[j] += gain;
    p->score[j] += gain;
    p->square[j] += gain * gain;
    p->differ[j] += gain > 1e-4f || gain < -1e-4f ? 1.0f : 0.0f;
  }
  m->scored += 1.0f;
  p->scored += 1.0f;
  fade(m->score, &m->scored, PRICE_GHOSTS, MODEL_LIMIT);
  if (p->scored >= ALL_LIMIT) {
    float n = p->scored;
    fade(p->square, &n, PRICE_GHOSTS, ALL_LIMIT);
    n = p->scored;
    fade(p->differ, &n, PRICE_GHOSTS, ALL_LIMIT);
  }
  fade(p->score, &p->scored, PRICE_GHOSTS, ALL_LIMIT);
}

void foresight_price_ghost_correct(foresight_price *p, price_model *m,
                                   double extra) {
  for (uint32_t j = 1; j < PRICE_GHOSTS; j++) {
    const int sign =
        (int)(m->window_missed & 1) - (int)(m->window_missed >> j & 1);
    if (sign) {
      const float gain = (float)(sign * extra);
      m->score[j] += gain;
      p->score[j] += gain;
      p->square[j] += gain * gain;
    }
  }
}

uint32_t foresight_price_ghost_best(const foresight_price *p,
                                    const price_model *m) {
  static const uint32_t bit[PRICE_GHOSTS] = {FORESIGHT_PRICE_OFF_FLOOR,
                                             FORESIGHT_PRICE_OFF_STOP,
                                             FORESIGHT_PRICE_OFF_STOP};
  uint32_t best = PRICE_GHOSTS;
  float most = 0.0f;
  for (uint32_t j = 0; j < PRICE_GHOSTS; j++) {
    if (p->config.off & bit[j]) {
      continue;
    }
    const float n = p->differ[j] + 1.0f;
    const float prior =
        p->score[j] - CAUTION * (float)hearth_sqrt((double)p->square[j]);
    const float s = m->score[j] + PRIOR_GAPS * prior / n;
    if (best == PRICE_GHOSTS || s > most) {
      best = j;
      most = s;
    }
  }
  return best == PRICE_GHOSTS ? PRICE_BE : best;
}
