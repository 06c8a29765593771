/* SPDX-License-Identifier: MIT
   When to take a sample of a model, and what became of it. */
#include "plugin/foresight/within/within_state.h"

/* Samples of a model are spaced by a share of its age, at least and at most
   these parts of the horizon; so the young, of whom most is to be learned,
   are seen often, and the old seldom but with more weight. */
static const float by_age = 0.25f;
static const float least[HORIZONS] = {0.2f, 0.1f, 0.06f};
static const float most[HORIZONS] = {12.0f, 2.0f, 0.7f};
/* A horizon is sampled at a visit when this part of its spacing has passed. */
static const float soon = 0.7f;
/* Visits a request pays for, the debt that doubles all spacings, and the most
   that is owed. */
static const float visits = 3.0f, debt_octave = 256.0f;
static const float debt_limit = 4096.0f;
/* A bound for what a request after a long silence finds due. */
enum { AT_ONCE = 1024 };

static uint32_t noise(foresight_within *head) {
  uint32_t x = head->noise; /* xorshift, Marsaglia 2003 */
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  return head->noise = x;
}

/* --- a binary heap of models by the time their next sample is due --- */

static int64_t due(const foresight_within *head, uint32_t place) {
  return head->models[head->heap[place]].due;
}

static void put(foresight_within *head, uint32_t place, uint32_t model) {
  head->heap[place] = model;
  head->models[model].heap_place = place;
}

static void settle(foresight_within *head, uint32_t place) {
  const uint32_t model = head->heap[place];
  const int64_t t = head->models[model].due;
  while (place && due(head, (place - 1) / 2) > t) {
    put(head, place, head->heap[(place - 1) / 2]);
    place = (place - 1) / 2;
  }
  for (;;) {
    uint32_t child = 2 * place + 1;
    if (child + 1 < head->heap_size &&
        due(head, child + 1) < due(head, child)) {
      child++;
    }
    if (child >= head->heap_size || due(head, child) >= t) {
      break;
    }
    put(head, place, head->heap[child]);
    place = child;
  }
  put(head, place, model);
}

/* --- samples --- */

/* Time from the last sample to the next, by the age at the last. */
static int64_t spacing(const foresight_within *head, const within_model *m,
                       int h) {
  const float s = foresight_within_horizon[h];
  const float age = within_seconds(m->last, m->sampled[h]);
  return (int64_t)(1000.0f * head->stride *
                   within_clip(by_age * age, least[h] * s, most[h] * s));
}

static void plan(foresight_within *head, within_model *m, int64_t now) {
  int64_t next = INT64_MAX;
  for (int h = 0; h < HORIZONS; h++) {
    const int64_t t = m->sampled[h] + spacing(head, m, h);
    next = t < next ? t : next;
  }
  const int64_t wait = next > now ? next - now : 1;
  m->due = now + wait + wait * (noise(head) >> 16) / 262144;
}

static void keep(foresight_within *head, int h, uint32_t model, int64_t now,
                 const within_inputs *in) {
  within_ring *ring = &head->rings[h];
  within_model *m = &head->models[model];
  const float s = foresight_within_horizon[h];
  const float planned = 1.5e-3f * (float)spacing(head, m, h);
  const float passed = within_seconds(m->sampled[h], now);
  m->sampled[h] = now;
  if (ring->size == RING) {
    head->debt += 1.0f;
    return;
  }
  within_sample *sample = &ring->samples[(ring->head + ring->size) % RING];
  ring->size++;
  sample->time = now;
  sample->model = model;
  sample->weight =
      within_clip((passed < planned ? passed : planned) / s, 0.0f, 1.0f);
  memcpy(sample->cell, in->cell, sizeof sample->cell);
  sample->age = in->age;
  sample->rate = in->rate;
  for (int i = 0; i < INPUTS; i++) {
    /* Rounded by way of a positive number, which needs no branch. */
    const float x = within_clip(in->x[i][h], -15.9f, 15.9f) * 2048.0f;
    sample->x[i] = (int16_t)((int)(x + 32768.5f) - 32768);
  }
}

/* What is common to all models at `now`; made anew each minute only. */
static void look(const foresight_within *head, int64_t now,
                 foresight_within_now *at) {
  if (at->hour < 0 || now - at->time > 60000 || now < at->time ||
      now / 3600000 != at->time / 3600000) {
    foresight_within_at(head, now, at);
  }
}

static void visit(foresight_within *head, uint32_t model, int64_t now,
                  foresight_within_now *common) {
  within_model *m = &head->models[model];
  const float age = within_seconds(m->last, now);
  const float since = (float)(head->requests - m->last_request);
  foresight_within_hazard_expose(head, m, age, since);
  look(head, now, common);
  foresight_within_now at = *common;
  at.into_ms += (int32_t)(now - at.time); /* in the same hour */
  at.time = now;
  within_inputs in;
  foresight_within_inputs(head, &at, m, &in);
  for (int h = 0; h < HORIZONS; h++) {
    if ((float)(now - m->sampled[h]) >= soon * (float)spacing(head, m, h)) {
      keep(head, h, model, now, &in);
    }
  }
  plan(head, m, now);
  settle(head, m->heap_place);
}

/* Each visit is a debt of which a request pays a little back; the debt
   stretches the spacing.  So the mean cost a request is bounded, and which
   instants are sampled does not depend on how busy they are. */
void foresight_within_samples_take(foresight_within *head, int64_t now) {
  head->debt = head->debt > visits ? head->debt - visits : 0.0f;
  foresight_within_now common = {.hour = -1};
  for (int n = 0; n < AT_ONCE && head->heap_size && due(head, 0) < now; n++) {
    const int64_t t = due(head, 0);
    visit(head, head->heap[0], t > head->now ? t : head->now, &common);
    head->debt += 1.0f;
  }
  head->debt = head->debt < debt_limit ? head->debt : debt_limit;
  head->stride = within_exp2(head->debt / debt_octave);
}

/* A sample's label is known once its horizon has passed.  Labels are settled
   before each request, so the last use tells; where too many fell due at once
   and the model was used again meanwhile, it is unknown, and skipped. */
void foresight_within_samples_label(foresight_within *head, int64_t now) {
  for (int h = 0; h < HORIZONS; h++) {
    within_ring *ring = &head->rings[h];
    const int64_t length = (int64_t)foresight_within_horizon[h] * 1000;
    for (int n = 0; n < AT_ONCE && ring->size; n++) {
      const within_sample *s = &ring->samples[ring->head % RING];
      if (s->time + length >= now) {
        break;
      }
      const int64_t last = head->models[s->model].last;
      if (last <= s->time + length) {
        foresight_within_train(head, s, h, last > s->time ? 1.0f : 0.0f);
      }
      ring->head++;
      ring->size--;
    }
  }
}

/* After a use: the model is young again, and its next sample sooner. */
void foresight_within_samples_used(foresight_within *head, uint32_t model) {
  within_model *m = &head->models[model];
  if (m->count == 1) {
    m->heap_place = head->heap_size++;
    put(head, m->heap_place, model);
  }
  /* Not at once after each use, but at a random age below the spacing, as
     instants taken evenly over time would fall. */
  const float part = (float)(noise(head) >> 16) * (1.0f / 65536.0f);
  for (int h = 0; h < HORIZONS; h++) {
    const float least_spacing =
        1000.0f * head->stride * least[h] * foresight_within_horizon[h];
    const int64_t earliest = head->now - (int64_t)(least_spacing * part);
    if (m->count == 1 || m->sampled[h] < earliest) {
      m->sampled[h] = earliest;
    }
  }
  plan(head, m, head->now);
  settle(head, m->heap_place);
}
