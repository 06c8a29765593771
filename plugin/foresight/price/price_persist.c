/* SPDX-License-Identifier: MIT
   The head "price" in a state, and what it forgets of a user. */
#include "plugin/sdk/cold.h"

#include "plugin/foresight/price/price_state.h"

#include <string.h>

/* Its clock is a sum of the caller's times, and so are ages and ends. */
#define TIME ((int64_t)1 << 56)
#define FAR ((int64_t)1 << 58)
#define MOST_WEIGHT 1e6f
#define MOST_COUNT 1e12
#define MOST_COST 1e30
#define MOST_SCORE 1e30f
#define MOST_EXTRA 1e9f
#define MOST_DWELL 31.0f /* ln of seconds: as long as times reach */

static void visit_cell(hearth_state *s, const char *field, price_cell *c) {
  uint16_t exposures = (uint16_t)foresight_price_exposures(*c);
  uint16_t events = (uint16_t)foresight_price_events(*c);
  hearth_state_u16(s, field, &exposures, 0, UINT16_MAX);
  hearth_state_u16(s, field, &events, 0, exposures);
  *c = (uint32_t)exposures << 16 | events;
}

static void visit_cells(hearth_state *s, const char *field, price_cell *c,
                        uint32_t n) {
  uint32_t used = 0;
  for (uint32_t i = 0; i < n; i++)
    used = c[i] ? i + 1 : used;
  used = hearth_state_count(s, field, &used, n);
  for (uint32_t i = 0; i < used; i++)
    visit_cell(s, field, c + i);
}

static void visit_ghost(hearth_state *s, price_ghost *g) {
  hearth_state_i64(s, "ghost.since", &g->since, -FAR, FAR);
  hearth_state_i64(s, "ghost.until", &g->until, -FAR, FAR);
  hearth_state_i64(s, "ghost.ready", &g->ready, -FAR, FAR);
  hearth_state_i64(s, "ghost.hold", &g->hold, -FAR, FAR);
  hearth_state_f32(s, "ghost.spent", &g->spent, -MOST_SCORE, MOST_SCORE);
  hearth_state_u8(s, "ghost.held", &g->held, 0, 1);
}

static void visit_times(hearth_state *s, price_model *m) {
  uint8_t idled = m->idle_since != PRICE_NEVER;
  hearth_state_u8(s, "model.idled", &idled, 0, 1);
  if (idled) {
    int64_t since = hearth_state_saving(s) ? m->idle_since : 0;
    hearth_state_i64(s, "model.idle_since", &since, -TIME, TIME);
    m->idle_since = since;
  }
  hearth_state_i64(s, "model.last_arrival", &m->last_arrival, -TIME, TIME);
  hearth_state_i64(s, "model.decayed_at", &m->decayed_at, -TIME, TIME);
  hearth_state_i64(s, "model.due", &m->due, -FAR, INT64_MAX);
  hearth_state_i64(s, "model.told", &m->told, -FAR, FAR);
  hearth_state_i64(s, "model.duration", &m->duration, 0, TIME);
  hearth_state_i64s(s, "model.keep", m->keep, PRICE_GHOSTS, 0,
                    HEARTH_STATE_TIME);
  /* One that never was idle has no end of it to wait for. */
  if (m->idle_since == PRICE_NEVER && !m->busy && m->due != INT64_MAX)
    hearth_state_refuse(s, "model.due", "it was never idle");
}

static void visit_user(hearth_state *s, price_model *m) {
  hearth_state_u32(s, "model.user", &m->user, 0, UINT32_MAX);
  hearth_state_u32(s, "model.user_before", &m->user_before, 0, UINT32_MAX);
  hearth_state_u32(s, "model.task", &m->task, 0, UINT32_MAX);
  hearth_state_u32(s, "model.same_length", &m->same_length, 0, 1);
  hearth_state_u32(s, "model.user_count", &m->user_count, 0, UINT32_MAX);
  hearth_state_i64(s, "model.length", &m->length, -1, TIME);
  hearth_state_i64(s, "model.user_gap", &m->user_gap, 0, TIME);
}

static void visit_window(hearth_state *s, price_model *m) {
  hearth_state_u32(s, "model.missed", &m->missed, 0, 7);
  hearth_state_u32(s, "window.open", &m->window_open, 0, 1);
  hearth_state_u32(s, "window.missed", &m->window_missed, 0, 7);
  hearth_state_u32(s, "window.age", &m->window_age, 0, PRICE_LOAD_CLASSES - 1);
  hearth_state_i64(s, "window.start", &m->window_start, -TIME, TIME);
  hearth_state_f64(s, "window.wait", &m->window_wait, -MOST_COST, MOST_COST);
  hearth_state_f64(s, "window.left", &m->window_left, -MOST_COST, MOST_COST);
  hearth_state_f64(s, "window.miss", &m->window_miss, -MOST_COST, MOST_COST);
}

static void visit_hazard(hearth_state *s, price_model *m) {
  hearth_state_f32(s, "model.log_gap", &m->log_gap, -1.0f, 33.0f);
  hearth_state_u32(s, "model.shift", &m->shift, 0, PRICE_BINS);
  visit_cells(s, "model.slow", m->slow, PRICE_BINS);
  visit_cells(s, "model.fast", m->fast, PRICE_BINS);
  hearth_state_f64s(s, "model.count", m->count, 3, 0, MOST_COUNT);
  hearth_state_f64s(s, "model.mass", m->mass, 2, 0, MOST_COUNT);
  hearth_state_u32(s, "model.gaps", &m->gaps, 0, INT32_MAX);
  hearth_state_u32(s, "model.burst", &m->burst, 0, INT32_MAX);
  hearth_state_u32(s, "model.gap1", &m->gap1, 0, PRICE_BINS);
  hearth_state_u32(s, "model.gap2", &m->gap2, 0, PRICE_BINS);
  hearth_state_u32s(s, "model.key", m->key, PRICE_SCALED, 0, UINT32_MAX);
  hearth_state_u32(s, "model.key", &m->key[PRICE_SCALED], 0, PRICE_SCALES);
  hearth_state_u32(s, "model.sample_bin", &m->sample_bin, 0, PRICE_BINS);
  hearth_state_u32(s, "model.sampling", &m->sampling, 0, 1);
}

/* The forecast that is kept.  States of format 2 are without. */
static void visit_known(hearth_state *s, price_model *m) {
  if (s->version < 3) {
    return;
  }
  const uint32_t count =
      hearth_state_count(s, "model.known", &m->known_to, PRICE_BINS);
  hearth_state_f32s(s, "model.known", m->known, count, 0.0f, 1.0f);
}

static void visit_scores(hearth_state *s, price_model *m) {
  hearth_state_f32s(s, "model.score", m->score, PRICE_GHOSTS, -MOST_SCORE,
                    MOST_SCORE);
  hearth_state_f32(s, "model.scored", &m->scored, 0.0f, 1e6f);
  hearth_state_f32s(s, "model.extra", m->extra, PRICE_LOAD_CLASSES, -MOST_EXTRA,
                    MOST_EXTRA);
  hearth_state_f32s(s, "model.extra_n", m->extra_n, PRICE_LOAD_CLASSES, 0.0f,
                    1e6f);
  hearth_state_u32(s, "model.follow", &m->follow, 0, PRICE_GHOSTS - 1);
  hearth_state_f64(s, "model.last_q", &m->last_q, 0, 1);
  hearth_state_f64(s, "model.last_value", &m->last_value, -MOST_COST,
                   MOST_COST);
}

/* Arrived at least once, or else as it was added. */
static int is_used(const void *models, uint32_t i) {
  const price_model *const m = (const price_model *)models + i;
  return m->busy || m->idle_since != PRICE_NEVER || m->sampling ||
         m->due != INT64_MAX;
}

static void visit_model(hearth_state *s, price_model *m) {
  hearth_state_u32(s, "model.busy", &m->busy, 0, INT32_MAX);
  hearth_state_u32(s, "model.asked", &m->asked, 0, 1);
  visit_times(s, m);
  visit_user(s, m);
  visit_hazard(s, m);
  visit_known(s, m);
  visit_scores(s, m);
  visit_window(s, m);
  for (uint32_t j = 0; j < PRICE_GHOSTS; j++)
    visit_ghost(s, m->ghost + j);
}

/* The heap stays in the order it has: equal times leave it in that. */
static void visit_heap(hearth_state *s, foresight_price *p, uint8_t *taken) {
  hearth_state_ids(s, "heap", p->heap, p->heap_len, p->models, taken);
  for (uint32_t i = 0; i < p->heap_len && hearth_state_ok(s); i++) {
    foresight_price_place(p, i, p->heap[i]);
    if (i &&
        foresight_price_due_at(p, i) < foresight_price_due_at(p, (i - 1) / 2))
      hearth_state_refuse(s, "heap", "it is not in order");
  }
}

static void visit_flags(hearth_state *s, foresight_price *p, uint8_t *taken) {
  for (uint32_t i = 0; i < p->models && hearth_state_ok(s); i++)
    hearth_state_u32(s, "resident", &p->model[i].resident, 0, 1);
  memset(taken, 0, p->models);
  const uint32_t tell = hearth_state_count(s, "tell", &p->tell_len, p->models);
  hearth_state_ids(s, "tell", p->tell, tell, p->models, taken);
  for (uint32_t i = 0; i < tell && hearth_state_ok(s); i++)
    p->model[p->tell[i]].tell = 1;
}

static int is_row(const void *rows, uint32_t i) {
  return ((const price_row *)rows)[i].check != 0;
}

static int is_next(const void *next, uint32_t i) {
  return ((const price_next *)next)[i].key != 0;
}

static void visit_next(hearth_state *s, price_next *n, uint32_t models) {
  hearth_state_u32(s, "next.key", &n->key, 1, UINT32_MAX);
  hearth_state_u32(s, "next.total", &n->total, 0, UINT16_MAX);
  hearth_state_u16s(s, "next.count", n->count, PRICE_NEXTS, 0, UINT16_MAX);
  for (uint32_t k = 0; k < PRICE_NEXTS; k++) {
    if (!n->count[k])
      continue;
    hearth_state_u32(s, "next.model", &n->model[k], 0, models ? models - 1 : 0);
    hearth_state_f32(s, "next.log_dwell", &n->log_dwell[k], 0.0f, MOST_DWELL);
    if (!models)
      hearth_state_refuse(s, "next.model", "there is no such model");
  }
}

static void visit_tables(hearth_state *s, foresight_price *p) {
  for (uint32_t i = 0;
       hearth_state_next(s, "row", &i, PRICE_ROWS, is_row, p->rows); i++) {
    price_row *const r = p->rows + i;
    hearth_state_u16(s, "row.check", &r->check, 1, UINT16_MAX);
    hearth_state_u16(s, "row.use", &r->use, 0, UINT16_MAX);
    for (uint32_t c = 0; c < PRICE_ROW_BINS; c++)
      visit_cell(s, "row.cell", r->cell + c);
  }
  for (uint32_t i = 0;
       hearth_state_next(s, "next", &i, PRICE_NEXT_ROWS, is_next, p->next);
       i++) {
    visit_next(s, p->next + i, p->models);
    if (p->next[i].key >> 20 != i)
      hearth_state_refuse(s, "next.key", "it is not in its place");
  }
}

static void visit_all(hearth_state *s, foresight_price *p) {
  hearth_state_i64(s, "now", &p->now, -TIME, TIME);
  hearth_state_i64(s, "offset", &p->offset, -TIME, TIME);
  hearth_state_u32(s, "began", &p->began, 0, 1);
  hearth_state_f64(s, "samples", &p->samples, 0, 1e15);
  hearth_state_f64(s, "rate", &p->rate, 0, MOST_COUNT);
  hearth_state_f64(s, "rate_day", &p->rate_day, 0, MOST_COUNT);
  hearth_state_i64(s, "rate_at", &p->rate_at, -TIME, TIME);
  visit_cells(s, "global", p->global, PRICE_BINS);
  for (uint32_t c = 0; c < PRICE_SCALES; c++)
    visit_cells(s, "scaled", p->scaled[c], 2 * PRICE_BINS);
  for (uint32_t c = 0; c < PRICE_CLASSES; c++)
    hearth_state_f32s(s, "w", p->w[c], PRICE_INPUTS, -MOST_WEIGHT, MOST_WEIGHT);
  for (uint32_t i = 0; i < PRICE_INPUTS; i++)
    hearth_state_sparse_f32s(s, "v", p->v[i], PRICE_BINS, -MOST_WEIGHT,
                             MOST_WEIGHT);
  hearth_state_f32s(s, "score", p->score, PRICE_GHOSTS, -MOST_SCORE,
                    MOST_SCORE);
  hearth_state_f32s(s, "square", p->square, PRICE_GHOSTS, 0.0f, MOST_SCORE);
  hearth_state_f32s(s, "differ", p->differ, PRICE_GHOSTS, 0.0f, 1e9f);
  hearth_state_f32(s, "scored", &p->scored, 0.0f, 1e9f);
  hearth_state_f32s(s, "extra", p->extra, PRICE_LOAD_CLASSES, -MOST_EXTRA,
                    MOST_EXTRA);
  hearth_state_f32s(s, "extra_n", p->extra_n, PRICE_LOAD_CLASSES, 0.0f, 1e9f);
}

void foresight_price_state(hearth_state *s, foresight_price *p) {
  uint8_t *const taken = hearth_zalloc(&p->memory, (size_t)p->models + 1, 1);
  if (!taken) {
    hearth_state_fail(s, HEARTH_NO_MEMORY, NULL, "out of memory");
    return;
  }
  visit_all(s, p);
  for (uint32_t i = 0;
       hearth_state_next(s, "model", &i, p->models, is_used, p->model); i++)
    visit_model(s, p->model + i);
  visit_heap(s, p, taken);
  visit_flags(s, p, taken);
  visit_tables(s, p);
  hearth_release(&p->memory, taken);
}

void foresight_price_set_user(foresight_price *p, void *context) {
  p->config.context = context;
}

void foresight_price_set_price(foresight_price *p, double idle_price) {
  p->config.idle_price = foresight_price_bounded(idle_price);
}

void foresight_price_forget(foresight_price *p, uint32_t user) {
  if (user == FORESIGHT_PRICE_NONE)
    return;
  for (uint32_t m = 0; m < p->models; m++) {
    price_model *const model = p->model + m;
    if (model->user == user)
      model->user = FORESIGHT_PRICE_NONE;
    if (model->user_before == user)
      model->user_before = FORESIGHT_PRICE_NONE;
    const uint32_t key = foresight_price_next_key(p, user, m);
    price_next *const n = p->next + (key >> 20);
    if (n->key == key) {
      memset(n, 0, sizeof *n);
      p->changed_next[key >> 20] = 1;
    }
  }
}
