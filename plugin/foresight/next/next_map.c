/* SPDX-License-Identifier: MIT
   Calibration of the first candidates by adaptive probability maps. */
#include "plugin/foresight/next/next_map.h"

#include "plugin/foresight/next/next_math.h"

#define STEP (2.0f * NEXT_MAP_SPAN / (float)(NEXT_MAP_BINS - 1))

typedef struct {
  uint32_t bin;
  float upper; /* share of bin + 1 */
} place;

static place locate(float p) {
  const float q = next_clip(p, 1e-6f, 0.999999f);
  const float x =
      next_clip(next_log(q / (1.0f - q)), -NEXT_MAP_SPAN, NEXT_MAP_SPAN);
  const float at = (x + NEXT_MAP_SPAN) / STEP;
  place where;
  where.bin = (uint32_t)at;
  where.bin = where.bin < NEXT_MAP_BINS - 2 ? where.bin : NEXT_MAP_BINS - 2;
  where.upper = at - (float)where.bin;
  return where;
}

void next_map_init(float map[NEXT_TOP][NEXT_MAP_BINS]) {
  for (uint32_t r = 0; r < NEXT_TOP; ++r)
    for (uint32_t b = 0; b < NEXT_MAP_BINS; ++b)
      map[r][b] = 1.0f / (1.0f + next_exp(NEXT_MAP_SPAN - STEP * (float)b));
}

/* The first NEXT_TOP candidates by falling p; at equal p, the earlier one. */
static void rank(next_frame *f) {
  const float *p = f->p_mixed;
  f->tops = 0;
  for (uint32_t i = 0; i < f->count; ++i) {
    if (f->tops == NEXT_TOP && p[i] <= p[f->top[NEXT_TOP - 1]])
      continue;
    uint32_t r = f->tops < NEXT_TOP ? f->tops++ : NEXT_TOP - 1;
    for (; r > 0 && p[f->top[r - 1]] < p[i]; --r)
      f->top[r] = f->top[r - 1];
    f->top[r] = i;
  }
}

/* The others share what the maps left to them, within reason; then all is made
   to sum to one. */
static void spread(next_frame *f, const float *mapped, float first, float rest,
                   float missed) {
  const float scale =
      rest > 1e-9f ? next_clip((1.0f - missed - first) / rest, 0.25f, 4.0f)
                   : 1.0f;
  const float most = mapped[f->tops - 1];
  float sum = missed;
  for (uint32_t i = 0; i < f->count; ++i)
    f->p[i] = f->p[i] * scale < most ? f->p[i] * scale : most;
  for (uint32_t r = 0; r < f->tops; ++r)
    f->p[f->top[r]] = mapped[r];
  for (uint32_t i = 0; i < f->count; ++i)
    sum += f->p[i];
  const float norm = 1.0f / sum;
  for (uint32_t i = 0; i < f->count; ++i)
    f->p[i] *= norm;
  f->other = missed * norm;
}

void next_map_apply(const float map[NEXT_TOP][NEXT_MAP_BINS], next_frame *f,
                    float missed) {
  float first = 0.0f, rest = 0.0f, mapped[NEXT_TOP];
  rank(f);
  for (uint32_t i = 0; i < f->count; ++i) {
    f->p[i] = f->p_mixed[i] * (1.0f - missed);
    rest += f->p[i];
  }
  for (uint32_t r = 0; r < f->tops; ++r) {
    const float p = f->p[f->top[r]];
    const place at = locate(p);
    const float share = r ? NEXT_MAP_SHARE : NEXT_MAP_FIRST;
    mapped[r] = p + share * (map[r][at.bin] - p +
                             at.upper * (map[r][at.bin + 1] - map[r][at.bin]));
    /* A map must not turn the order round: where two ranks differ by chance
       alone, the greater of the two would be too great. */
    if (r && mapped[r] > mapped[r - 1])
      mapped[r] = mapped[r - 1];
    first += mapped[r];
    rest -= p;
    f->map_bin[r] = at.bin;
    f->map_upper[r] = at.upper;
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
