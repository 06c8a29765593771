/* SPDX-License-Identifier: MIT
   Keep-alive and prewarm decisions where idle memory has a price. */
#include "plugin/foresight/price/price_ghost.h"
#include "plugin/sdk/hint.h"
#include "plugin/sdk/math.h"

#include <string.h>

/* Bounds of what is taken as given: 30 years, 11 days, a petabyte. */
#define LONGEST_MS 1e12
#define MOST_LOAD_MS 1e9
#define MOST_MB 1e9
#define MOST_MODELS (1u << 24)
#define YEAR_MS 31536000000
#define JITTER_MS 60000
#define LATE_MS 60000 /* past this a review will not be asked for */
enum { MOST_LATE = 4096 }; /* made up for at a time */

double foresight_price_bounded(double r) {
  return r >= 1e-3 && r <= 1e9 ? r : 100.0;
}

HEARTH_SELDOM int foresight_price_new(const hearth_memory_user *memory,
                                      const foresight_price_config *config,
                                      foresight_price **out) {
  foresight_price *const p = hearth_zalloc(memory, 1, sizeof *p);
  if (!p)
    return -1;
  p->memory = *memory;
  p->config = *config;
  p->config.idle_price = foresight_price_bounded(config->idle_price);
  p->rows = hearth_zalloc(memory, PRICE_ROWS, sizeof *p->rows);
  p->next = hearth_zalloc(memory, PRICE_NEXT_ROWS, sizeof *p->next);
  if (!p->rows || !p->next) {
    foresight_price_free(p);
    return -1;
  }
  for (uint32_t b = 0; b <= PRICE_BINS; b++) {
    p->edge[b] =
        b ? (int64_t)(1000.0 * hearth_exp2((double)(b - 1) / 2.0) + 0.5) : 0;
  }
  for (uint32_t c = 0; c < PRICE_CLASSES; c++) {
    for (uint32_t i = 0; i < PRICE_INPUTS; i++)
      p->w[c][i] = i < 2 ? 1.0f : 0.15f;
  }
  *out = p;
  return 0;
}

HEARTH_SELDOM void foresight_price_free(foresight_price *p) {
  if (p) {
    const hearth_memory_user memory = p->memory;
    hearth_release(&memory, p->rows);
    hearth_release(&memory, p->next);
    hearth_release(&memory, p->model);
    hearth_release(&memory, p->heap);
    hearth_release(&memory, p->tell);
    hearth_release(&memory, p);
  }
}

static int grow(foresight_price *p) {
  const uint32_t least = p->capacity ? p->capacity + 1 : 64;
  const uint32_t n = hearth_room(p->capacity, least);
  price_model *const m = hearth_resize(&p->memory, p->model, n * sizeof *m);
  if (m)
    p->model = m;
  uint32_t *const h = hearth_resize(&p->memory, p->heap, n * sizeof *h);
  if (h)
    p->heap = h;
  uint32_t *const t = hearth_resize(&p->memory, p->tell, n * sizeof *t);
  if (t)
    p->tell = t;
  if (!m || !h || !t)
    return -1;
  p->capacity = n;
  return 0;
}

/* Our clock: the caller's, without its jumps.  Small steps back are events out
   of order, and wait for the clock to catch up. */
static int64_t take_time(foresight_price *p, int64_t told_ms) {
  const int64_t limit = (int64_t)1 << 60;
  const int64_t ms = told_ms > limit    ? limit
                     : told_ms < -limit ? -limit
                                        : told_ms;
  if (!p->began) {
    p->began = 1;
    p->now = ms;
    return ms;
  }
  int64_t now = ms + p->offset;
  if (now < p->now - JITTER_MS || now > p->now + YEAR_MS) {
    p->offset = p->now - ms;
    now = p->now;
  }
  p->now = now > p->now ? now : p->now;
  return p->now;
}

HEARTH_SELDOM int foresight_price_add_model(foresight_price *p, double mb,
                                            double load_ms) {
  if (p->models == MOST_MODELS || (p->models == p->capacity && grow(p)))
    return -1;
  const uint32_t id = p->models++;
  price_model *const m = p->model + id;
  memset(m, 0, sizeof *m);
  m->user = m->user_before = FORESIGHT_PRICE_NONE;
  m->length = -1;
  m->due = INT64_MAX;
  m->idle_since = PRICE_NEVER;
  foresight_price_set_model(p, id, mb, load_ms);
  foresight_price_scale(p, m);
  foresight_price_place(p, p->heap_len, id);
  p->heap_len++;
  return 0;
}

static double within(double x, double low, double high) {
  return x > low ? (x < high ? x : high) : low;
}

void foresight_price_set_model(foresight_price *p, uint32_t id, double mb,
                               double load_ms) {
  if (id >= p->models)
    return;
  price_model *const m = p->model + id;
  m->load_s = within(load_ms, 1, MOST_LOAD_MS) / 1000.0;
  m->price = within(mb, 1, MOST_MB) / 1024.0 / p->config.idle_price;
  m->even_ms = within(m->load_s / m->price * 1000.0, 0, LONGEST_MS);
  if (m->idle_since == PRICE_NEVER) {
    /* Until something is learned, break-even. */
    for (uint32_t j = 0; j < PRICE_GHOSTS; j++) {
      m->keep[j] = (int64_t)m->even_ms;
    }
  }
}

/* The user came to this model: what was held for what follows the last one is
   let go, and what follows this one is held. */
static void follow_user(foresight_price *p, const foresight_price_event *e) {
  if (e->user == FORESIGHT_PRICE_NONE ||
      (p->config.off & FORESIGHT_PRICE_OFF_HOLDS))
    return;
  const foresight_price_user *const u =
      p->config.user ? p->config.user(p->config.context, e->user) : 0;
  const uint32_t known = u && u->count;
  if (known && u->last != e->model && u->last < p->models) {
    foresight_price_release(p, e->user, u->last, e->model, p->now);
    foresight_price_learn_next(p, e->user, u->last, e->model,
                               foresight_price_forward(u->time_ms, e->now_ms));
  }
  if (!known || u->last != e->model)
    foresight_price_holds(p, e->user, e->model, p->now);
}

static void review(foresight_price *p, uint32_t id);

/* Whoever is told outcomes and never asked has reviews to make up for: each is
   made as at its time. */
static void catch_up(foresight_price *p, int64_t before, int64_t now) {
  for (int i = 0; i < MOST_LATE && p->heap_len; i++) {
    const int64_t due = foresight_price_due_at(p, 0);
    if (due >= now - LATE_MS)
      break;
    p->now = due > before ? due : before;
    review(p, p->heap[0]);
  }
  p->now = now;
}

void foresight_price_started(foresight_price *p,
                             const foresight_price_event *e) {
  const int64_t before = p->now, now = take_time(p, e->now_ms);
  const uint32_t id = e->model;
  if (id >= p->models)
    return;
  catch_up(p, before, now);
  price_model *const m = p->model + id;
  foresight_price_watch_window(p, m, now);
  if (!m->busy && m->idle_since != PRICE_NEVER)
    foresight_price_end_gap(p, id, now);
  foresight_price_fade(p, m, now);
  p->rate += 1;
  p->rate_day += 600.0 / 86400.0;
  foresight_price_note_user(p, id, e);
  for (uint32_t i = 0; i < 3; i++)
    m->count[i] += 1.0;
  m->same_length = e->input_length >= 0 && e->input_length == m->length;
  m->length = e->input_length;
  m->task = e->task;
  m->last_arrival = now;
  m->busy++;
  m->resident = 1;
  m->sampling = 0;
  m->asked = 1;
  follow_user(p, e);
  foresight_price_set_due(p, id, now);
}

static void next_review(foresight_price *p, uint32_t id, int64_t age,
                        uint32_t bin) {
  const price_model *const m = p->model + id;
  uint32_t b = bin + 1;
  /* Long after break-even all is said but for a prewarm; and within the first
     two seconds there is nothing to win. */
  if ((double)age > 5.0 * m->even_ms)
    b += 3;
  if (b < 3)
    b = 3;
  foresight_price_set_due(
      p, id, b >= PRICE_BINS ? INT64_MAX : m->idle_since + p->edge[b]);
}

static void fall_idle(foresight_price *p, uint32_t id) {
  price_model *const m = p->model + id;
  m->busy = 0;
  m->idle_since = p->now;
  m->sampling = 1;
  m->sample_bin = 0;
  foresight_price_ghost_start(m, p->now);
  m->told = p->now + m->keep[m->follow];
  if (m->ghost[m->follow].until != m->told)
    foresight_price_say(p, id);
  next_review(p, id, 0, 0);
}

void foresight_price_finished(foresight_price *p, uint32_t id,
                              int64_t duration_ms, int64_t now_ms) {
  take_time(p, now_ms);
  if (id >= p->models)
    return;
  price_model *const m = p->model + id;
  m->duration = (int64_t)within((double)duration_ms, 0, LONGEST_MS);
  if (m->busy > 1)
    m->busy--;
  else if (m->busy)
    fall_idle(p, id);
}

void foresight_price_loaded(foresight_price *p, uint32_t id) {
  if (id < p->models)
    p->model[id].resident = 1;
}

void foresight_price_evicted(foresight_price *p, uint32_t id) {
  if (id >= p->models)
    return;
  price_model *const m = p->model + id;
  if (m->busy) {
    fall_idle(p, id);
    for (uint32_t j = 0; j < PRICE_GHOSTS; j++)
      m->ghost[j].held = 0;
  }
  m->resident = 0;
}

/* The host asks again when we say, not when a request ends: so look for the end
   about when it is due, and ever less often. */
static void await_end(foresight_price *p, uint32_t id) {
  const price_model *const m = p->model + id;
  const int64_t ran = foresight_price_forward(m->last_arrival, p->now);
  foresight_price_set_due(
      p, id, p->now + 2000 + (ran > m->duration ? ran : m->duration));
}

/* While it runs: how long to stay afterwards. */
static void plan_ahead(foresight_price *p, uint32_t id) {
  price_model *const m = p->model + id;
  foresight_price_contexts(p, id);
  price_decision d;
  foresight_price_decide(p, id, 0, 0, &d);
  m->last_q = d.q;
  m->last_value = d.value;
  m->keep[PRICE_BE] = (int64_t)m->even_ms;
  m->keep[PRICE_A] = d.keep;
  m->keep[PRICE_C] = d.keep_c;
  m->asked = 0;
  await_end(p, id);
  foresight_price_say(p, id);
}

/* While it is idle: each ghost stays, goes or comes back. */
static void review(foresight_price *p, uint32_t id) {
  price_model *const m = p->model + id;
  if (m->busy) {
    if (m->asked)
      plan_ahead(p, id);
    else
      await_end(p, id);
    return;
  }
  const int64_t now = p->now, age = foresight_price_forward(m->idle_since, now);
  const uint32_t bin = foresight_price_bin(p, age, 0);
  foresight_price_learn_until(p, id, bin);
  for (uint32_t j = 0; j < PRICE_GHOSTS; j++)
    foresight_price_ghost_advance(m, m->ghost + j, now);
  foresight_price_fade(p, m, now);
  foresight_price_contexts(p, id);
  price_decision d;
  foresight_price_decide(p, id, age, bin, &d);
  m->last_q = d.q;
  m->last_value = d.value;
  if (m->ghost[PRICE_A].held)
    m->ghost[PRICE_A].until = m->idle_since + d.keep;
  price_ghost *const c = m->ghost + PRICE_C;
  const int64_t stay = m->idle_since + d.keep_c;
  const int64_t until = c->hold > stay ? c->hold : stay;
  if (c->held)
    c->until = until;
  else if (d.prewarm)
    foresight_price_ghost_warm(m, c, now, until);
  const price_ghost *const g = m->ghost + m->follow;
  if (g->held ? g->until != m->told : m->told > now)
    foresight_price_say(p, id);
  next_review(p, id, age, bin);
}

/* What the ghost that is followed does, as a line of the plan. */
static foresight_price_entry say(foresight_price *p, uint32_t id) {
  const int64_t now = p->now;
  price_model *const m = p->model + id;
  const price_ghost *const g = m->ghost + m->follow;
  foresight_price_entry e = {id, 0, now - p->offset, 0};
  m->tell = 0;
  if (m->busy) {
    e.keep_for_ms = m->keep[m->follow];
  } else if (!g->held) {
    m->told = now;
  } else {
    m->told = g->until;
    e.keep_for_ms = foresight_price_forward(now, g->until);
    if (!m->resident && !(p->config.off & FORESIGHT_PRICE_OFF_PREWARM)) {
      e.warm = 1;
      e.keep_for_ms =
          foresight_price_forward(now + (int64_t)(m->load_s * 1000), g->until);
      m->resident = 1;
    }
  }
  return e;
}

uint32_t foresight_price_plan(foresight_price *p, int64_t now_ms,
                              foresight_price_entry *out, uint32_t cap,
                              int64_t *review_at) {
  const int64_t now = take_time(p, now_ms);
  while (p->heap_len && foresight_price_due_at(p, 0) <= now)
    review(p, p->heap[0]);
  uint32_t n = 0;
  while (p->tell_len && n < cap)
    out[n++] = say(p, p->tell[--p->tell_len]);
  int64_t due = p->heap_len ? foresight_price_due_at(p, 0) : INT64_MAX;
  if (p->tell_len || due < now + 1000)
    due = now + 1000;
  *review_at = due == INT64_MAX ? due : due - p->offset;
  return n;
}

HEARTH_SELDOM foresight_price_reason
foresight_price_explain(const foresight_price *p, uint32_t id) {
  foresight_price_reason r = {0};
  if (id >= p->models)
    return r;
  const price_model *const m = p->model + id;
  r.idle_ms = m->busy || m->idle_since == PRICE_NEVER
                  ? 0
                  : foresight_price_forward(m->idle_since, p->now);
  const uint32_t bin = foresight_price_bin(p, r.idle_ms, 0);
  const double width = (double)(p->edge[bin + 1] - p->edge[bin]) / 1000.0;
  r.p_soon = m->last_q;
  r.load_cost_s = foresight_price_miss(p, id, bin);
  r.hold_cost_s = m->price * width;
  r.value_s = m->last_value;
  r.strategy = m->follow;
  return r;
}

uint32_t foresight_price_models(const foresight_price *p) {
  return p->models;
}
