/* SPDX-License-Identifier: MIT
   How popular each model is now: decayed counts at several half-lives. */
#include "plugin/foresight/next/next_prior.h"

#include "plugin/foresight/next/next_math.h"
#include "plugin/sdk/hint.h"

/* Of a model's counts: those that are read, by falling haste; that which orders
   the most popular; and that which never decays. */
enum { RANKED = NEXT_SHARES, DECAYING, EVER = DECAYING, LEVELS };
_Static_assert(NEXT_SHARES == 4, "as next_prior_read has it");
#define MOST_CLOCK ((int64_t)1 << 61) /* where it stops */

/* A use is worth up to 2^EPOCH; counts that fell below 2^-LEAST are none; and
   what is to be scaled by less than 2^-GONE is nothing.  So no product is so
   small that it would be a subnormal float. */
#define EPOCH 64.0f
#define GONE 90.0f
#define LEAST 1e-9f

/* Halvings a millisecond. */
static const float RATE[DECAYING] = {1.0f / 60e3f, 1.0f / 300e3f,
                                     1.0f / 1800e3f, 1.0f / 172800e3f,
                                     1.0f / 28800e3f};
/* Weight of the slower level in a faster one. */
static const float TRUST[NEXT_SHARES] = {1.0f, 2.0f, 3.0f, 12.0f};

typedef struct {
  float c[LEVELS];
} counts;

struct next_prior {
  counts total;
  int64_t epoch[DECAYING]; /* on the store's clock; a use then is worth 1 */
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

HEARTH_SELDOM void next_prior_free(next_prior *prior) {
  if (!prior)
    return;
  const hearth_memory_user memory = prior->memory;
  hearth_release(&memory, prior->model);
  hearth_release(&memory, prior);
}

void next_prior_set_decay(next_prior *prior, double factor) {
  prior->speed = factor > 64 ? 64 : factor > 1.0 / 64 ? factor : 1.0 / 64;
}

HEARTH_SELDOM bool next_prior_grow(next_prior *prior, uint32_t models) {
  if (models <= prior->models)
    return true;
  const uint32_t room = hearth_room(prior->models, models < 16 ? 16 : models);
  if (hearth_widen(&prior->memory, (void **)&prior->model, prior->models, room,
                   sizeof *prior->model) != HEARTH_OK)
    return false;
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

/* Half-lives since the level's epoch. */
static float halvings(const next_prior *prior, uint32_t level, int64_t clock) {
  return (float)(clock - prior->epoch[level]) * RATE[level];
}

/* What the level's counts are to be scaled by. */
static float scale_at(const next_prior *prior, uint32_t level, int64_t clock) {
  const float x = halvings(prior, level, clock);
  return x < GONE ? next_exp2(-x) : 0.0f;
}

static float scaled(float c, float scale) {
  const float x = c * scale;
  return x < LEAST ? 0.0f : x;
}

static void move_epoch(next_prior *prior, uint32_t level) {
  const float scale = scale_at(prior, level, prior->clock);
  for (uint32_t m = 0; m < prior->models; ++m)
    prior->model[m].c[level] = scaled(prior->model[m].c[level], scale);
  prior->total.c[level] = scaled(prior->total.c[level], scale);
  prior->epoch[level] = prior->clock;
}

static float ranked(const next_prior *prior, uint32_t model) {
  return prior->model[model].c[RANKED];
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
  if (c->c[EVER] == 0.0f)
    ++prior->seen;
  c->c[EVER] += 1.0f;
  prior->total.c[EVER] += 1.0f;
  for (uint32_t l = 0; l < DECAYING; ++l) {
    if (halvings(prior, l, prior->clock) > EPOCH)
      move_epoch(prior, l);
    const float worth = next_exp2(halvings(prior, l, prior->clock));
    c->c[l] += worth;
    prior->total.c[l] += worth;
  }
  rank(prior, (uint16_t)model);
}

typedef struct {
  float scale[NEXT_SHARES], norm[NEXT_SHARES], ever;
} terms;

/* Counts of a block of candidates as they are now, each level mixed with the
   slower one.  Fixed lengths, so that the loop becomes vector code. */
static void mix(float level[LEVELS][NEXT_BLOCK], const terms *restrict t) {
  for (uint32_t k = 0; k < NEXT_BLOCK; ++k) {
    float x = (level[EVER][k] + 0.5f) * t->ever;
    x = (level[3][k] * t->scale[3] + TRUST[3] * x) * t->norm[3];
    level[3][k] = x;
    x = (level[2][k] * t->scale[2] + TRUST[2] * x) * t->norm[2];
    level[2][k] = x;
    x = (level[1][k] * t->scale[1] + TRUST[1] * x) * t->norm[1];
    level[1][k] = x;
    x = (level[0][k] * t->scale[0] + TRUST[0] * x) * t->norm[0];
    level[0][k] = x;
  }
}

void next_prior_fetch(const next_prior *prior, const uint16_t *model,
                      uint32_t count) {
  for (uint32_t k = 0; k < count; ++k)
    hearth_fetch(&prior->model[model[k]]);
}

void next_prior_read(const next_prior *prior, int64_t now_ms,
                     const uint16_t *model, uint32_t count, float *share,
                     uint32_t stride) {
  const int64_t clock = clock_at(prior, now_ms);
  terms t = {.ever = 1.0f /
                     (prior->total.c[EVER] + 0.5f * (float)(prior->seen + 1))};
  for (uint32_t l = 0; l < NEXT_SHARES; ++l) {
    t.scale[l] = scale_at(prior, l, clock);
    t.norm[l] = 1.0f / (prior->total.c[l] * t.scale[l] + TRUST[l]);
  }
  for (uint32_t b = 0; b < count; b += NEXT_BLOCK) {
    float level[LEVELS][NEXT_BLOCK];
    for (uint32_t k = 0; k < NEXT_BLOCK; ++k) {
      const counts *c = &prior->model[model[b + k]];
      /* One after the other: gcc leaves a loop over the levels as it is. */
      level[0][k] = c->c[0];
      level[1][k] = c->c[1];
      level[2][k] = c->c[2];
      level[3][k] = c->c[3];
      level[EVER][k] = c->c[EVER];
    }
    mix(level, &t);
    for (uint32_t l = 0; l < NEXT_SHARES; ++l)
      memcpy(share + l * stride + b, level[l], sizeof level[l]);
  }
}

const uint16_t *next_prior_popular(const next_prior *prior, uint32_t *count) {
  *count = prior->popular_count;
  return prior->popular;
}

uint32_t next_prior_seen(const next_prior *prior) {
  return prior->seen;
}

static bool has(const next_prior *prior, uint32_t model) {
  return model < prior->models && prior->model[model].c[EVER] > 0.0f;
}

#define MOST_COUNT 16777216.0f /* where a float stops counting */
#define MOST_WORTH 3.1e26f     /* so many, each worth 2^EPOCH */

HEARTH_SELDOM static void visit_counts(hearth_state *s, counts *c) {
  hearth_state_f32s(s, "prior.counts", c->c, DECAYING, 0.0f, MOST_WORTH);
  hearth_state_f32(s, "prior.ever", &c->c[EVER], 0.0f, MOST_COUNT);
}

static int is_used(const void *prior, uint32_t model) {
  return has(prior, model);
}

HEARTH_SELDOM static void visit_popular(hearth_state *s, next_prior *prior) {
  const uint32_t count =
      hearth_state_count(s, "popular", &prior->popular_count, NEXT_POPULAR);
  for (uint32_t i = 0; i < count && hearth_state_ok(s); ++i) {
    uint16_t *model = &prior->popular[i];
    hearth_state_u16(s, "popular", model, 0, UINT16_MAX);
    if (!has(prior, *model))
      hearth_state_refuse(s, "popular", "a model is not used");
    for (uint32_t j = 0; j < i; ++j)
      if (prior->popular[j] == *model)
        hearth_state_refuse(s, "popular", "a model is there twice");
  }
}

HEARTH_SELDOM void next_prior_state(hearth_state *s, next_prior *prior,
                                    uint32_t models) {
  const int64_t time = HEARTH_STATE_TIME;
  hearth_state_i64(s, "prior.clock", &prior->clock, 0, MOST_CLOCK);
  hearth_state_i64(s, "prior.wall", &prior->wall, -time, time);
  hearth_state_i64s(s, "prior.epoch", prior->epoch, DECAYING, 0, prior->clock);
  visit_counts(s, &prior->total);
  uint32_t seen = 0;
  for (uint32_t i = 0;
       hearth_state_next(s, "prior.model", &i, models, is_used, prior); ++i) {
    visit_counts(s, &prior->model[i]);
    seen += has(prior, i);
  }
  if (!hearth_state_saving(s))
    prior->seen = seen;
  visit_popular(s, prior);
}
