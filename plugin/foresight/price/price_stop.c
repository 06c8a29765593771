/* SPDX-License-Identifier: MIT
   Optimal stopping over the forecast of a gap. */
#include "plugin/foresight/price/price_state.h"

#include "plugin/sdk/math.h"

/* Look ahead to this many break-evens; prewarm only for a clear gain. */
#define LOOK_AHEAD 16.0
#define CLEAR 0.9
/* More than any cost. */
#define NO_RELOAD 1e30
/* Share of a bin that an arrival within it leaves behind. */
#define WITHIN 0.47

/* Cold starts of all that weigh as much as the first of a model's own. */
#define OWN_PRIOR 8.0

/* In loads. */
static const double load_class_edge[PRICE_LOAD_CLASSES - 1] = {
    0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0};

/* Class of an age in loads. */
uint32_t foresight_price_load_class(const foresight_price *p,
                                    const price_model *m, uint32_t bin) {
  const double ratio = (double)p->edge[bin] / (m->load_s * 1000.0);
  uint32_t k = 0;
  while (k + 1 < PRICE_LOAD_CLASSES && ratio >= load_class_edge[k]) {
    k++;
  }
  return k;
}

/* Seconds that a cold start in a class of ages costs: the load, and those who
   come while it lasts. */
static double miss(const foresight_price *p, const price_model *m, uint32_t k) {
  if (p->config.off & FORESIGHT_PRICE_OFF_QUEUE) {
    return m->load_s;
  }
  const double all = (double)p->extra[k] / ((double)p->extra_n[k] + 4.0);
  const double x = ((double)m->extra[k] + OWN_PRIOR * all) /
                   ((double)m->extra_n[k] + OWN_PRIOR);
  return m->load_s * (1.0 + x);
}

double foresight_price_miss(const foresight_price *p, uint32_t id,
                            uint32_t bin) {
  const price_model *const m = p->model + id;
  return miss(p, m, foresight_price_load_class(p, m, bin));
}

typedef struct {
  double hold[PRICE_BINS], q[PRICE_BINS], miss[PRICE_BINS];
  uint32_t from, to, end;
} horizon;

static void look(foresight_price *p, uint32_t id, int64_t age, horizon *h) {
  price_model *const m = p->model + id;
  h->from = foresight_price_bin(p, age, 0);
  h->to = h->from + 1;
  while (h->to < PRICE_BINS &&
         (double)p->edge[h->to] < LOOK_AHEAD * m->even_ms) {
    h->to++;
  }
  h->end = h->to;
  h->to = foresight_price_forecast(p, id, h->from, h->to, h->q);
  uint32_t class = foresight_price_load_class(p, m, h->from);
  double cost = miss(p, m, class);
  for (uint32_t b = h->from; b < h->to; b++) {
    const double loads = (double)p->edge[b] / (m->load_s * 1000.0);
    while (class + 1 < PRICE_LOAD_CLASSES && loads >= load_class_edge[class]) {
      cost = miss(p, m, ++class);
    }
    double width = (double)(p->edge[b + 1] - p->edge[b]);
    if (b == h->from) {
      const double rest = (double)(p->edge[b + 1] - age);
      h->q[b] *= rest / width;
      width = rest;
    }
    const double q = h->q[b];
    h->hold[b] = m->price * width / 1000.0 * (q * WITHIN + 1.0 - q);
    h->miss[b] = cost;
  }
}

void foresight_price_decide(foresight_price *p, uint32_t id, int64_t age,
                            price_decision *d) {
  const price_model *const m = p->model + id;
  horizon h;
  look(p, id, age, &h);
  double v = 0, res = 0, gone = 0;
  /* A load on suspicion costs its own time of memory. */
  const double again = p->config.off & FORESIGHT_PRICE_OFF_PREWARM
                           ? NO_RELOAD
                           : m->price * m->load_s;
  uint32_t stop = h.from, stop_c = h.from, warm = 0;
  for (uint32_t b = h.to; b-- > h.from;) {
    const double q = h.q[b];
    v = h.miss[b] * q - h.hold[b] + (1.0 - q) * (v > 0 ? v : 0);
    if (v <= 0) {
      stop = b;
    } else if (b + 1 == h.to) {
      stop = h.end;
    }
    const double r = h.hold[b] + (1.0 - q) * (res < gone ? res : gone);
    const double reload = res + again;
    const double g =
        q * h.miss[b] + (1.0 - q) * (gone < reload ? gone : reload);
    res = r;
    gone = g;
    if (gone < res) {
      stop_c = b;
    } else if (b + 1 == h.to) {
      stop_c = h.end;
    }
    warm = res + again < CLEAR * gone;
  }
  d->keep = v <= 0 ? age : p->edge[stop];
  d->keep_c = gone < res ? age : p->edge[stop_c];
  d->prewarm = warm;
  d->q = h.q[h.from];
  d->value = gone - res;
}
