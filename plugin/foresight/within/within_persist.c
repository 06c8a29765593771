/* SPDX-License-Identifier: MIT
   The head `within` in a state, and what it forgets of a user. */
#include "plugin/sdk/cold.h"

#include "plugin/foresight/within/within_state.h"

#define TIME HEARTH_STATE_TIME
#define DAY_MS 86400000
#define MOST_WEIGHT 1e6f
#define MOST_GRADIENT 1e30f
#define MOST_COUNT 1e9f
#define MOST_SECONDS 1e14f
#define MOST_HAZARD 1e6f

/* As they are saved. */
static uint64_t requests_of(const foresight_within *head) {
  const uint64_t most = (uint64_t)TIME;
  return head->requests < most ? head->requests : most;
}

static void visit_pool(hearth_state *s, within_pool *pool) {
  hearth_state_sparse_f32s(s, "pool.events", pool->events, BINS, 0.0f,
                           MOST_COUNT);
  hearth_state_sparse_f32s(s, "pool.exposed", pool->exposed, BINS, 0.0f,
                           MOST_COUNT);
  hearth_state_f32s(s, "pool.p", pool->p, BINS, 0.0f, 1.0f);
  hearth_state_f32s(s, "pool.cumulated", pool->cumulated, BINS + 1, 0.0f,
                    MOST_HAZARD);
  hearth_state_f32(s, "pool.changes", &pool->changes, 0.0f, MOST_COUNT);
}

static int has_exposures(const void *pools, uint32_t i) {
  const within_pool *pool = &((const within_pool *)pools)[i];
  for (int b = 0; b < BINS; b++) {
    if (pool->exposed[b] > 0.0f) {
      return 1;
    }
  }
  return 0;
}

static void visit_pools(hearth_state *s, within_pool *pools, uint32_t count) {
  for (uint32_t i = 0;
       hearth_state_next(s, "pool", &i, count, has_exposures, pools); i++) {
    visit_pool(s, &pools[i]);
  }
}

static void visit_cell(hearth_state *s, const char *field, float *p, float *n) {
  hearth_state_f32(s, field, p, 0.0f, 1.0f);
  hearth_state_f32(s, field, n, 0.0f, 1000.0f);
}

/* Of the horizon whose counts begin there. */
static int has_labels(const void *n, uint32_t i) {
  return ((const lanes *)n)[2 * i][0] > 0.0f;
}
_Static_assert(sizeof(within_cells) == 2 * sizeof(lanes), "two apart");

/* A knot has learned where its count is not the first one's. */
static int has_learned(const void *cells, uint32_t i) {
  const within_cell *cell = &((const within_cell *)cells)[i];
  return cell->n < FIRST_KNOT || cell->n > FIRST_KNOT;
}

static void visit_mixers(hearth_state *s, foresight_within *head) {
  for (int h = 0; h < HORIZONS; h++) {
    within_mixer *mixer = &head->mixer[h];
    hearth_state_f32s(s, "mixer.weight", mixer->weight, INPUTS, -MOST_WEIGHT,
                      MOST_WEIGHT);
    hearth_state_f32s(s, "mixer.grad", mixer->grad, INPUTS, 0.0f,
                      MOST_GRADIENT);
    for (int m = 0; m < MAPS; m++) {
      for (int c = 0; c < CLASSES; c++) {
        within_cell *knots = head->maps[m][h][c].knot;
        for (uint32_t i = 0;
             hearth_state_next(s, "map", &i, MAP, has_learned, knots); i++) {
          visit_cell(s, "map", &knots[i].p, &knots[i].n);
        }
      }
    }
    for (int t = 0; t < TABLES; t++) {
      within_cells *cells = head->tables[t];
      for (uint32_t i = 0; hearth_state_next(s, "table", &i, CELLS, has_labels,
                                             &cells->n[h]);
           i++) {
        visit_cell(s, "table", &cells[i].p[h], &cells[i].n[h]);
      }
    }
  }
  if (!hearth_state_saving(s)) {
    foresight_within_mixer_loaded(head);
  }
}

static void visit_traffic(hearth_state *s, foresight_within *head) {
  hearth_state_f32s(s, "traffic", head->traffic, 3, 0.0f, MOST_COUNT);
  hearth_state_f32s(s, "profile", head->profile, HOURS, 0.0f, MOST_COUNT);
  hearth_state_f32s(s, "profile_n", head->profile_n, HOURS, 0.0f, MOST_COUNT);
  hearth_state_i64(s, "hour", &head->hour, -10000000000, 10000000000);
  hearth_state_f32(s, "in_hour", &head->in_hour, 0.0f, MOST_COUNT);
  for (int h = 0; h < HORIZONS; h++) {
    const uint32_t first = head->forecast_head[h];
    hearth_state_f32s(s, "forecast_weight", head->forecast_weight[h], FORECASTS,
                      -MOST_WEIGHT, MOST_WEIGHT);
    const uint32_t size = hearth_state_count(
        s, "forecasts", &head->forecast_size[h], FORECAST_RING);
    for (uint32_t i = 0; i < size && hearth_state_ok(s); i++) {
      within_forecast *f = &head->forecasts[h][(first + i) % FORECAST_RING];
      hearth_state_i64(s, "forecast.time", &f->time, -TIME, head->now);
      hearth_state_u64(s, "forecast.requests", &f->requests, 0,
                       requests_of(head));
      hearth_state_f32s(s, "forecast.x", f->x, FORECASTS, -1000.0f, 1000.0f);
    }
  }
}

/* All that can't be told from the counts; and those as of an earlier time. */
static void visit_gaps(hearth_state *s, within_model *m) {
  for (int i = 0; i < HISTORIES; i++) {
    hearth_state_sparse_u16s(s, "model.gaps", m->gaps[i], BINS, 0, UINT16_MAX);
  }
  for (int i = 0; i < CLOCKS; i++) {
    hearth_state_f32s(s, "model.cumulated", m->cumulated[i], BINS + 1, 0.0f,
                      MOST_HAZARD);
  }
  hearth_state_f32(s, "model.last_gap", &m->last_gap, -1.0f, MOST_SECONDS);
  hearth_state_u8(s, "model.exposed", &m->exposed, 0, BINS - 1);
  hearth_state_u8(s, "model.exposed_requests", &m->exposed_requests, 0,
                  BINS - 1);
  hearth_state_u8(s, "model.pool", &m->pool, 0, POOLS - 1);
  hearth_state_u8(s, "model.after", &m->after, 0, 1);
  hearth_state_f32(s, "model.mean_gap", &m->mean_gap, 0.0f, 64.0f);
}

static void visit_model(hearth_state *s, const foresight_within *head,
                        within_model *m) {
  const int64_t now = head->now;
  const int32_t today = (int32_t)(now / DAY_MS) - (now % DAY_MS < 0);
  hearth_state_i64(s, "model.last", &m->last, -TIME, now);
  hearth_state_i64(s, "model.first", &m->first, -TIME, now);
  hearth_state_i64(s, "model.mass_time", &m->mass_time, -TIME,
                   now > 0 ? now : 0); /* 0: no user yet */
  hearth_state_i64(s, "model.due", &m->due, -2 * TIME, 2 * TIME);
  for (int h = 0; h < HORIZONS; h++) {
    hearth_state_i64(s, "model.sampled", &m->sampled[h], -2 * TIME, now);
  }
  hearth_state_u64(s, "model.last_request", &m->last_request, 0,
                   requests_of(head));
  hearth_state_u32(s, "model.count", &m->count, 1, UINT32_MAX);
  hearth_state_f32s(s, "model.rate", m->rate, RATES, 0.0f, MOST_COUNT);
  hearth_state_f32s(s, "model.mass", m->mass, MASSES, 0.0f, MOST_COUNT);
  hearth_state_f32(s, "model.out", &m->out, 0.0f, MOST_COUNT);
  hearth_state_u32(s, "model.followed", &m->followed, 0, UINT32_MAX);
  hearth_state_i32(s, "model.day", &m->day, -200000000, today);
  hearth_state_sparse_u16s(s, "model.days", m->days, HOURS, 0, UINT16_MAX);
  hearth_state_u32(s, "model.user", &m->user, 0, UINT32_MAX);
  hearth_state_u32(s, "model.user_requests", &m->user_requests, 0, UINT32_MAX);
  visit_gaps(s, m);
}

/* The models that were used, in the order of the heap: equal times leave it in
   the order in which they stand, so that it is saved and not made anew. */
static void visit_models(hearth_state *s, foresight_within *head) {
  const uint32_t used = hearth_state_count(s, "models", &head->heap_size,
                                           head->begun ? head->count : 0);
  for (uint32_t i = 0; i < used && hearth_state_ok(s); i++) {
    uint32_t *id = &head->heap[i];
    hearth_state_u32(s, "model", id, 0, head->count - 1);
    if (!hearth_state_ok(s)) {
      return;
    }
    within_model *m = &head->models[*id];
    if (!hearth_state_saving(s) && m->count > 0) {
      hearth_state_refuse(s, "model", "a model is there twice");
    }
    visit_model(s, head, m);
    m->heap_place = i;
    if (i > 0 && m->due < head->models[head->heap[(i - 1) / 2]].due) {
      hearth_state_refuse(s, "model.due", "it is not in order");
    }
  }
}

static int is_user(const void *users, uint32_t i) {
  return ((const within_user *)users)[i].user != 0;
}

static int is_link(const void *links, uint32_t i) {
  return ((const within_links *)links)[i / WAYS].key[i % WAYS] != 0;
}

static void visit_users(hearth_state *s, foresight_within *head) {
  for (uint32_t i = 0;
       hearth_state_next(s, "user", &i, USERS, is_user, head->users); i++) {
    within_user *u = &head->users[i];
    hearth_state_u32(s, "user.user", &u->user, 1, UINT32_MAX);
    hearth_state_u32(s, "user.requests", &u->requests, 0, UINT32_MAX);
    hearth_state_i64(s, "user.last", &u->last, -TIME, TIME);
    if (u->user % USERS != i) {
      hearth_state_refuse(s, "user.user", "it is not in its place");
    }
  }
  for (uint32_t i = 0;
       hearth_state_next(s, "link", &i, LINKS, is_link, head->links); i++) {
    within_links *bucket = &head->links[i / WAYS];
    const uint32_t way = i % WAYS;
    hearth_state_u32(s, "link.key", &bucket->key[way], 1, UINT32_MAX);
    hearth_state_u32(s, "link.age", &bucket->age[way], 0, UINT32_MAX);
    hearth_state_f32(s, "link.n", &bucket->n[way], 0.0f, MOST_COUNT);
  }
  for (int i = 0; i < RECENT; i++) {
    within_recent *r = &head->recent[i];
    hearth_state_u32(s, "recent.user", &r->user, 0, UINT32_MAX);
    hearth_state_u32(s, "recent.model", &r->model, 0,
                     head->count > 0 ? head->count - 1 : 0);
    hearth_state_i64(s, "recent.time", &r->time, -TIME, TIME);
    if (r->user > 0 && head->count == 0) {
      hearth_state_refuse(s, "recent.model", "there is no such model");
    }
  }
}

static void visit_sample(hearth_state *s, const foresight_within *head,
                         within_sample *sample) {
  hearth_state_i64(s, "sample.time", &sample->time, -2 * TIME, head->now);
  hearth_state_u32(s, "sample.model", &sample->model, 0,
                   head->count > 0 ? head->count - 1 : 0);
  hearth_state_f32(s, "sample.weight", &sample->weight, 0.0f, 1.0f);
  hearth_state_u16s(s, "sample.cell", sample->cell, TABLES, 0, CELLS - 1);
  hearth_state_u8(s, "sample.age", &sample->age, 0, CLASSES - 1);
  hearth_state_u8(s, "sample.rate", &sample->rate, 0, CLASSES - 1);
  hearth_state_i16s(s, "sample.x", sample->x, INPUTS, INT16_MIN, INT16_MAX);
}

/* Samples that wait for their label, the oldest first. */
static void visit_rings(hearth_state *s, foresight_within *head) {
  for (int h = 0; h < HORIZONS; h++) {
    within_ring *ring = &head->rings[h];
    const uint32_t size = hearth_state_count(s, "samples", &ring->size,
                                             head->count > 0 ? RING : 0);
    for (uint32_t i = 0; i < size && hearth_state_ok(s); i++) {
      visit_sample(s, head, &ring->samples[(ring->head + i) % RING]);
    }
  }
}

void foresight_within_state(hearth_state *s, foresight_within *head) {
  uint8_t begun = head->begun != 0;
  hearth_state_u8(s, "begun", &begun, 0, 1);
  head->begun = begun;
  hearth_state_i64(s, "now", &head->now, -TIME, TIME);
  hearth_state_i64(s, "start", &head->start, -TIME, head->now);
  hearth_state_u64(s, "requests", &head->requests, 0, (uint64_t)TIME);
  hearth_state_f32(s, "newcomers", &head->newcomers, 0.0f, MOST_COUNT);
  hearth_state_f32(s, "stride", &head->stride, 0.5f, 1e5f);
  hearth_state_f32(s, "debt", &head->debt, 0.0f, 1e5f);
  hearth_state_u32(s, "noise", &head->noise, 1, UINT32_MAX);
  visit_traffic(s, head);
  visit_pools(s, head->pools, POOLS);
  visit_pools(s, &head->all, 1);
  visit_pools(s, &head->all_requests, 1);
  visit_mixers(s, head);
  visit_models(s, head);
  visit_users(s, head);
  visit_rings(s, head);
}

void foresight_within_forget(foresight_within *head, uint32_t user) {
  const uint32_t key = user + 1;
  within_user *slot = &head->users[key % USERS];
  if (key != 0 && slot->user == key) {
    memset(slot, 0, sizeof *slot);
  }
  for (uint32_t m = 0; key != 0 && m < head->count; m++) {
    if (head->models[m].user == key) {
      head->models[m].user = head->models[m].user_requests = 0;
    }
  }
  int kept = 0;
  for (int i = 0; i < RECENT; i++) {
    if (head->recent[i].user != key) {
      head->recent[kept++] = head->recent[i];
    }
  }
  for (; kept < RECENT; kept++) {
    head->recent[kept] = (within_recent){0, 0, 0};
  }
}
