/* SPDX-License-Identifier: MIT
   Kaplan-Meier hazards of the gap, of one model and of all. */
#include "plugin/foresight/within/within_state.h"
#include "plugin/sdk/hint.h"

/* What a use leaves of a model's older gaps, of 65536: all, after a short one,
   after a long one, on the clock of requests (about 0.985 and 0.97). */
static const uint16_t keep[HISTORIES] = {64553, 63570, 63570, 63570};
/* Pseudo-observations a bin that pull a model to its pool, and its gaps after
   short or long ones to all its gaps. */
static const float pull[CLOCKS] = {1.5f, 4.0f, 1.5f};
/* Short and long are told apart at the decayed mean of a model's octaves. */
static const float mean_rate = 0.1f;
/* The scale-free prior, a hazard of 1 / t: in a quarter of an octave it ends
   1 - 2^(-1/4) of the gaps. */
static const float prior = 0.159f, prior_weight = 20.0f;
static const float pool_pull = 8.0f, pool_limit = 2000.0f;
/* Counts of gaps are in fixed point: small, and they fade to nothing. */
enum { ONE_GAP = 512 };
enum { ALL, AFTER_SHORT, AFTER_LONG, REQUESTS };
static const float gap_unit = 1.0f / (float)ONE_GAP;

/* Ends, and those left, with k pseudo-observations of chance p beside what was
   counted of each bin. */
typedef struct {
  float ended[BINS], left[BINS];
} counts;

static void add_pseudo(const float *restrict ended, const float *restrict left,
                       const float *restrict p, float k, counts *restrict c) {
  for (int i = 0; i < BINS; i++) {
    c->ended[i] = ended[i] + k * p[i];
  }
  for (int i = 0; i < BINS; i++) {
    c->left[i] = left[i] + k;
  }
}

/* -ln(1 - ended / left), for ended < left: of all bins, without a branch, so
   that it becomes vectors. */
static void hazards(const counts *restrict c, float *restrict hazard) {
  for (int i = 0; i < BINS; i++) {
    hazard[i] = 0.69314718f *
                hearth_log2_rough(c->left[i] / (c->left[i] - c->ended[i]));
  }
}

/* What a pool counted, pulled to the chances p. */
static void cumulate(within_pool *pool, const float *p, float k) {
  counts c;
  float hazard[BINS];
  add_pseudo(pool->events, pool->exposed, p, k, &c);
  hazards(&c, hazard);
  for (int i = 0; i < BINS; i++) {
    pool->p[i] = c.ended[i] / c.left[i];
    pool->cumulated[i + 1] = pool->cumulated[i] + hazard[i];
  }
  pool->changes = 0.0f;
}

static void cumulate_all(within_pool *all) {
  float p[BINS];
  for (int i = 0; i < BINS; i++) {
    p[i] = prior;
  }
  cumulate(all, p, prior_weight);
}

static void cumulate_pool(const within_pool *all, within_pool *pool) {
  cumulate(pool, all->p, pool_pull);
}

HEARTH_SELDOM void foresight_within_hazard_begin(foresight_within *head) {
  cumulate_all(&head->all);
  cumulate_all(&head->all_requests);
  for (int i = 0; i < POOLS; i++) {
    cumulate_pool(&head->all, &head->pools[i]);
  }
}

/* Is what is worked out of a pool's counts too old?  A thirtieth of change is
   too little to matter. */
static int stale(within_pool *pool) {
  pool->changes += 1.0f;
  return pool->changes * 30.0f > pool->exposed[0];
}

static void expose(within_pool *pool, int from, int to) {
  for (int i = from; i < to; i++) {
    pool->exposed[i] += 1.0f;
  }
}

static void forget(within_pool *pool) {
  if (pool->exposed[0] > pool_limit) {
    for (int i = 0; i < BINS; i++) {
      pool->events[i] *= 0.5f;
      pool->exposed[i] *= 0.5f;
    }
  }
}

/* As a gap grows past a bin the pools learn that it did not end there. */
void foresight_within_hazard_expose(foresight_within *head, within_model *m,
                                    float age, float requests) {
  const int a = within_bin(within_octave(age));
  const int r = within_bin(within_octave_requests(requests));
  if (a > m->exposed) {
    expose(&head->all, m->exposed, a);
    expose(&head->pools[m->pool], m->exposed, a);
    m->exposed = (uint8_t)a;
  }
  if (r > m->exposed_requests) {
    expose(&head->all_requests, m->exposed_requests, r);
    m->exposed_requests = (uint8_t)r;
  }
}

static void end_gap(within_pool *pool, int bin) {
  pool->exposed[bin] += 1.0f;
  pool->events[bin] += 1.0f;
  forget(pool);
}

static void own_gap(within_model *m, int clock, int bin) {
  uint16_t *const gaps = m->gaps[clock], by = keep[clock];
  for (int i = 0; i < BINS; i++) {
    gaps[i] = (uint16_t)((uint32_t)gaps[i] * by >> 16);
  }
  gaps[bin] = (uint16_t)(gaps[bin] + ONE_GAP);
}

/* A gap ended: tells the pools, and the model's own clocks. */
void foresight_within_hazard_used(foresight_within *head, within_model *m,
                                  float gap, float requests) {
  const int a = within_bin(within_octave(gap));
  const int r = within_bin(within_octave_requests(requests));
  within_pool *pool = &head->pools[m->pool];
  foresight_within_hazard_expose(head, m, gap, requests);
  end_gap(&head->all, a);
  end_gap(pool, a);
  end_gap(&head->all_requests, r);
  if (stale(&head->all)) {
    cumulate_all(&head->all);
  }
  if (stale(&head->all_requests)) {
    cumulate_all(&head->all_requests);
  }
  if (stale(pool)) {
    cumulate_pool(&head->all, pool);
  }
  own_gap(m, ALL, a);
  if (m->last_gap >= 0.0f) {
    own_gap(m, m->after ? AFTER_LONG : AFTER_SHORT, a);
  }
  own_gap(m, REQUESTS, r);
  const float octave = within_octave(gap);
  m->after = octave > m->mean_gap;
  m->mean_gap +=
      (m->last_gap < 0.0f ? 1.0f : mean_rate) * (octave - m->mean_gap);
  const int class = 1 + a / PER_OCTAVE;
  m->pool = (uint8_t)(class < POOLS ? class : POOLS - 1);
}

static void in_gaps(const int32_t *restrict units, float *restrict gaps) {
  for (int i = 0; i < BINS; i++) {
    gaps[i] = (float)units[i] * gap_unit;
  }
}

/* Hazards of one history: own counts, pulled to the parent's chances `p` of
   an end in a bin, whose hazards are `above`. */
static void cumulate_own(const uint16_t *gaps, const float *p,
                         const float *above, float k, float *cumulated) {
  int32_t ends[BINS], sum[BINS];
  float ended[BINS], left[BINS], hazard[BINS];
  counts c;
  for (int i = 0; i < BINS; i++) {
    ends[i] = gaps[i];
  }
  for (int i = BINS - 1, all = 0; i >= 0; i--) {
    sum[i] = all += ends[i];
  }
  in_gaps(ends, ended);
  in_gaps(sum, left);
  add_pseudo(ended, left, p, k, &c);
  hazards(&c, hazard);
  int i = 0;
  for (; i < BINS && sum[i] > 0; i++) {
    cumulated[i + 1] = cumulated[i] + hazard[i];
  }
  for (; i < BINS; i++) {
    cumulated[i + 1] = cumulated[i] + above[i + 1] - above[i];
  }
}

/* The chances of an end in each bin, from hazards up to its start. */
static void chances(const float *restrict cumulated, float *restrict p) {
  float x[BINS];
  for (int i = 0; i < BINS; i++) {
    x[i] = -1.44269504f * (cumulated[i + 1] - cumulated[i]);
  }
  for (int i = 0; i < BINS; i += 4) {
    hearth_clip_four(x + i, -126.0f, 126.0f);
  }
  for (int i = 0; i < BINS; i++) {
    p[i] = 1.0f - hearth_exp2_rough(x[i]);
  }
}

/* Works a model's cumulated hazards out anew, after a use. */
void foresight_within_hazard_refresh(foresight_within *head, within_model *m) {
  m->exposed = m->exposed_requests = 0;
  const within_pool *pool = &head->pools[m->pool];
  float p[BINS];
  cumulate_own(m->gaps[ALL], pool->p, pool->cumulated, pull[0],
               m->cumulated[0]);
  chances(m->cumulated[0], p);
  cumulate_own(m->gaps[m->after ? AFTER_LONG : AFTER_SHORT], p, m->cumulated[0],
               pull[1], m->cumulated[1]);
  cumulate_own(m->gaps[REQUESTS], head->all_requests.p,
               head->all_requests.cumulated, pull[2], m->cumulated[2]);
}
