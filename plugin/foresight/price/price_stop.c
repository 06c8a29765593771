/* SPDX-License-Identifier: MIT
   Optimal stopping over the forecast of a gap. */
#include "plugin/foresight/price/price_state.h"

#include "plugin/sdk/math.h"

/* Look ahead to this many break-evens; prewarm only for a clear gain. */
#define LOOK_AHEAD 16.0
#define CLEAR 0.9
/* More than any cost. */
#define NO_RELOAD 1e30
/* More than any age in loads. */
#define NEVER 1e30
/* Share of a bin that an arrival within it leaves behind. */
#define WITHIN 0.47

/* Cold starts of all that weigh as much as the first of a model's own. */
#define OWN_PRIOR 8.0

/* Classes of ages, by octaves: the first ends at a quarter of a load, the last
   never. */
static double load_class_edge(uint32_t k) {
  return k + 1 < PRICE_LOAD_CLASSES ? 0.25 * (double)(1u << k) : NEVER;
}

/* Class of an age. */
uint32_t foresight_price_load_class(const foresight_price *p,
                                    const price_model *m, uint32_t bin) {
  const double ratio = (double)p->edge[bin] / (m->load_s * 1000.0);
  return foresight_price_octave(4.0 * ratio, PRICE_LOAD_CLASSES - 1);
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

static void look(foresight_price *p, uint32_t id, int64_t age, uint32_t bin,
                 horizon *h) {
  const price_model *const m = p->model + id;
  const double load_ms = m->load_s * 1000.0, price_ms = m->price / 1000.0;
  const double far = LOOK_AHEAD * m->even_ms;
  h->from = bin;
  h->to = bin + 1;
  while (h->to < PRICE_BINS && (double)p->edge[h->to] < far) {
    h->to++;
  }
  h->end = h->to;
  h->to = foresight_price_forecast(p, id, h->from, h->to, h->q);
  const double rest = (double)(p->edge[bin + 1] - age);
  h->q[bin] *= rest / (double)(p->edge[bin + 1] - p->edge[bin]);
  uint32_t class = foresight_price_load_class(p, m, bin);
  double cost = miss(p, m, class), next = load_class_edge(class) * load_ms;
  for (uint32_t b = bin; b < h->to; b++) {
    while ((double)p->edge[b] >= next) {
      cost = miss(p, m, ++class);
      next = load_class_edge(class) * load_ms;
    }
    const double width =
        b == bin ? rest : (double)(p->edge[b + 1] - p->edge[b]);
    h->hold[b] = price_ms * width * (1.0 - (1.0 - WITHIN) * h->q[b]);
    h->miss[b] = cost;
  }
}

void foresight_price_decide(foresight_price *p, uint32_t id, int64_t age,
                            uint32_t bin, price_decision *d) {
  const price_model *const m = p->model + id;
  horizon h;
  look(p, id, age, bin, &h);
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
