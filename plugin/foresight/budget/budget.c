/* SPDX-License-Identifier: MIT
   What to hold, and what to load ahead, under a memory budget. */
#include "plugin/foresight/budget/budget.h"

#include <stddef.h>
#include <string.h>

#include "plugin/foresight/budget/budget_state.h"
#include "plugin/sdk/hint.h"

HEARTH_SELDOM void
foresight_budget_options_init(foresight_budget_options *options) {
  *options = (foresight_budget_options){.loads_limit = 1.5f, .boldness = .35f};
}

HEARTH_SELDOM foresight_budget *
foresight_budget_new(const hearth_memory_user *memory,
                     const foresight_budget_options *options) {
  foresight_budget *b = hearth_zalloc(memory, 1, sizeof *b);
  int failed = !b;
  if (b) {
    b->memory = *memory;
  }
  for (int i = 0; b && i <= FORESIGHT_BUDGET_LEARNED; i++) {
    b->ghost[i] = foresight_ghost_new(memory, &b->world);
    failed |= !b->ghost[i];
  }
  if (failed) {
    foresight_budget_free(b);
    return NULL;
  }
  b->options = *options;
  b->eviction_gap_s = 600;
  b->evicted_at = -1;
  b->last_model = b->user_model = b->user_before = FORESIGHT_BUDGET_NONE;
  b->following = FORESIGHT_BUDGET_AHEAD;
  b->world.lanes = 1;
  b->order = FORESIGHT_BUDGET_LEARNED;
  b->turn = 1;
  foresight__budget_learn_init(b);
  return b;
}

/* The arrays by model that it owns; the rank of the learned rule is `worth`. */
#define ARRAY(name)                                                            \
  { offsetof(foresight_budget, name), sizeof *((foresight_budget *)0)->name }
static const struct {
  uint16_t at, size;
} arrays[] = {ARRAY(models),
              ARRAY(memory_kb),
              ARRAY(load_ms),
              ARRAY(due),
              ARRAY(worth),
              ARRAY(rank[FORESIGHT_BUDGET_LRU]),
              ARRAY(rank[FORESIGHT_BUDGET_LFU]),
              ARRAY(rank[FORESIGHT_BUDGET_GDSF]),
              ARRAY(frequency),
              ARRAY(running),
              ARRAY(held),
              ARRAY(place),
              ARRAY(state),
              ARRAY(fresh),
              ARRAY(aside)};
enum { ARRAYS = sizeof arrays / sizeof *arrays };
_Static_assert((int)FORESIGHT_BUDGET_LEARNED == 3, "three simple rules");
_Static_assert(sizeof(budget_model) <= UINT16_MAX &&
                   offsetof(foresight_budget, world) <= UINT16_MAX,
               "they fit");

static void *array_of(const foresight_budget *b, uint32_t i) {
  void *array;
  memcpy(&array, (const char *)b + arrays[i].at, sizeof array);
  return array;
}

HEARTH_SELDOM void foresight_budget_free(foresight_budget *b) {
  if (!b) {
    return;
  }
  const hearth_memory_user memory = b->memory;
  for (int i = 0; i <= FORESIGHT_BUDGET_LEARNED; i++) {
    foresight_ghost_free(b->ghost[i]);
  }
  for (uint32_t i = 0; i < ARRAYS; i++) {
    hearth_release(&memory, array_of(b, i));
  }
  foresight__budget_order_free(b);
  hearth_release(&memory, b);
}

void foresight_budget_pool(foresight_budget *b, int64_t budget_kb,
                           uint32_t lanes) {
  b->world.budget_kb = budget_kb;
  b->world.lanes = lanes;
}

/* 0: done. */
static int widen(foresight_budget *b, uint32_t i, uint32_t to) {
  void *array = array_of(b, i);
  const hearth_status status =
      hearth_widen(&b->memory, &array, b->count, to, arrays[i].size);
  memcpy((char *)b + arrays[i].at, &array, sizeof array);
  return status != HEARTH_OK;
}

static int make_space(foresight_budget *b) {
  const uint32_t to = hearth_room(b->room, b->room ? b->room + 1 : 64);
  int failed = 0;
  for (uint32_t i = 0; i < ARRAYS && !failed; i++) {
    failed = widen(b, i, to);
  }
  b->rank[FORESIGHT_BUDGET_LEARNED] = b->worth;
  b->world.memory_kb = b->memory_kb;
  b->world.load_ms = b->load_ms;
  b->world.running = b->running;
  if (failed || foresight__budget_follow_reserve(b, to) ||
      foresight__budget_order_reserve(b, to)) {
    return -1;
  }
  b->room = to;
  return 0;
}

HEARTH_SELDOM int foresight_budget_add(foresight_budget *b, int64_t memory_kb,
                                       int64_t load_ms) {
  if (b->count == b->room && make_space(b)) {
    return -1;
  }
  const uint32_t m = b->count++;
  b->memory_kb[m] = memory_kb;
  b->load_ms[m] = load_ms;
  b->load_sum_ms += load_ms;
  b->due[m] = INT64_MAX;
  b->models[m].user = FORESIGHT_BUDGET_NONE;
  b->models[m].gap = b->models[m].gap_before = -1;
  b->models[m].burst_at = -1;
  return 0;
}

void foresight_budget_update(foresight_budget *b, uint32_t m,
                             int64_t memory_kb, int64_t load_ms) {
  if (b->state[m] != BUDGET_ABSENT) {
    b->held_kb += memory_kb - b->memory_kb[m];
  }
  b->load_sum_ms += load_ms - b->load_ms[m];
  b->memory_kb[m] = memory_kb;
  b->load_ms[m] = load_ms;
}

void foresight__budget_set_state(foresight_budget *b, uint32_t m,
                                 uint8_t state) {
  const int was = b->state[m] != BUDGET_ABSENT, is = state != BUDGET_ABSENT;
  b->demanded -= b->state[m] == BUDGET_DEMANDED;
  b->demanded += state == BUDGET_DEMANDED;
  b->state[m] = state;
  if (is && !was) {
    b->held_kb += b->memory_kb[m];
  } else if (was && !is) {
    b->held_kb -= b->memory_kb[m];
  }
  foresight__budget_placed(b, m);
}

/* A prewarm was used, or left unused: compare with what was promised. */
static void settle_prewarm(foresight_budget *b, uint32_t m, float came) {
  budget_model *model = &b->models[m];
  if (model->promised > 0 && b->state[m] == BUDGET_READY) {
    model->foretold = .95f * model->foretold + model->promised;
    model->came = .95f * model->came + came;
  }
  model->promised = 0;
}

static void advance(foresight_budget *b, int64_t now) {
  if (!b->begun) {
    b->begun = 1;
    b->now = b->start = b->traffic_at = now;
  }
  b->now = now > b->now ? now : b->now;
}

void foresight_budget_started(foresight_budget *b,
                              const foresight_budget_use *use) {
  const uint32_t m = use->model;
  if (m >= b->count) {
    return;
  }
  advance(b, use->now);
  if (use->found == FORESIGHT_BUDGET_COLD) {
    for (int i = 0; i < FORESIGHT_BUDGET_RULES; i++) {
      b->loss[i] *= BUDGET_FORGET;
    }
  }
  b->asked_kb = use->found == FORESIGHT_BUDGET_COLD ? b->memory_kb[m] : 0;
  foresight__budget_follow_use(b, m);
  settle_prewarm(b, m, 1);
  foresight__budget_label(b, m, 1);
  b->running[m]++;
  foresight__budget_note_use(b, use);
  if (use->found != FORESIGHT_BUDGET_WARM) {
    foresight__budget_set_state(b, m, BUDGET_DEMANDED);
  } else if (b->state[m] == BUDGET_ABSENT) {
    foresight__budget_set_state(b, m, BUDGET_READY); /* an event was missed */
  } else {
    foresight__budget_placed(b, m);
  }
  foresight__budget_sample_due(b);
}

void foresight_budget_finished(foresight_budget *b, uint32_t m, int64_t now,
                               int64_t wait_ms) {
  if (m < b->count) {
    advance(b, now);
    b->running[m] -= b->running[m] > 0;
    foresight__budget_placed(b, m);
    foresight__budget_follow_wait(b, .001 * (double)wait_ms);
  }
}

void foresight_budget_loaded(foresight_budget *b, uint32_t m, int64_t now,
                             int ahead) {
  if (m < b->count) {
    advance(b, now);
    b->own_loads++;
    b->asked_kb = 0;
    b->models[m].promised =
        ahead && b->state[m] == BUDGET_ABSENT ? b->models[m].chance : 0;
    foresight__budget_set_state(b, m, BUDGET_READY);
  }
}

void foresight_budget_cancelled(foresight_budget *b, uint32_t m, int64_t now) {
  if (m < b->count) {
    advance(b, now);
    b->own_loads++;
    b->models[m].promised = 0;
    foresight__budget_set_state(b, m, BUDGET_ABSENT);
  }
}

void foresight_budget_evicted(foresight_budget *b, uint32_t m, int64_t now) {
  if (m >= b->count) {
    return;
  }
  advance(b, now);
  settle_prewarm(b, m, 0);
  foresight__budget_set_state(b, m, BUDGET_ABSENT);
  if (b->evicted_at >= 0) {
    const float gap = (float)(b->now - b->evicted_at) * .001f;
    b->eviction_gap_s += (gap - b->eviction_gap_s) * BUDGET_EVICTION_STEP;
  }
  b->evicted_at = b->now;
}

HEARTH_SELDOM void foresight_budget_explain(const foresight_budget *b,
                                            uint32_t m,
                                            foresight_budget_reason *r) {
  *r = (foresight_budget_reason){.idle_s = -1, .following = b->following};
  if (m >= b->count) {
    return;
  }
  const budget_model *model = &b->models[m];
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    r->within[h] = (double)model->within[h];
  }
  r->worth = (double)b->worth[m];
  const int rule = b->following < FORESIGHT_BUDGET_LEARNED
                       ? (int)b->following
                       : (int)FORESIGHT_BUDGET_LEARNED;
  r->rank = (double)b->rank[rule][m];
  r->prewarm = b->state[m] == BUDGET_ABSENT ? (double)model->prewarm : 0;
  r->burst = (double)foresight__budget_burst(b, m);
  const float t = (model->came + BUDGET_TRUST_PRIOR) /
                  (model->foretold + BUDGET_TRUST_PRIOR);
  r->trust = t < 1 ? (double)t : 1;
  r->idle_s = model->count ? .001 * (double)(b->now - model->last) : -1;
  r->resident = b->state[m] == BUDGET_READY;
}

uint32_t foresight_budget_models(const foresight_budget *b) {
  return b->count;
}
