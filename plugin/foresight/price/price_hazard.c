/* SPDX-License-Identifier: MIT
   The learned hazard of a model's idle time. */
#include "plugin/foresight/price/price_state.h"

#include "plugin/sdk/math.h"

#include <string.h>

/* Prior strengths, in observations.  The global prior is the hazard 1/t, which
   is the same at every scale, and under which break-even is right. */
#define GLOBAL_PRIOR 40.0f
#define GLOBAL_HAZARD 0.3f
#define ROW_PRIOR 4.0f
#define CLIP 3.0f /* of logits to base e */
#define LN2 0.693147181f
#define RATE_END 0.002
#define RATE_START 0.018
#define RATE_FADE 2000.0

/* Four neighbouring bins.  Loops over them have no branch, so that compilers
   make vectors of them; plain arithmetic only, so that all give the same bits.
   Logits are in bits (of base 2) up to the end. */
enum { LANES = 4 };
typedef float lanes[LANES];

/* The inputs that there are: the first three, and the contexts that have a row,
   with their counters from the row's first bin on. */
enum { FIRST = 3 };
typedef struct {
  uint32_t n;
  uint32_t input[PRICE_INPUTS];
  const price_cell *cell[PRICE_INPUTS];
} rows;

/* The chance counted in cells, pulled towards a parent, and its logit. */
static inline void pull(const price_cell *restrict c, float strength,
                        const float *restrict parent, float *restrict chance,
                        float *restrict logit) {
  for (uint32_t k = 0; k < LANES; k++) {
    const float u = strength * PRICE_UNIT;
    const float event =
        (float)(int32_t)foresight_price_events(c[k]) + u * parent[k];
    const float all = (float)(int32_t)foresight_price_exposures(c[k]) + u;
    chance[k] = event / all;
    logit[k] = hearth_log2_rough(event / (all - event));
  }
}

/* Which inputs refine the model's own hazard, not the global one. */
static const uint8_t own[PRICE_INPUTS] = {
    [4] = 1, [6] = 1, [8] = 1, [12] = 1, [14] = 1, [17] = 1};

/* What a context says beyond its parent; nothing where it counted nothing. */
static inline void refine(const price_cell *restrict c,
                          const float *restrict parent,
                          const float *restrict base, float *restrict x) {
  for (uint32_t k = 0; k < LANES; k++) {
    const float u = ROW_PRIOR * PRICE_UNIT;
    const float event =
        (float)(int32_t)foresight_price_events(c[k]) + u * parent[k];
    const float all = (float)(int32_t)foresight_price_exposures(c[k]) + u;
    const float more = hearth_log2_rough(event / (all - event)) - base[k];
    const uint32_t used = c[k] ? UINT32_MAX : 0;
    uint32_t bits;
    memcpy(&bits, &more, sizeof bits);
    bits &= used;
    memcpy(&x[k], &bits, sizeof bits);
  }
}

/* The weight of an input, of the class and of the bin, times the input. */
static inline void add(const float *restrict w, const float *restrict v,
                       const float *restrict x, float *restrict sum) {
  for (uint32_t k = 0; k < LANES; k++) {
    sum[k] += (*w + v[k]) * x[k];
  }
}

/* The first three inputs at four bins from `first` on, and what the others
   refine. */
static inline void first_inputs(const foresight_price *p, const price_model *m,
                                uint32_t first, lanes *restrict x,
                                lanes *restrict chance,
                                lanes *restrict logit) {
  static const lanes prior = {GLOBAL_HAZARD, GLOBAL_HAZARD, GLOBAL_HAZARD,
                              GLOBAL_HAZARD};
  lanes late;
  pull(p->global + first, GLOBAL_PRIOR, prior, chance[0], logit[0]);
  pull(m->slow + first, ROW_PRIOR, chance[0], chance[1], logit[1]);
  pull(m->fast + first, ROW_PRIOR, chance[1], late, x[2]);
  for (uint32_t k = 0; k < LANES; k++) {
    x[0][k] = logit[0][k];
    x[1][k] = logit[1][k] - logit[0][k];
    x[2][k] -= logit[1][k];
  }
}

/* All inputs at four bins from `first` on, and their mixed logits. */
static void inputs(const foresight_price *restrict p,
                   const price_model *restrict m, const float *restrict w,
                   const rows *restrict r, uint32_t first, lanes *restrict x,
                   float *restrict z) {
  lanes chance[2], logit[2], sum = {0};
  first_inputs(p, m, first, x, chance, logit);
  for (uint32_t i = 0; i < FIRST; i++) {
    add(w + i, p->v[i] + first, x[i], sum);
  }
  const uint32_t at = first % PRICE_ROW_BINS;
  for (uint32_t i = FIRST; i < r->n; i++) {
    const uint32_t input = r->input[i], parent = own[input];
    refine(r->cell[i] + at, chance[parent], logit[parent], x[i]);
    add(w + input, p->v[input] + first, x[i], sum);
  }
  memcpy(z, sum, sizeof sum);
}

/* 1 / (1 + 2^-z) of four logits; relative error under 2e-4. */
static inline void squash(float *z) {
  for (uint32_t k = 0; k < LANES; k++) {
    z[k] = -z[k];
  }
  hearth_clip_four(z, -126.0f, 126.0f);
  for (uint32_t k = 0; k < LANES; k++) {
    z[k] = 1.0f / (1.0f + hearth_exp2_rough(z[k]));
  }
}

static uint32_t class_of(const price_model *m) {
  const uint32_t k = foresight_price_octave(m->gaps, 12) / 2;
  return k < PRICE_CLASSES ? k : PRICE_CLASSES - 1;
}

/* The counters of PRICE_SCALED from this part's first bin on. */
static uint32_t scaled_at(const price_model *m, uint32_t part) {
  return part * PRICE_ROW_BINS + m->shift;
}

/* All at once, and none waited for. */
static void expect_rows(const foresight_price *p, const price_model *m,
                        uint32_t part) {
  for (uint32_t i = FIRST; i < PRICE_SCALED; i++) {
    foresight_price_row_expect(p->rows, m->key[i], part);
  }
}

static void find_rows(const foresight_price *p, const price_model *m,
                      uint32_t part, rows *r) {
  uint32_t n = FIRST;
  for (uint32_t i = 0; i < FIRST; i++) {
    r->input[i] = i;
  }
  for (uint32_t i = FIRST; i < PRICE_SCALED; i++) {
    const price_row *const row =
        foresight_price_row_find(p->rows, m->key[i], part);
    r->input[n] = i;
    r->cell[n] = row->cell;
    n += m->key[i] && foresight_price_row_is(row, m->key[i]) ? 1 : 0;
  }
  if (m->key[PRICE_SCALED]) {
    r->input[n] = PRICE_SCALED;
    r->cell[n++] = p->scaled[m->key[PRICE_SCALED] - 1] + scaled_at(m, part);
  }
  r->n = n;
}

/* Bins that the idle time reaches this seldom are not looked at: what would be
   decided there weighs as little. */
#define REACHED 0.1
/* Looked at after so many bins each. */
enum { STEP = 4 };

/* Forecasts bin b and those after it that come with it, four at once, into
   m->known; where they end. */
static uint32_t forecast_some(foresight_price *p, price_model *m, uint32_t b,
                              uint32_t to, const rows *r) {
  const uint32_t at = b % PRICE_ROW_BINS, row_end = b - at + PRICE_ROW_BINS;
  /* Two vectors to a row: from its first bin, and from its fourth. */
  const uint32_t first = b - (at > 3 ? at - 3 : 0);
  lanes x[PRICE_INPUTS], z;
  inputs(p, m, p->w[class_of(m)], r, first, x, z);
  squash(z);
  uint32_t end = first + LANES;
  end = end < row_end ? end : row_end;
  end = end < to ? end : to;
  memcpy(&m->known[b], &z[b - first], (end - b) * sizeof *z);
  return end;
}

uint32_t foresight_price_forecast(foresight_price *p, uint32_t id,
                                  uint32_t from, uint32_t to, double *q) {
  price_model *const m = p->model + id;
  const uint32_t known = from < m->known_to ? m->known_to : from;
  double reached = 1.0;
  uint32_t end = from, part = PRICE_PARTS;
  rows r;
  for (uint32_t b = from; b < to;) {
    if (b == end) { /* soon is forecast anew, and what is later as it was */
      if (b / PRICE_ROW_BINS != part) {
        part = b / PRICE_ROW_BINS;
        expect_rows(p, m, part);
        find_rows(p, m, part, &r);
        expect_rows(p, m, (part + 1) % PRICE_PARTS);
      }
      const uint32_t anew = forecast_some(p, m, b, to, &r);
      end = anew > known ? anew : known;
      m->known_to = end;
    }
    q[b] = (double)m->known[b];
    reached *= 1.0 - q[b];
    b++;
    if ((b - from) % STEP == 0 && reached <= REACHED) {
      return b;
    }
  }
  return to;
}

/* The rows of a part, made where there are none. */
static void take_rows(foresight_price *p, price_model *m, uint32_t part,
                      rows *r, price_cell **cell) {
  uint32_t n = FIRST;
  for (uint32_t i = 0; i < FIRST; i++) {
    r->input[i] = i;
  }
  for (uint32_t i = FIRST; i < PRICE_SCALED; i++) {
    if (m->key[i]) {
      price_row *const row = foresight_price_row_take(p->rows, m->key[i], part);
      p->changed[(row - p->rows) / PRICE_WAYS] = 1;
      cell[n] = row->cell;
      r->input[n++] = i;
    }
  }
  if (m->key[PRICE_SCALED]) {
    cell[n] = p->scaled[m->key[PRICE_SCALED] - 1] + scaled_at(m, part);
    r->input[n++] = PRICE_SCALED;
  }
  for (uint32_t i = FIRST; i < n; i++) {
    r->cell[i] = cell[i];
  }
  r->n = n;
}

/* By the gradient of the log loss. */
static void learn_weights(foresight_price *p, const price_model *m,
                          const rows *r, uint32_t bin, uint32_t event) {
  const uint32_t at = bin % PRICE_ROW_BINS;
  const uint32_t first = bin - (at > 3 ? at - 3 : 0), lane = bin - first;
  float *const w = p->w[class_of(m)];
  lanes x[PRICE_INPUTS], z;
  inputs(p, m, w, r, first, x, z);
  squash(z);
  const double even = m->even_ms;
  const double age = (double)p->edge[bin] + 500.0;
  const double weight = age > even / 8 && age < even * 8 ? 1.0 : 0.3;
  const double rate =
      RATE_END + RATE_START / (1.0 + p->samples / RATE_FADE / 10.0);
  const float step =
      (float)(rate * weight * ((double)event - (double)z[lane]));
  for (uint32_t i = 0; i < r->n; i++) {
    const uint32_t input = r->input[i];
    const float y = LN2 * x[i][lane];
    const float d = step * (y < -CLIP ? -CLIP : y > CLIP ? CLIP : y);
    w[input] += d;
    p->v[input][bin] += d;
  }
  p->samples += 1.0;
}

void foresight_price_learn(foresight_price *p, uint32_t id, uint32_t bin,
                           uint32_t event) {
  price_model *const m = p->model + id;
  price_cell *cell[PRICE_INPUTS];
  rows r;
  expect_rows(p, m, bin / PRICE_ROW_BINS);
  take_rows(p, m, bin / PRICE_ROW_BINS, &r, cell);
  learn_weights(p, m, &r, bin, event);
  foresight_price_cell_learn(&p->global[bin], event, PRICE_LIMIT_SLOW);
  foresight_price_cell_learn(&m->slow[bin], event, PRICE_LIMIT_SLOW);
  foresight_price_cell_learn(&m->fast[bin], event, PRICE_LIMIT_FAST);
  for (uint32_t i = FIRST; i < r.n; i++) {
    foresight_price_cell_learn(cell[i] + bin % PRICE_ROW_BINS, event,
                               PRICE_LIMIT_SLOW / 4);
  }
}
