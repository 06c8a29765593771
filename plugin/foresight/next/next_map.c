/* SPDX-License-Identifier: MIT
   Calibration of the first candidates by adaptive probability maps. */
#include "plugin/foresight/next/next_map.h"

#include "plugin/foresight/next/next_math.h"
#include "plugin/sdk/hint.h"

#define STEP (2.0f * NEXT_MAP_SPAN / (float)(NEXT_MAP_BINS - 1))

/* Where in the maps each p is, in bins. */
static void locate(const float *restrict p, float *restrict at) {
  for (uint32_t r = 0; r < NEXT_TOP; ++r) {
    const float q = next_clip(p[r], 1e-6f, 0.999999f);
    const float x =
        next_clip(next_log_fast(q / (1.0f - q)), -NEXT_MAP_SPAN, NEXT_MAP_SPAN);
    at[r] = (x + NEXT_MAP_SPAN) * (1.0f / STEP);
  }
}

HEARTH_SELDOM void next_map_init(float map[NEXT_TOP][NEXT_MAP_BINS]) {
  for (uint32_t r = 0; r < NEXT_TOP; ++r)
    for (uint32_t b = 0; b < NEXT_MAP_BINS; ++b)
      map[r][b] = 1.0f / (1.0f + next_exp(NEXT_MAP_SPAN - STEP * (float)b));
}

/* A candidate's p, but for the last bits, and its place: compared as numbers,
   the greater p is the greater key and, where they are equal, the earlier
   candidate.  P is no less than 0, where a float's bits rise with it. */
#define PLACE_BITS 127
_Static_assert(NEXT_MAX <= PLACE_BITS, "room for a place");

static void make_keys(int32_t *restrict key, const float *restrict p,
                      int32_t first) {
  for (uint32_t k = 0; k < NEXT_BLOCK; ++k)
    key[k] = ((int32_t)next_bits(p[k]) & ~PLACE_BITS) |
             (PLACE_BITS - first - (int32_t)k);
}

static inline int32_t greater(int32_t a, int32_t b) {
  return a > b ? a : b;
}

/* The greatest key of a column: of every NEXT_BLOCK-th candidate. */
static int32_t greatest_of(const int32_t *key, uint32_t column,
                           uint32_t padded) {
  int32_t most = key[column];
  for (uint32_t i = column + NEXT_BLOCK; i < padded; i += NEXT_BLOCK)
    most = greater(key[i], most);
  return most;
}

static int32_t greatest(const int32_t column[NEXT_BLOCK]) {
  int32_t most[4];
  for (uint32_t k = 0; k < 4; ++k)
    most[k] = greater(greater(column[k], column[k + 4]),
                      greater(column[k + 8], column[k + 12]));
  return greater(greater(most[0], most[1]), greater(most[2], most[3]));
}

/* The first NEXT_TOP candidates by falling p: without branches, which nobody
   could foretell. */
static void rank(next_frame *f) {
  int32_t key[NEXT_MAX], column[NEXT_BLOCK];
  for (uint32_t b = 0; b < f->padded; b += NEXT_BLOCK)
    make_keys(key + b, &f->p_mixed[b], (int32_t)b);
  for (uint32_t i = f->count; i < f->padded; ++i)
    key[i] = -1;
  for (uint32_t k = 0; k < NEXT_BLOCK; ++k)
    column[k] = greatest_of(key, k, f->padded);
  f->tops = f->count < NEXT_TOP ? f->count : NEXT_TOP;
  for (uint32_t r = 0; r < f->tops; ++r) {
    const uint32_t i = PLACE_BITS - ((uint32_t)greatest(column) & PLACE_BITS);
    f->top[r] = i;
    key[i] = -1;
    column[i % NEXT_BLOCK] = greatest_of(key, i % NEXT_BLOCK, f->padded);
  }
}

static void limit(float *restrict p, const float *restrict mixed, float scale,
                  float most) {
  for (uint32_t k = 0; k < NEXT_BLOCK; ++k) {
    const float x = mixed[k] * scale;
    p[k] = x < most ? x : most;
  }
}

static void times(float *restrict x, float y) {
  for (uint32_t k = 0; k < NEXT_BLOCK; ++k)
    x[k] *= y;
}

/* The others share what the maps left to them, within reason; then all is made
   to sum to one. */
static void spread(next_frame *f, const float *mapped, float first, float rest,
                   float missed) {
  const float scale =
      rest > 1e-9f ? next_clip((1.0f - missed - first) / rest, 0.25f, 4.0f)
                   : 1.0f;
  const float most = mapped[f->tops - 1];
  for (uint32_t b = 0; b < f->padded; b += NEXT_BLOCK)
    limit(&f->p[b], &f->p_mixed[b], scale * (1.0f - missed), most);
  for (uint32_t r = 0; r < f->tops; ++r)
    f->p[f->top[r]] = mapped[r];
  const float norm = 1.0f / (missed + next_sum(f->p, f->padded));
  for (uint32_t b = 0; b < f->padded; b += NEXT_BLOCK)
    times(&f->p[b], norm);
  f->other = missed * norm;
}

void next_map_apply(const float map[NEXT_TOP][NEXT_MAP_BINS], next_frame *f,
                    float missed) {
  float first = 0.0f, rest = 1.0f - missed, mapped[NEXT_TOP];
  float known[NEXT_TOP] = {0}, at[NEXT_TOP];
  rank(f);
  for (uint32_t r = 0; r < f->tops; ++r)
    known[r] = f->p_mixed[f->top[r]] * (1.0f - missed);
  locate(known, at);
  for (uint32_t r = 0; r < f->tops; ++r) {
    const float p = known[r], share = r ? NEXT_MAP_SHARE : NEXT_MAP_FIRST;
    const uint32_t whole = (uint32_t)(int32_t)at[r];
    const uint32_t bin = whole < NEXT_MAP_BINS - 2 ? whole : NEXT_MAP_BINS - 2;
    const float upper = at[r] - (float)(int32_t)bin;
    mapped[r] =
        p + share * (map[r][bin] - p + upper * (map[r][bin + 1] - map[r][bin]));
    /* A map must not turn the order round: where two ranks differ by chance
       alone, the greater of the two would be too great. */
    if (r && mapped[r] > mapped[r - 1])
      mapped[r] = mapped[r - 1];
    first += mapped[r];
    rest -= p;
    f->map_bin[r] = bin;
    f->map_upper[r] = upper;
  }
  spread(f, mapped, first, rest, missed);
}

void next_map_learn(float map[NEXT_TOP][NEXT_MAP_BINS], const next_frame *f,
                    uint32_t truth) {
  for (uint32_t r = 0; r < f->tops; ++r) {
    const float y = f->top[r] == truth ? 1.0f : 0.0f;
    float *low = &map[r][f->map_bin[r]];
    const float upper = f->map_upper[r];
    low[0] += NEXT_MAP_RATE * (1.0f - upper) * (y - low[0]);
    low[1] += NEXT_MAP_RATE * upper * (y - low[1]);
  }
}
