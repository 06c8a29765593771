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
#define CLIP 3.0f
#define RATE_END 0.002
#define RATE_START 0.018
#define RATE_FADE 2000.0

/* Of the inputs, in arrays that compilers take four at a time. */
enum { LANES = PRICE_INPUTS + 1 };
_Static_assert(LANES % 4 == 0, "lanes come in fours");

/* Odds of many counters into logits at once.  No branch, so that compilers
   use vectors; plain arithmetic only, so that all give the same bits. */
static void logits(float x[LANES]) {
  for (uint32_t i = 0; i < LANES; i++) {
    uint32_t bits;
    memcpy(&bits, &x[i], sizeof bits);
    bits += 0x3f800000U - 0x3f3504f3U; /* the mantissa from sqrt(1/2) on */
    const int32_t k = (int32_t)(bits >> 23) - 127;
    bits = (bits & 0x007fffffU) + 0x3f3504f3U;
    float m;
    memcpy(&m, &bits, sizeof m);
    const float s = (m - 1.0f) / (m + 1.0f), z = s * s;
    x[i] = (float)k * 0.693147181f +
           2.0f * s * (1.0f + z * (0.333333333f + z * (0.2f + z * 0.142857f)));
  }
}

/* Class of a positive quantity, by octaves, 0 below `unit`. */
static uint32_t octave(double x, double unit, uint32_t most) {
  uint32_t k = 0;
  for (double edge = unit; x >= edge && k < most; edge *= 2.0) {
    k++;
  }
  return k;
}

uint32_t foresight_price_bin(const foresight_price *p, int64_t age_ms,
                             uint32_t from) {
  uint32_t b = from;
  while (b + 1 < PRICE_BINS && age_ms >= p->edge[b + 1]) {
    b++;
  }
  return b;
}

static uint32_t mix(const foresight_price *p, uint32_t i, uint32_t a,
                    uint32_t b) {
  return foresight_price_hash(
      foresight_price_hash((uint32_t)p->config.seed + i, a), b);
}

static void user_contexts(foresight_price *p, uint32_t id, uint32_t rate) {
  price_model *const m = p->model + id;
  uint32_t *const key = m->key;
  const foresight_price_user *const u =
      m->user == FORESIGHT_PRICE_NONE || !p->config.user
          ? 0
          : p->config.user(p->config.context, m->user);
  const uint32_t mass =
      octave(m->mass[0], 0.2, 7) * 8 + octave(m->mass[1], 0.2, 7);
  key[9] = mix(p, 9, mass, rate);
  if (!u) {
    key[10] = mix(p, 10, 99, 0);
    key[11] = mix(p, 11, 99, 0);
    key[12] = mix(p, 12, 0, id);
    key[15] = mix(p, 15, 99, 0);
    return;
  }
  const uint32_t silence =
      octave((double)foresight_price_forward(u->time_ms, p->now - p->offset),
             4000.0, 16);
  const uint32_t still = u->last == id;
  const uint32_t run = octave(u->run, 1.0, 5);
  key[10] = mix(p, 10, silence * 2 + still, octave(m->count[1], 0.5, 4));
  key[11] = mix(p, 11, silence, run * 2 + still);
  key[12] = mix(p, 12, foresight_price_hash(u->last, u->before), id);
  key[15] = mix(p, 15, octave((double)m->user_gap, 4000.0, 16),
                octave(m->user_count, 1.0, 5) * 2 + still);
}

static void drop_contexts(uint32_t off, uint32_t *key) {
  for (uint32_t i = 3; i < PRICE_INPUTS; i++) {
    const uint32_t user = (i >= 9 && i <= 12) || i == 15;
    const uint32_t gap = i == 4 || i == 5 || i == 17 || i == PRICE_SCALED;
    if ((off & FORESIGHT_PRICE_OFF_MIXING) ||
        ((off & FORESIGHT_PRICE_OFF_USERS) && user) ||
        ((off & FORESIGHT_PRICE_OFF_GAPS) && gap)) {
      key[i] = 0;
    }
  }
}

void foresight_price_contexts(foresight_price *p, uint32_t id) {
  price_model *const m = p->model + id;
  uint32_t *const key = m->key;
  const uint32_t rate = octave(m->count[1], 0.25, 8);
  const uint32_t fast = octave(m->count[0], 0.25, 6);
  const uint32_t day = octave(m->count[2], 0.25, 10);
  const int64_t clock = (p->now - p->offset) / 3600000 % 24;
  const uint32_t hour = (uint32_t)((clock + 24) % 24);
  const uint32_t burst = octave(m->burst, 1.0, 6);
  const uint32_t g1 = m->gap1, g2 = m->gap2;
  const double ratio = (p->rate + 0.5) / (p->rate_day + 0.5);
  key[0] = key[1] = key[2] = 0;
  key[3] = mix(p, 3, rate, octave(m->gaps, 1.0, 4));
  key[4] = mix(p, 4, id, g1);
  key[5] = mix(p, 5, g1, g2);
  key[6] = mix(p, 6, id, hour);
  key[7] = mix(p, 7, hour, 0);
  key[8] = mix(p, 8, id, burst);
  key[13] = mix(p, 13, fast * 16 + day, rate);
  key[14] = mix(p, 14, id, octave(ratio, 0.125, 6));
  key[16] = mix(p, 16, (m->same_length ? 8 : 0) + burst, m->task);
  key[17] = mix(p, 17, id, g1 / 2 * 32 + g2 / 2);
  /* All models share this one: what is long for one is short for another. */
  const double gap_ms =
      m->gaps ? 1000.0 * hearth_exp((double)m->log_gap) : 1e12;
  m->shift = PRICE_BINS - foresight_price_bin(p, (int64_t)gap_ms, 0);
  key[PRICE_SCALED] = mix(p, PRICE_SCALED, octave(m->gaps, 1.0, 12) / 3, 0);
  user_contexts(p, id, rate);
  drop_contexts(p->config.off, key);
}

/* A chance counted in a cell, pulled towards a parent. */
static float pulled(price_cell c, float strength, float parent, float *odds) {
  const float u = strength * PRICE_UNIT;
  const float event = (float)c.events + u * parent;
  const float none = (float)(c.exposures - c.events) + u * (1.0f - parent);
  *odds = event / none;
  return event / (event + none);
}

/* Which inputs refine the model's own hazard, not the global one. */
#define OWN UINT32_MAX
static const uint32_t own[LANES] = {[2] = OWN,  [4] = OWN,  [6] = OWN,
                                    [8] = OWN,  [12] = OWN, [14] = OWN,
                                    [17] = OWN};

/* The bin under which input i counts. */
static uint32_t counted(const price_model *m, uint32_t i, uint32_t bin) {
  return i == PRICE_SCALED ? bin + m->shift : bin;
}

static uint32_t row_key(uint32_t key, uint32_t bin) {
  return foresight_price_hash(key, bin / PRICE_ROW_BINS);
}

/* What stands where there is no row. */
static const price_row empty;

/* Events in the lower half, exposures in the upper one. */
static uint32_t both(price_cell c) {
  return (uint32_t)c.events | (uint32_t)c.exposures << 16;
}

/* The counters of one bin, those of inputs 0 to 2 left empty. */
static void gather(const price_model *m, const price_row *const *row,
                   uint32_t bin, uint32_t c[LANES]) {
  const uint32_t at = bin % PRICE_ROW_BINS;
  c[0] = c[1] = c[2] = c[LANES - 1] = 0;
  for (uint32_t i = 3; i < PRICE_SCALED; i++) {
    c[i] = both(row[i]->cell[at]);
  }
  c[PRICE_SCALED] =
      both(row[PRICE_SCALED]->cell[(bin + m->shift) % PRICE_ROW_BINS]);
}

/* a where the mask is set, else b. */
static float choose(uint32_t mask, float a, float b) {
  uint32_t x, y;
  memcpy(&x, &a, sizeof x);
  memcpy(&y, &b, sizeof y);
  x = (x & mask) | (y & ~mask);
  memcpy(&a, &x, sizeof a);
  return a;
}

static void inputs(const foresight_price *p, const price_model *m,
                   const price_row *const *row, uint32_t bin, float x[LANES]) {
  uint32_t c[LANES];
  gather(m, row, bin, c);
  float first[3];
  const float chance =
      pulled(p->global[bin], GLOBAL_PRIOR, GLOBAL_HAZARD, &first[0]);
  const float mine = pulled(m->slow[bin], ROW_PRIOR, chance, &first[1]);
  pulled(m->fast[bin], ROW_PRIOR, mine, &first[2]);
  const float u = ROW_PRIOR * PRICE_UNIT;
  for (uint32_t i = 0; i < LANES; i++) {
    const float parent = choose(own[i], mine, chance);
    const int32_t events = (int32_t)(c[i] & 0xffffu);
    const int32_t none = (int32_t)(c[i] >> 16) - events;
    x[i] = ((float)events + u * parent) / ((float)none + u * (1.0f - parent));
  }
  memcpy(x, first, sizeof first);
  logits(x);
  const float all = x[0], base = x[1], late = x[2];
  for (uint32_t i = 0; i < LANES; i++) {
    const uint32_t used = c[i] >> 16 ? UINT32_MAX : 0;
    x[i] = choose(used, x[i] - choose(own[i], base, all), 0.0f);
  }
  x[0] = all;
  x[1] = base - all;
  x[2] = late - base;
}

static uint32_t class_of(const price_model *m) {
  const uint32_t k = octave((double)m->gaps, 1.0, 12) / 2;
  return k < PRICE_CLASSES ? k : PRICE_CLASSES - 1;
}

static const price_row *find(const foresight_price *p, const price_model *m,
                             uint32_t i, uint32_t bin) {
  const price_row *const r =
      m->key[i]
          ? foresight_price_row_find(p->rows,
                                     row_key(m->key[i], counted(m, i, bin)))
          : 0;
  return r ? r : &empty;
}

/* The rows of a bin; those of the bin before are there already. */
static void find_rows(const foresight_price *p, const price_model *m,
                      uint32_t bin, int first, const price_row **row) {
  if (first || bin % PRICE_ROW_BINS == 0) {
    for (uint32_t i = 3; i < PRICE_SCALED; i++) {
      row[i] = find(p, m, i, bin);
    }
  }
  if (first || counted(m, PRICE_SCALED, bin) % PRICE_ROW_BINS == 0) {
    row[PRICE_SCALED] = find(p, m, PRICE_SCALED, bin);
  }
}

/* The mixed logit; four sums at once, in a fixed order. */
static float mixed(const float *w, const float *v, const float x[LANES]) {
  float sum[4] = {0};
  for (uint32_t i = 0; i + 4 < LANES; i += 4) {
    for (uint32_t j = 0; j < 4; j++) {
      sum[j] += (w[i + j] + v[i + j]) * x[i + j];
    }
  }
  for (uint32_t i = LANES - 4; i < PRICE_INPUTS; i++) {
    sum[i % 4] += (w[i] + v[i]) * x[i];
  }
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* 1 / (1 + e^-z) of four logits; relative error under 2e-4. */
static void squash(float z[4]) {
  for (uint32_t i = 0; i < 4; i++) {
    z[i] = -1.44269504f * z[i];
  }
  hearth_clip_four(z, -126.0f, 126.0f);
  for (uint32_t i = 0; i < 4; i++) {
    z[i] = 1.0f / (1.0f + hearth_exp2_rough(z[i]));
  }
}

/* Bins that the idle time reaches this seldom are not looked at: what would be
   decided there weighs as little. */
#define REACHED 0.1

uint32_t foresight_price_forecast(const foresight_price *p, uint32_t id,
                                  uint32_t from, uint32_t to, double *q) {
  const price_model *const m = p->model + id;
  const float *const w = p->w[class_of(m)];
  const price_row *row[PRICE_INPUTS];
  double reached = 1.0;
  for (uint32_t b = from; b < to && reached > REACHED;) {
    float z[4] = {0};
    const uint32_t n = to - b < 4 ? to - b : 4;
    for (uint32_t k = 0; k < n; k++, b++) {
      float x[LANES];
      find_rows(p, m, b, b == from, row);
      inputs(p, m, row, b, x);
      z[k] = mixed(w, p->v[b], x);
    }
    squash(z);
    for (uint32_t k = 0; k < n; k++) {
      q[b - n + k] = (double)z[k];
      reached *= 1.0 - (double)z[k];
    }
    if (reached <= REACHED) {
      return b;
    }
  }
  return to;
}

void foresight_price_learn(foresight_price *p, uint32_t id, uint32_t bin,
                           uint32_t event) {
  price_model *const m = p->model + id;
  price_row *row[PRICE_INPUTS], unused = {0};
  for (uint32_t i = 3; i < PRICE_INPUTS; i++) {
    row[i] = m->key[i] ? foresight_price_row_take(
                             p->rows, row_key(m->key[i], counted(m, i, bin)))
                       : &unused;
  }
  float x[LANES];
  inputs(p, m, (const price_row *const *)row, bin, x);
  float *const w = p->w[class_of(m)], *const v = p->v[bin];
  const double q = hearth_sigmoid((double)mixed(w, v, x));
  const double even = m->even_ms;
  const double age = (double)p->edge[bin] + 500.0;
  const double weight = age > even / 8 && age < even * 8 ? 1.0 : 0.3;
  const double rate =
      RATE_END + RATE_START / (1.0 + p->samples / RATE_FADE / 10.0);
  const float step = (float)(rate * weight * ((double)event - q));
  for (uint32_t i = 0; i < PRICE_INPUTS; i++) {
    const float d = step * (float)hearth_clip((double)x[i], -CLIP, CLIP);
    w[i] += d;
    v[i] += d;
  }
  p->samples += 1.0;
  foresight_price_cell_learn(&p->global[bin], event, PRICE_LIMIT_SLOW);
  foresight_price_cell_learn(&m->slow[bin], event, PRICE_LIMIT_SLOW);
  foresight_price_cell_learn(&m->fast[bin], event, PRICE_LIMIT_FAST);
  for (uint32_t i = 3; i < PRICE_INPUTS; i++) {
    if (m->key[i]) {
      foresight_price_cell_learn(
          &row[i]->cell[counted(m, i, bin) % PRICE_ROW_BINS], event,
          PRICE_LIMIT_SLOW / 4);
      p->changed[(row[i] - p->rows) / PRICE_WAYS] = 1;
    }
  }
}
