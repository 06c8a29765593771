/* SPDX-License-Identifier: MIT
   Keep-alive and prewarm decisions where idle memory has a price. */
#include "plugin/sdk/math.h"
#include "plugin/foresight/price/price_ghost.h"

#include <string.h>

int foresight_price_new(const hearth_memory_user *memory,
                        const foresight_price_config *config,
                        foresight_price **out) {
  foresight_price *const p = hearth_zalloc(memory, 1, sizeof *p);
  if (!p)
    return -1;
  p->memory = *memory;
  p->config = *config;
  const double r = config->idle_price;
  p->config.idle_price = r >= 1e-3 && r <= 1e9 ? r : 100.0;
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

void foresight_price_free(foresight_price *p) {
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
  const uint32_t n = p->capacity ? p->capacity * 2 : 64;
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

int foresight_price_add_model(foresight_price *p, double mb, double load_ms) {
  if (p->models == p->capacity && grow(p))
    return -1;
  const uint32_t id = p->models++;
  price_model *const m = p->model + id;
  memset(m, 0, sizeof *m);
  m->user = m->user_before = FORESIGHT_PRICE_NONE;
  m->length = -1;
  m->due = INT64_MAX;
  m->idle_since = -1;
  foresight_price_set_model(p, id, mb, load_ms);
  price_place(p, p->heap_len, id);
  p->heap_len++;
  return 0;
}

void foresight_price_set_model(foresight_price *p, uint32_t id, double mb,
                               double load_ms) {
  price_model *const m = p->model + id;
  m->gb = (mb > 1 ? mb : 1) / 1024.0;
  m->load_s = (load_ms > 1 ? load_ms : 1) / 1000.0;
  m->price = m->gb / p->config.idle_price;
  if (m->idle_since < 0) {
    /* Until something is learned, break-even. */
    for (uint32_t j = 0; j < PRICE_GHOSTS; j++) {
      m->keep[j] = (int64_t)(m->load_s / m->price * 1000.0);
    }
  }
}

void foresight_price_started(foresight_price *p,
                             const foresight_price_event *e) {
  const int64_t now = p->now = e->now_ms > p->now ? e->now_ms : p->now;
  const uint32_t id = e->model;
  if (id >= p->models)
    return;
  price_model *const m = p->model + id;
  price_watch_window(p, m, now);
  if (!m->busy && m->idle_since >= 0)
    price_end_gap(p, id, now);
  price_fade(p, m, now);
  p->rate += 1;
  p->rate_day += 600.0 / 86400.0;
  price_note_user(p, id, e);
  for (uint32_t i = 0; i < 3; i++)
    m->count[i] += 1.0;
  m->same_length = e->input_length >= 0 && e->input_length == m->length;
  m->length = e->input_length;
  m->task = e->task;
  m->last_arrival = now;
  m->busy++;
  m->resident = 1;
  m->sampling = 0;
  const foresight_price_user *const u =
      p->config.user && e->user != FORESIGHT_PRICE_NONE
          ? p->config.user(p->config.context, e->user)
          : 0;
  if (!(p->config.off & FORESIGHT_PRICE_OFF_HOLDS) &&
      e->user != FORESIGHT_PRICE_NONE) {
    if (u && u->count && u->last != id && u->last < p->models) {
      price_release(p, e->user, u->last, id, now);
      price_learn_next(p, e->user, u->last, id, price_forward(u->time_ms, now));
    }
    if (!u || !u->count || u->last != id)
      price_holds(p, e->user, id, now);
  }
  price_set_due(p, id, now);
}

static void next_review(foresight_price *p, uint32_t id, int64_t age) {
  price_model *const m = p->model + id;
  const double even = m->load_s / m->price * 1000.0;
  uint32_t b = price_bin(p, age, 0) + 1;
  if ((double)age > 5.0 * even)
    b += 3;
  if (b < 3)
    b = 3;
  price_set_due(p, id,
                b >= PRICE_BINS ? INT64_MAX : m->idle_since + p->edge[b]);
}

void foresight_price_finished(foresight_price *p, uint32_t id,
                              int64_t duration_ms, int64_t now_ms) {
  const int64_t now = p->now = now_ms > p->now ? now_ms : p->now;
  price_model *const m = p->model + id;
  m->duration = duration_ms;
  if (!m->busy || --m->busy)
    return;
  m->idle_since = now;
  m->sampling = 1;
  m->sample_bin = 0;
  price_ghost_start(m, now);
  m->told = now + m->keep[m->follow];
  if (m->ghost[m->follow].until != m->told)
    price_say(p, id);
  next_review(p, id, 0);
}

void foresight_price_loaded(foresight_price *p, uint32_t id) {
  p->model[id].resident = 1;
}
void foresight_price_evicted(foresight_price *p, uint32_t id) {
  p->model[id].resident = 0;
}

static void plan_ahead(foresight_price *p, uint32_t id) {
  price_model *const m = p->model + id;
  price_contexts(p, id, p->now, m->key);
  price_decision d;
  price_decide(p, id, 0, &d);
  m->last_q = d.q;
  m->last_value = d.value;
  const int64_t even = (int64_t)(m->load_s / m->price * 1000.0);
  m->keep[PRICE_BE] = even;
  m->keep[PRICE_A] = d.keep;
  m->keep[PRICE_B] = m->keep[PRICE_C] = d.keep_b;
  price_set_due(p, id, INT64_MAX);
  price_say(p, id);
}

static void review(foresight_price *p, uint32_t id) {
  price_model *const m = p->model + id;
  if (m->busy) {
    plan_ahead(p, id);
    return;
  }
  const int64_t now = p->now, age = price_forward(m->idle_since, now);
  const uint32_t bin = price_bin(p, age, 0);
  price_learn_until(p, id, bin);
  for (uint32_t j = 0; j < PRICE_GHOSTS; j++)
    price_ghost_advance(m, m->ghost + j, now);
  price_fade(p, m, now);
  price_contexts(p, id, now, m->key);
  price_decision d;
  price_decide(p, id, age, &d);
  m->last_q = d.q;
  m->last_value = d.value;
  if (m->ghost[PRICE_A].held)
    m->ghost[PRICE_A].until = m->idle_since + d.keep;
  for (uint32_t j = PRICE_B; j <= PRICE_C; j++) {
    price_ghost *const g = m->ghost + j;
    int64_t until = m->idle_since + d.keep_b;
    if (j == PRICE_C && g->hold > until)
      until = g->hold;
    if (g->held)
      g->until = until;
    else if (d.prewarm)
      price_ghost_warm(m, g, now, until);
  }
  const price_ghost *const g = m->ghost + m->follow;
  if (g->held ? g->until != m->told : m->told > now)
    price_say(p, id);
  next_review(p, id, age);
}

uint32_t foresight_price_plan(foresight_price *p, int64_t now_ms,
                              foresight_price_entry *out, uint32_t cap,
                              int64_t *review_at) {
  p->now = now_ms > p->now ? now_ms : p->now;
  const int64_t now = p->now;
  while (p->heap_len && price_due_at(p, 0) <= now)
    review(p, p->heap[0]);
  uint32_t n = 0;
  while (p->tell_len && n < cap) {
    const uint32_t id = p->tell[--p->tell_len];
    price_model *const m = p->model + id;
    const price_ghost *const g = m->ghost + m->follow;
    m->tell = 0;
    foresight_price_entry e = {id, 0, now, 0};
    if (m->busy)
      e.keep_for_ms = m->keep[m->follow];
    else if (!g->held) {
      e.keep_for_ms = 0;
      m->told = now;
    } else {
      m->told = g->until;
      e.keep_for_ms = g->until - now;
      if (!m->resident) {
        e.warm = 1;
        e.keep_for_ms =
            price_forward(now + (int64_t)(m->load_s * 1000), g->until);
        m->resident = 1;
      }
    }
    out[n++] = e;
  }
  *review_at = p->heap_len ? price_due_at(p, 0) : INT64_MAX;
  if (p->tell_len)
    *review_at = now;
  if (*review_at < now + 1000)
    *review_at = now + 1000;
  return n;
}

foresight_price_reason foresight_price_explain(const foresight_price *p,
                                               uint32_t id) {
  foresight_price_reason r = {0};
  if (id >= p->models)
    return r;
  const price_model *const m = p->model + id;
  r.idle_ms =
      m->busy || m->idle_since < 0 ? 0 : price_forward(m->idle_since, p->now);
  const uint32_t bin = price_bin(p, r.idle_ms, 0);
  const double width = (double)(p->edge[bin + 1] - p->edge[bin]) / 1000.0;
  r.p_soon = m->last_q;
  r.load_cost_s = price_miss(p, id, bin);
  r.hold_cost_s = m->price * width;
  r.value_s = m->last_value;
  r.strategy = m->follow;
  return r;
}

uint32_t foresight_price_models(const foresight_price *p) {
  return p->models;
}
