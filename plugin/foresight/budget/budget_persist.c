/* SPDX-License-Identifier: MIT
   The budget head in a state, and what it forgets of a user. */
#include "plugin/sdk/cold.h"

#include "plugin/foresight/budget/budget_state.h"

#define TIME HEARTH_STATE_TIME
#define MOST_WEIGHT 1e6f
#define MOST_COUNT 1e9f /* so that logarithms of rates fit a sample */
#define MOST_FLOAT 3e38f
#define GHOSTS (FORESIGHT_BUDGET_LEARNED + 1)

static void visit_slot(hearth_state *s, budget_slot *slot) {
  hearth_state_u16s(s, "slot.p", slot->p, BUDGET_HORIZONS, 0, UINT16_MAX);
  hearth_state_u8s(s, "slot.n", slot->n, BUDGET_HORIZONS, 0,
                   BUDGET_TABLE_LIMIT);
}

static void visit_sample(hearth_state *s, budget_sample *sample) {
  hearth_state_i64(s, "sample.at", &sample->at, -TIME, TIME);
  hearth_state_i16s(s, "sample.signal", sample->signal, BUDGET_SIGNALS,
                    INT16_MIN, INT16_MAX);
  hearth_state_u16(s, "sample.population", &sample->population[0], 0, 1023);
  hearth_state_u16(s, "sample.population", &sample->population[1], 0, 255);
  hearth_state_u16(s, "sample.population", &sample->population[2], 0, 1023);
  for (int i = 0; i < BUDGET_TABLES - 1; i++) {
    hearth_state_u32(s, "sample.slot", &sample->slot[i], 0, UINT32_MAX);
    if (sample->slot[i] >= BUDGET_HASH_SIZE &&
        sample->slot[i] != BUDGET_NO_SLOT) {
      hearth_state_refuse(s, "sample.slot", "out of range");
    }
  }
  hearth_state_u8(s, "sample.idle_bin", &sample->idle_bin, 0,
                  BUDGET_IDLE_BINS - 1);
  hearth_state_u8(s, "sample.idle_class", &sample->idle_class, 0,
                  BUDGET_IDLE_CLASSES - 1);
  hearth_state_u8(s, "sample.count_class", &sample->count_class, 0,
                  BUDGET_COUNT_CLASSES - 1);
  hearth_state_u8(s, "sample.labelled", &sample->labelled, 0, UINT8_MAX);
}

static int slot_has_labels(const budget_slot *slot) {
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    if (slot->n[h] > 0) {
      return 1;
    }
  }
  return 0;
}

static int has_labels(const void *slots, uint32_t i) {
  return slot_has_labels(&((const budget_slot *)slots)[i]);
}

static void visit_times(hearth_state *s, budget_model *m) {
  hearth_state_i64(s, "model.last", &m->last, -TIME, TIME);
  hearth_state_i64(s, "model.gap", &m->gap, -1, 2 * TIME);
  hearth_state_i64(s, "model.gap_before", &m->gap_before, -1, 2 * TIME);
  hearth_state_i64(s, "model.count", &m->count, 0, TIME);
  hearth_state_i64(s, "model.rate_at", &m->rate_at, -TIME, TIME);
  hearth_state_i64(s, "model.mass_at", &m->mass_at, -TIME, TIME);
  hearth_state_i64(s, "model.left_at", &m->left_at, -TIME, TIME);
  hearth_state_f32s(s, "model.rate", m->rate, BUDGET_RATES, 0, MOST_COUNT);
  hearth_state_f32s(s, "model.mass", m->mass, BUDGET_MASSES, 0, MOST_COUNT);
  hearth_state_u32(s, "model.user", &m->user, 0, UINT32_MAX);
  hearth_state_i32(s, "model.left", &m->left, 0, 1);
  hearth_state_i64(s, "model.burst_at", &m->burst_at, -TIME, TIME);
  hearth_state_f32(s, "model.burst_now", &m->burst_now, 0, MOST_COUNT);
  hearth_state_f32(s, "model.burst_sum", &m->burst_sum, 0, MOST_COUNT);
  hearth_state_f32(s, "model.burst_count", &m->burst_count, 0, MOST_COUNT);
}

static void visit_model(hearth_state *s, foresight_budget *b, uint32_t id) {
  budget_model *m = &b->models[id];
  visit_times(s, m);
  hearth_state_f32(s, "model.foretold", &m->foretold, 0, MOST_COUNT);
  hearth_state_f32(s, "model.came", &m->came, 0, MOST_COUNT);
  hearth_state_f32(s, "model.promised", &m->promised, 0, 1);
  hearth_state_f32s(s, "model.within", m->within, BUDGET_HORIZONS, 0, 1);
  hearth_state_f32(s, "model.prewarm", &m->prewarm, 0, 1e30f);
  hearth_state_f32(s, "model.chance", &m->chance, 0, 1);
  hearth_state_f32(s, "model.next_sample_s", &m->next_sample_s, 0, 1e14f);
  hearth_state_u32(s, "model.scored", &m->scored, 0, UINT32_MAX);
  hearth_state_i64(s, "model.due", &b->due[id], -64 * TIME, INT64_MAX);
  hearth_state_f32(s, "model.worth", &b->worth[id], 0, 1e30f);
  hearth_state_f32(s, "model.frequency", &b->frequency[id], 0, MOST_COUNT);
  hearth_state_u32(s, "model.running", &b->running[id], 0, INT32_MAX);
  for (int i = 0; i < FORESIGHT_BUDGET_LEARNED; i++) {
    hearth_state_f32(s, "model.rank", &b->rank[i][id], -MOST_FLOAT, MOST_FLOAT);
  }
  for (uint32_t i = 0; hearth_state_next(s, "model.idle", &i, BUDGET_IDLE_BINS,
                                         has_labels, m->idle);
       i++) {
    visit_slot(s, &m->idle[i]);
  }
  const uint32_t samples =
      hearth_state_count(s, "model.samples", &m->samples, BUDGET_SAMPLES);
  for (uint32_t i = 0; i < samples && hearth_state_ok(s); i++) {
    visit_sample(s, &m->sample[i]);
  }
}

/* A model that was neither used nor scored nor seen in memory is as it began.
 */
static int is_known(const void *budget, uint32_t id) {
  const foresight_budget *b = budget;
  const budget_model *m = &b->models[id];
  return m->count > 0 || m->scored > 0 || m->promised > 0 || m->foretold > 0 ||
         b->running[id] > 0;
}

/* Held models, best first as they were last ordered, and how they are there.
   Sums of them are made anew. */
static void visit_held(hearth_state *s, foresight_budget *b, uint8_t *taken) {
  memset(taken, 0, b->count);
  uint32_t held = b->held_count;
  held = hearth_state_count(s, "held", &held, b->count);
  hearth_state_ids(s, "held", b->held, held, b->count, taken);
  for (uint32_t i = 0; i < held && hearth_state_ok(s); i++) {
    const uint32_t m = b->held[i];
    uint8_t state = b->state[m];
    hearth_state_u8(s, "state", &state, BUDGET_DEMANDED, BUDGET_READY);
    if (!hearth_state_saving(s) && hearth_state_ok(s)) {
      foresight__budget_set_state(b, m, state);
    }
  }
  for (uint32_t m = 0; m < b->count && !hearth_state_saving(s); m++) {
    foresight__budget_placed(b, m);
    if (b->models[m].scored == b->turn) {
      b->fresh[b->fresh_count++] = m;
    }
  }
}

static void visit_wishes(hearth_state *s, foresight_budget *b, uint8_t *taken) {
  memset(taken, 0, b->count);
  const uint32_t wishes =
      hearth_state_count(s, "wishes", &b->wishes,
                         b->count < BUDGET_WISHES ? b->count : BUDGET_WISHES);
  hearth_state_ids(s, "wishes", b->wished, wishes, b->count, taken);
}

static void visit_clocks(hearth_state *s, foresight_budget *b) {
  uint32_t following = (uint32_t)b->following;
  hearth_state_i64(s, "now", &b->now, -TIME, TIME);
  hearth_state_i64(s, "start", &b->start, -TIME, TIME);
  hearth_state_i32(s, "begun", &b->begun, 0, 1);
  hearth_state_i64(s, "asked_kb", &b->asked_kb, 0, TIME);
  hearth_state_f32s(s, "traffic", b->traffic, 2, 0, MOST_COUNT);
  hearth_state_i64(s, "traffic_at", &b->traffic_at, -TIME, TIME);
  hearth_state_f32(s, "novel", &b->novel, 0, MOST_COUNT);
  hearth_state_u32(s, "last_model", &b->last_model, 0, UINT32_MAX);
  hearth_state_u32(s, "user_model", &b->user_model, 0, UINT32_MAX);
  hearth_state_u32(s, "user_before", &b->user_before, 0, UINT32_MAX);
  hearth_state_u32(s, "sequence", &b->sequence, 0, UINT32_MAX);
  hearth_state_f32(s, "eviction_gap_s", &b->eviction_gap_s, 0, 1e14f);
  hearth_state_i64(s, "evicted_at", &b->evicted_at, -TIME, TIME);
  hearth_state_f32(s, "gdsf_clock", &b->gdsf_clock, -MOST_FLOAT, MOST_FLOAT);
  hearth_state_f64s(s, "loss", b->loss, FORESIGHT_BUDGET_RULES, -1e18, 1e18);
  hearth_state_u32(s, "order", &b->order, 0, FORESIGHT_BUDGET_LEARNED);
  hearth_state_u32(s, "following", &following, 0, FORESIGHT_BUDGET_RULES - 1);
  hearth_state_u64(s, "own_loads", &b->own_loads, 0, (uint64_t)TIME);
  hearth_state_u32(s, "turn", &b->turn, 1, UINT32_MAX);
  hearth_state_u32(s, "unseen_turn", &b->unseen_turn, 0,
                   b->count > 0 ? b->count - 1 : 0);
  b->following = (foresight_budget_rule)following;
}

static int has_learned(const void *populations, uint32_t i) {
  const budget_population *t = &((const budget_population *)populations)[i];
  for (int h = 0; h < BUDGET_HORIZONS; h++) {
    if (t->n[h] > 0) {
      return 1;
    }
  }
  return 0;
}

static void visit_populations(hearth_state *s, const char *field,
                              budget_population *t, uint32_t count) {
  for (uint32_t i = 0; hearth_state_next(s, field, &i, count, has_learned, t);
       i++) {
    hearth_state_f32s(s, field, t[i].p, BUDGET_HORIZONS, 0, 1);
    hearth_state_f32s(s, field, t[i].n, BUDGET_HORIZONS, 0,
                      BUDGET_POPULATION_LIMIT + 1);
  }
}

/* A state has them horizon by horizon, memory input by input. */
static void visit_weights(hearth_state *s, const char *field,
                          float (*w)[BUDGET_HORIZONS], uint32_t inputs) {
  float by_horizon[BUDGET_HORIZONS * BUDGET_INPUTS];
  for (uint32_t i = 0; i < inputs; i++) {
    for (uint32_t h = 0; h < BUDGET_HORIZONS; h++) {
      by_horizon[h * inputs + i] = w[i][h];
    }
  }
  hearth_state_sparse_f32s(s, field, by_horizon, BUDGET_HORIZONS * inputs,
                           -MOST_WEIGHT, MOST_WEIGHT);
  for (uint32_t i = 0; i < inputs && !hearth_state_saving(s); i++) {
    for (uint32_t h = 0; h < BUDGET_HORIZONS; h++) {
      w[i][h] = by_horizon[h * inputs + i];
    }
  }
}

static int is_taken(const void *hash, uint32_t i) {
  return ((const budget_hashed *)hash)[i].check != 0;
}

static void visit_learned(hearth_state *s, foresight_budget *b) {
  budget_weights *w = &b->weights;
  visit_weights(s, "weights.shared", w->shared, BUDGET_INPUTS);
  for (int c = 0; c < BUDGET_IDLE_CLASSES; c++) {
    visit_weights(s, "weights.by_idle", w->by_idle[c], BUDGET_INPUTS);
    visit_weights(s, "weights.tables", w->tables[c], BUDGET_TABLES);
  }
  for (int c = 0; c < BUDGET_COUNT_CLASSES; c++) {
    visit_weights(s, "weights.by_count", w->by_count[c], BUDGET_INPUTS);
  }
  visit_populations(s, "gap_idle", b->gap_idle, 32 * 32);
  visit_populations(s, "gap_ratio", b->gap_ratio, 16 * 16);
  visit_populations(s, "rate_idle", b->rate_idle, 32 * 32);
  if (!hearth_state_saving(s)) {
    foresight__budget_learn_know(b);
  }
}

static void visit_hash(hearth_state *s, budget_hashed *hash) {
  for (uint32_t i = 0;
       hearth_state_next(s, "hash", &i, BUDGET_HASH_SIZE, is_taken, hash);
       i++) {
    hearth_state_u32(s, "hash.check", &hash[i].check, 1, UINT32_MAX);
    visit_slot(s, &hash[i].slot);
  }
}

static void visit_models(hearth_state *s, foresight_budget *b) {
  uint32_t seen = 0;
  for (uint32_t i = 0; hearth_state_next(s, "model", &i, b->count, is_known, b);
       i++) {
    visit_model(s, b, i);
    seen += b->models[i].count > 0;
  }
  if (!hearth_state_saving(s)) {
    b->seen = seen;
  }
}

void foresight_budget_state(hearth_state *s, foresight_budget *b) {
  uint8_t *taken = hearth_zalloc(&b->memory, (size_t)b->count + 1, 1);
  if (taken == NULL) {
    hearth_state_fail(s, HEARTH_NO_MEMORY, NULL, "out of memory");
    return;
  }
  visit_clocks(s, b);
  visit_models(s, b);
  visit_held(s, b, taken);
  visit_wishes(s, b, taken);
  for (int i = 0; i < GHOSTS; i++) {
    foresight_ghost_state(s, b->ghost[i], b->count, taken);
  }
  visit_learned(s, b);
  hearth_release(&b->memory, taken);
  visit_hash(s, b->hash);
}

void foresight_budget_forget(foresight_budget *b, uint32_t user) {
  for (uint32_t m = 0; m < b->count; m++) {
    budget_model *model = &b->models[m];
    if (model->user == user && user != FORESIGHT_BUDGET_NONE) {
      model->user = FORESIGHT_BUDGET_NONE;
      model->left = 0;
    }
  }
}
