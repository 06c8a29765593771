/* SPDX-License-Identifier: MIT
   A pool of metadata alone: what a rule would have cost us. */
#include "plugin/foresight/budget/budget_ghost.h"
#include "plugin/sdk/hint.h"

#include <string.h>

enum { ABSENT, QUEUED, LOADING, READY };
enum { MAX_LANES = 16 };

typedef struct {
  int64_t arrived; /* sum over those who wait of (arrival - origin), ms */
  int64_t done;    /* when its load completes */
  uint32_t waiting;
  uint32_t place; /* in `ready` */
  uint8_t state;
} ghost_model;

struct foresight_ghost {
  hearth_memory_user memory;
  const foresight_ghost_world *world;
  ghost_model *models;
  uint32_t *ready, *queue;
  uint32_t count, ready_count, head, queued, loading;
  uint32_t in_flight[MAX_LANES];
  int64_t used_kb, origin;
  uint64_t loads;
};

HEARTH_SELDOM foresight_ghost *
foresight_ghost_new(const hearth_memory_user *memory,
                    const foresight_ghost_world *world) {
  foresight_ghost *g = hearth_zalloc(memory, 1, sizeof *g);
  if (g) {
    g->memory = *memory;
    g->world = world;
  }
  return g;
}

HEARTH_SELDOM void foresight_ghost_free(foresight_ghost *g) {
  if (g) {
    const hearth_memory_user memory = g->memory;
    hearth_release(&memory, g->models);
    hearth_release(&memory, g->ready);
    hearth_release(&memory, g->queue);
    hearth_release(&memory, g);
  }
}

int foresight_ghost_reserve(foresight_ghost *g, uint32_t count) {
  if (count <= g->count) {
    return 0;
  }
  ghost_model *models =
      hearth_resize(&g->memory, g->models, count * sizeof *models);
  g->models = models ? models : g->models;
  uint32_t *ready = hearth_resize(&g->memory, g->ready, count * sizeof *ready);
  g->ready = ready ? ready : g->ready;
  /* The queue is a ring: lay it out straight in its new room. */
  uint32_t *queue =
      models && ready
          ? hearth_resize(&g->memory, NULL, count * sizeof *queue)
          : NULL;
  if (!queue) {
    return -1;
  }
  for (uint32_t i = 0; i < g->queued; i++) {
    queue[i] = g->queue[(g->head + i) % g->count];
  }
  hearth_release(&g->memory, g->queue);
  g->queue = queue;
  g->head = 0;
  memset(models + g->count, 0, (count - g->count) * sizeof *models);
  g->count = count;
  return 0;
}

uint64_t foresight_ghost_loads(const foresight_ghost *g) { return g->loads; }

static int is_idle(const foresight_ghost *g, uint32_t m) {
  return !g->world->running[m];
}

static void evict_lowest(foresight_ghost *g, const float *ranks,
                         float *evicted) {
  uint32_t best = UINT32_MAX;
  for (uint32_t i = 0; i < g->ready_count; i++) {
    const uint32_t m = g->ready[i];
    if (is_idle(g, m) && (best == UINT32_MAX || ranks[m] < ranks[best])) {
      best = m;
    }
  }
  if (ranks[best] > *evicted) {
    *evicted = ranks[best];
  }
  const uint32_t last = g->ready[--g->ready_count];
  g->ready[g->models[best].place] = last;
  g->models[last].place = g->models[best].place;
  g->models[best].state = ABSENT;
  g->used_kb -= g->world->memory_kb[best];
}

static int make_room(foresight_ghost *g, int64_t need, const float *ranks,
                     float *evicted) {
  const int64_t free_kb = g->world->budget_kb - g->used_kb;
  int64_t idle_kb = 0;
  for (uint32_t i = 0; need > free_kb + idle_kb && i < g->ready_count; i++) {
    idle_kb += is_idle(g, g->ready[i]) ? g->world->memory_kb[g->ready[i]] : 0;
  }
  if (need > free_kb + idle_kb) {
    return 0;
  }
  while (g->used_kb + need > g->world->budget_kb) {
    evict_lowest(g, ranks, evicted);
  }
  return 1;
}

static uint32_t lanes(const foresight_ghost *g) {
  return g->world->lanes < MAX_LANES ? g->world->lanes : MAX_LANES;
}

/* Begin what loads can; returns the waits this settles. */
static double begin(foresight_ghost *g, int64_t now, const float *ranks,
                    float *evicted) {
  double waits = 0;
  while (g->queued && g->loading < lanes(g)) {
    const uint32_t m = g->queue[g->head];
    const int64_t need = g->world->memory_kb[m];
    if (!make_room(g, need, ranks, evicted)) {
      break;
    }
    g->head = (g->head + 1) % g->count;
    g->queued--;
    ghost_model *model = &g->models[m];
    model->state = LOADING;
    model->done = now + g->world->load_ms[m];
    g->used_kb += need;
    g->in_flight[g->loading++] = m;
    g->loads++;
    waits += .001 * ((double)(model->done - g->origin) * model->waiting -
                     (double)model->arrived);
    model->waiting = 0;
    model->arrived = 0;
  }
  return waits;
}

double foresight_ghost_advance(foresight_ghost *g, int64_t now,
                               const float *ranks, float *evicted) {
  double waits = 0;
  while (g->loading) {
    uint32_t next = 0;
    for (uint32_t i = 1; i < g->loading; i++) {
      if (g->models[g->in_flight[i]].done <
          g->models[g->in_flight[next]].done) {
        next = i;
      }
    }
    const uint32_t m = g->in_flight[next];
    const int64_t done = g->models[m].done;
    if (done > now) {
      break;
    }
    memmove(&g->in_flight[next], &g->in_flight[next + 1],
            (g->loading - next - 1) * sizeof *g->in_flight);
    g->loading--;
    g->models[m].state = READY;
    g->models[m].place = g->ready_count;
    g->ready[g->ready_count++] = m;
    waits += begin(g, done, ranks, evicted);
  }
  return waits + begin(g, now, ranks, evicted);
}

int foresight_ghost_request(foresight_ghost *g, uint32_t m, int64_t now,
                            double *wait_s) {
  ghost_model *model = &g->models[m];
  *wait_s = 0;
  if (model->state == READY) {
    return 0;
  }
  if (model->state == LOADING) {
    *wait_s = .001 * (double)(model->done - now);
    return 0;
  }
  const int cold = model->state == ABSENT;
  if (cold) {
    g->queue[(g->head + g->queued++) % g->count] = m;
    model->state = QUEUED;
  }
  if (!g->origin) {
    g->origin = now; /* keeps the sums small */
  }
  model->waiting++;
  model->arrived += now - g->origin;
  return cold;
}

/* The lists tell the states, and where a model is in them. */
static void visit_ready(hearth_state *s, foresight_ghost *g, uint32_t models,
                        uint8_t *taken) {
  const uint32_t count =
      hearth_state_count(s, "ghost.ready", &g->ready_count, models);
  hearth_state_ids(s, "ghost.ready", g->ready, count, models, taken);
  for (uint32_t i = 0; i < count && hearth_state_ok(s); i++) {
    g->models[g->ready[i]].place = i;
    g->models[g->ready[i]].state = READY;
  }
}

static void visit_loading(hearth_state *s, foresight_ghost *g, uint32_t models,
                          uint8_t *taken) {
  const int64_t time = HEARTH_STATE_TIME;
  const uint32_t count =
      hearth_state_count(s, "ghost.loading", &g->loading,
                         models < MAX_LANES ? models : MAX_LANES);
  hearth_state_ids(s, "ghost.loading", g->in_flight, count, models, taken);
  for (uint32_t i = 0; i < count && hearth_state_ok(s); i++) {
    ghost_model *m = &g->models[g->in_flight[i]];
    hearth_state_i64(s, "ghost.done", &m->done, -4 * time, 4 * time);
    m->state = LOADING;
  }
}

static void visit_queue(hearth_state *s, foresight_ghost *g, uint32_t models,
                        uint8_t *taken) {
  const int64_t most = (int64_t)1 << 60;
  const uint32_t count =
      hearth_state_count(s, "ghost.queue", &g->queued, models);
  for (uint32_t i = 0; i < count && hearth_state_ok(s); i++) {
    uint32_t *id = &g->queue[(g->head + i) % g->count];
    hearth_state_ids(s, "ghost.queue", id, 1, models, taken);
    if (hearth_state_ok(s)) {
      ghost_model *m = &g->models[*id];
      hearth_state_u32(s, "ghost.waiting", &m->waiting, 0, UINT32_MAX);
      hearth_state_i64(s, "ghost.arrived", &m->arrived, -most, most);
      m->state = QUEUED;
    }
  }
}

HEARTH_SELDOM void foresight_ghost_state(hearth_state *s, foresight_ghost *g,
                                         uint32_t models, uint8_t *taken) {
  const int64_t most = (int64_t)1 << 58;
  memset(taken, 0, models);
  hearth_state_i64(s, "ghost.used_kb", &g->used_kb, -most, most);
  hearth_state_i64(s, "ghost.origin", &g->origin, -HEARTH_STATE_TIME,
                   HEARTH_STATE_TIME);
  hearth_state_u64(s, "ghost.loads", &g->loads, 0, (uint64_t)most);
  visit_ready(s, g, models, taken);
  visit_loading(s, g, models, taken);
  visit_queue(s, g, models, taken);
}

HEARTH_SELDOM void foresight_ghost_copy(foresight_ghost *to,
                                        const foresight_ghost *from,
                                        uint32_t models) {
  const foresight_ghost own = *to;
  *to = *from;
  to->world = own.world;
  to->models = own.models;
  to->ready = own.ready;
  to->queue = own.queue;
  to->count = own.count;
  to->head = 0;
  memcpy(to->models, from->models, models * sizeof *to->models);
  memcpy(to->ready, from->ready, from->ready_count * sizeof *to->ready);
  for (uint32_t i = 0; i < from->queued; i++) {
    to->queue[i] = from->queue[(from->head + i) % from->count];
  }
}
