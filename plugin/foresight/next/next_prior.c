/* SPDX-License-Identifier: MIT
   How popular each model is now: decayed counts at seven half-lives. */
#include "plugin/foresight/next/next_prior.h"

#include "plugin/foresight/next/next_math.h"

#define DECAYING (NEXT_LEVELS - 1u)
_Static_assert(DECAYING == 6, "as next_prior_read has it");
#define MOST_CLOCK ((int64_t)1 << 61) /* where it stops */

/* Halvings a millisecond. */
static const float RATE[DECAYING] = {1.0f / 60e3f,    1.0f / 300e3f,
                                     1.0f / 1800e3f,  1.0f / 7200e3f,
                                     1.0f / 28800e3f, 1.0f / 172800e3f};
/* Weight of the slower level in a faster one. */
static const float TRUST[DECAYING] = {1.0f, 2.0f, 3.0f, 5.0f, 8.0f, 12.0f};

typedef struct {
  float c[NEXT_LEVELS];
  int64_t at; /* on the store's clock */
} counts;

struct next_prior {
  counts total;
  counts *model;
  uint32_t models; /* room */
  uint32_t seen;
  int64_t clock, wall;
  double speed; /* of the clock */
  uint32_t popular_count;
  hearth_memory_user memory;
  uint16_t popular[NEXT_POPULAR];
};

next_prior *next_prior_new(const hearth_memory_user *memory) {
  next_prior *prior = hearth_zalloc(memory, 1, sizeof *prior);
  if (!prior)
    return NULL;
  prior->memory = *memory;
  prior->speed = 1;
  return prior;
}

void next_prior_free(next_prior *prior) {
  if (!prior)
    return;
  const hearth_memory_user memory = prior->memory;
  hearth_release(&memory, prior->model);
  hearth_release(&memory, prior);
}

void next_prior_set_decay(next_prior *prior, double factor) {
  prior->speed = factor > 64 ? 64 : factor > 1.0 / 64 ? factor : 1.0 / 64;
}

bool next_prior_grow(next_prior *prior, uint32_t models) {
  if (models <= prior->models)
    return true;
  const uint32_t room = hearth_room(prior->models, models < 16 ? 16 : models);
  counts *grown =
      hearth_resize(&prior->memory, prior->model, room * sizeof *grown);
  if (!grown)
    return false;
  memset(grown + prior->models, 0, (room - prior->models) * sizeof *grown);
  prior->model = grown;
  prior->models = room;
  return true;
}

static int64_t clock_at(const next_prior *prior, int64_t now_ms) {
  if (now_ms <= prior->wall || !prior->seen)
    return prior->clock;
  const int64_t passed =
      (int64_t)((double)(now_ms - prior->wall) * prior->speed);
  const int64_t left = MOST_CLOCK - prior->clock;
  return prior->clock + (passed < left ? passed : left);
}

static void decay(const counts *c, int64_t clock, float *out) {
  const float age = -(float)(clock - c->at);
  for (uint32_t l = 0; l < DECAYING; ++l)
    out[l] = c->c[l] * next_exp2(age * RATE[l]);
  out[DECAYING] = c->c[DECAYING];
}

static void bump(counts *c, int64_t clock) {
  decay(c, clock, c->c);
  c->at = clock;
  for (uint32_t l = 0; l < NEXT_LEVELS; ++l)
    c->c[l] += 1.0f;
}

static float ranked(const next_prior *prior, uint32_t model) {
  const counts *c = &prior->model[model];
  return c->c[NEXT_RANKED] *
         next_exp2(-(float)(prior->clock - c->at) * RATE[NEXT_RANKED]);
}

/* Moves the i-th up to where it belongs. */
static void rise(next_prior *prior, uint32_t i) {
  const uint16_t model = prior->popular[i];
  const float x = ranked(prior, model);
  for (; i > 0 && ranked(prior, prior->popular[i - 1]) < x; --i)
    prior->popular[i] = prior->popular[i - 1];
  prior->popular[i] = model;
}

/* Only the model just used can rise in the order, all others decay alike: so
   it is enough to look for a place for it. */
static void rank(next_prior *prior, uint16_t model) {
  const uint32_t n = prior->popular_count;
  for (uint32_t i = 0; i < n; ++i)
    if (prior->popular[i] == model) {
      rise(prior, i);
      return;
    }
  if (n < NEXT_POPULAR) {
    prior->popular[prior->popular_count++] = model;
    rise(prior, n);
    return;
  }
  if (ranked(prior, model) > ranked(prior, prior->popular[n - 1])) {
    prior->popular[n - 1] = model;
    rise(prior, n - 1);
  }
}

void next_prior_use(next_prior *prior, uint32_t model, int64_t now_ms) {
  prior->clock = clock_at(prior, now_ms);
  prior->wall = now_ms;
  counts *c = &prior->model[model];
  if (c->c[DECAYING] == 0.0f)
    ++prior->seen;
  bump(c, prior->clock);
  bump(&prior->total, prior->clock);
  rank(prior, (uint16_t)model);
}

/* One level of a block of candidates: counts that decay to now, mixed with
   the slower level.  Fixed lengths, so that the loop becomes vector code. */
static void read_level(const float *restrict level, const float *restrict age,
                       float *restrict slower, float rate, float trust,
                       float norm) {
  for (uint32_t k = 0; k < NEXT_BLOCK; ++k) {
    const float c = level[k] * next_exp2(age[k] * rate);
    slower[k] = (c + trust * slower[k]) * norm;
  }
}

void next_prior_read(const next_prior *prior, int64_t now_ms,
                     const uint16_t *model, uint32_t count, float *q,
                     uint32_t stride) {
  const int64_t clock = clock_at(prior, now_ms);
  float total[NEXT_LEVELS];
  decay(&prior->total, clock, total);
  const float norm = 1.0f / (total[DECAYING] + 0.5f * (float)(prior->seen + 1));
  float share[DECAYING];
  for (uint32_t l = 0; l < DECAYING; ++l)
    share[l] = 1.0f / (total[l] + TRUST[l]);
  for (uint32_t b = 0; b < count; b += NEXT_BLOCK) {
    float age[NEXT_BLOCK], slower[NEXT_BLOCK], level[DECAYING][NEXT_BLOCK];
    for (uint32_t k = 0; k < NEXT_BLOCK; ++k) {
      /* The block's end repeats the last candidate. */
      const uint32_t i = b + k < count ? b + k : count - 1;
      const counts *c = &prior->model[model[i]];
      age[k] = -(float)(clock - c->at);
      /* One after the other: gcc leaves a loop over the levels as it is. */
      level[0][k] = c->c[0];
      level[1][k] = c->c[1];
      level[2][k] = c->c[2];
      level[3][k] = c->c[3];
      level[4][k] = c->c[4];
      level[5][k] = c->c[5];
      slower[k] = (c->c[DECAYING] + 0.5f) * norm;
    }
    memcpy(q + DECAYING * stride + b, slower, sizeof slower);
    for (uint32_t l = DECAYING; l-- > 0;) {
      read_level(level[l], age, slower, RATE[l], TRUST[l], share[l]);
      memcpy(q + l * stride + b, slower, sizeof slower);
    }
  }
}

const uint16_t *next_prior_popular(const next_prior *prior, uint32_t *count) {
  *count = prior->popular_count;
  return prior->popular;
}

uint32_t next_prior_seen(const next_prior *prior) {
  return prior->seen;
}

bool next_prior_has(const next_prior *prior, uint32_t model) {
  return model < prior->models && prior->model[model].c[DECAYING] > 0.0f;
}

size_t next_prior_bytes(const next_prior *prior) {
  return sizeof *prior + prior->models * sizeof *prior->model;
}

#define MOST_COUNT 16777216.0f /* where a float stops counting */

/* A model was last counted no later than now. */
static void visit_counts(hearth_state *s, counts *c, int64_t clock) {
  hearth_state_f32s(s, "prior.counts", c->c, NEXT_LEVELS, 0.0f, MOST_COUNT);
  hearth_state_i64(s, "prior.at", &c->at, 0, clock);
}

static int is_used(const void *prior, uint32_t model) {
  return next_prior_has(prior, model);
}

static void visit_popular(hearth_state *s, next_prior *prior) {
  const uint32_t count =
      hearth_state_count(s, "popular", &prior->popular_count, NEXT_POPULAR);
  for (uint32_t i = 0; i < count && hearth_state_ok(s); ++i) {
    uint16_t *model = &prior->popular[i];
    hearth_state_u16(s, "popular", model, 0, UINT16_MAX);
    if (!next_prior_has(prior, *model))
      hearth_state_refuse(s, "popular", "a model is not used");
    for (uint32_t j = 0; j < i; ++j)
      if (prior->popular[j] == *model)
        hearth_state_refuse(s, "popular", "a model is there twice");
  }
}

void next_prior_state(hearth_state *s, next_prior *prior, uint32_t models) {
  const int64_t time = HEARTH_STATE_TIME;
  hearth_state_i64(s, "prior.clock", &prior->clock, 0, MOST_CLOCK);
  hearth_state_i64(s, "prior.wall", &prior->wall, -time, time);
  visit_counts(s, &prior->total, prior->clock);
  uint32_t seen = 0;
  for (uint32_t i = 0;
       hearth_state_next(s, "prior.model", &i, models, is_used, prior); ++i) {
    visit_counts(s, &prior->model[i], prior->clock);
    seen += next_prior_has(prior, i);
  }
  if (!hearth_state_saving(s))
    prior->seen = seen;
  visit_popular(s, prior);
}
