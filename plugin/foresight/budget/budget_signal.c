/* SPDX-License-Identifier: MIT
   What is known of a model: rates, users, gaps, bursts. */
#include "plugin/foresight/budget/budget_math.h"
#include "plugin/foresight/budget/budget_state.h"
#include "plugin/sdk/hint.h"

#define LN foresight__budget_ln
#define EXP foresight__budget_exp

/* e-folding times in seconds: each 4 (8) times the one before, so that one
   exponential serves all. */
static const float rate_s[BUDGET_RATES] = {433,   1732,   6928,
                                           27712, 110848, 443392};
static const float mass_s[BUDGET_MASSES] = {87, 696, 5568, 44544};

static float seconds(int64_t from, int64_t to) {
  return to > from ? (float)(to - from) * .001f : 0;
}

static void decay_rates(const budget_model *m, int64_t now, float *rate) {
  float d = EXP(-seconds(m->rate_at, now) / rate_s[BUDGET_RATES - 1]);
  for (int i = BUDGET_RATES - 1; i >= 0; i--) {
    rate[i] = m->rate[i] * d;
    d *= d;
    d *= d;
  }
}

static void decay_masses(const budget_model *m, int64_t now, float *mass) {
  float d = EXP(-seconds(m->mass_at, now) / mass_s[BUDGET_MASSES - 1]);
  for (int i = BUDGET_MASSES - 1; i >= 0; i--) {
    mass[i] = m->mass[i] * d;
    d *= d;
    d *= d;
    d *= d;
  }
}

/* Bring the sums to now. */
static void renew_rates(budget_model *m, int64_t now) {
  decay_rates(m, now, m->rate);
  m->rate_at = now;
}

static void renew_masses(budget_model *m, int64_t now) {
  decay_masses(m, now, m->mass);
  m->mass_at = now;
}

/* The user leaves the model it was counted with, and is counted with this. */
static void move_user(foresight_budget *b, const foresight_budget_use *use) {
  if (use->user == FORESIGHT_BUDGET_NONE) {
    b->user_model = b->user_before = FORESIGHT_BUDGET_NONE;
    return;
  }
  budget_model *m = &b->models[use->model];
  if (use->last_model < b->count) {
    budget_model *old = &b->models[use->last_model];
    const float age = seconds(use->last_ms, b->now);
    renew_masses(old, b->now);
    for (int i = 0; i < BUDGET_MASSES; i++) {
      const float left = old->mass[i] - EXP(-age / mass_s[i]);
      old->mass[i] = left > 0 ? left : 0;
    }
    if (old->user == use->user && use->last_model != use->model) {
      old->left = 1;
      old->left_at = b->now;
    }
  }
  renew_masses(m, b->now);
  for (int i = 0; i < BUDGET_MASSES; i++) {
    m->mass[i] += 1;
  }
  m->user = use->user;
  m->left = 0;
  b->user_before = use->last_model;
  b->user_model = use->model;
}

/* A cold start makes all wait who come during it: imagine one at each use after
   a silence, and measure the waits it would have cost, in loads. */
static void note_burst(foresight_budget *b, budget_model *m, float load_s) {
  const float age = seconds(m->burst_at, b->now);
  if (m->burst_at >= 0 && age < load_s) {
    m->burst_now += 1 - age / load_s;
    return;
  }
  if (m->burst_now > 0) {
    m->burst_sum = m->burst_sum * BUDGET_BURST_DECAY + m->burst_now;
    m->burst_count = m->burst_count * BUDGET_BURST_DECAY + 1;
    m->burst_now = 0;
  }
  m->burst_at = -1;
  if (!m->count || seconds(m->last, b->now) > load_s) {
    m->burst_at = b->now;
    m->burst_now = 1;
  }
}

/* Waits a cold start would cost now, in loads: the mean of what the present
   rate foretells and of what was measured. */
float foresight__budget_burst(const foresight_budget *b, uint32_t model) {
  if (b->options.without & FORESIGHT_BUDGET_NO_BURSTS) {
    return 1;
  }
  const budget_model *m = &b->models[model];
  const float load_s = (float)b->load_ms[model] * .001f;
  const float fade = EXP(-seconds(m->rate_at, b->now) / rate_s[0]);
  const float now = 1 + fade * m->rate[0] / rate_s[0] * load_s * .5f;
  return .5f * (now + (m->burst_sum + now) / (m->burst_count + 1));
}

static void note_traffic(foresight_budget *b) {
  const float dt = seconds(b->traffic_at, b->now);
  b->traffic[0] *= EXP(-dt / rate_s[1]);
  b->traffic[1] *= EXP(-dt / BUDGET_DAY_S);
  b->novel *= EXP(-dt / BUDGET_DAY_S);
  b->traffic[0] += 1;
  b->traffic[1] += 1;
  b->traffic_at = b->now;
}

void foresight__budget_note_use(foresight_budget *b,
                                const foresight_budget_use *use) {
  budget_model *m = &b->models[use->model];
  note_traffic(b);
  renew_rates(m, b->now);
  for (int i = 0; i < BUDGET_RATES; i++) {
    m->rate[i] += 1;
  }
  move_user(b, use);
  note_burst(b, m, (float)b->load_ms[use->model] * .001f);
  if (m->count) {
    m->gap_before = m->gap;
    m->gap = b->now > m->last ? b->now - m->last : 0;
  } else {
    b->novel += 1;
    b->seen++;
  }
  m->count++;
  m->last = b->now;
  m->next_sample_s = 0;
  b->due[use->model] = b->now;
  b->last_model = use->model;
}

/* Logarithmic bins: `per` an octave, from 1; of a logarithm. */
static uint32_t bin_of(float ln, float per, uint32_t max) {
  const float v = ln * 1.442695f * per;
  return v > (float)max ? max : (uint32_t)v;
}

static uint32_t bin(float x, float per, uint32_t max) {
  return bin_of(LN(x < 1 ? 1 : x), per, max);
}

static uint32_t mix(uint32_t a, uint32_t b, uint32_t c) {
  uint32_t x = a * 0x9E3779B1u ^ (b + 0x7F4A7C15u) * 0x85EBCA77u ^
               (c + 1) * 0xC2B2AE3Du;
  x = (x ^ x >> 15) * 0x2C1B3C6Du;
  x = (x ^ x >> 12) * 0x297A2D39u;
  return x ^ x >> 15;
}

/* The slot of a context; with `make`, in place of the less used of two. */
static uint32_t find(foresight_budget *b, uint32_t key, int make) {
  const uint32_t i = key & (BUDGET_HASH_SIZE - 1), j = i ^ 1, check = key | 1;
  if (b->hash[i].check == check) {
    return i;
  }
  if (b->hash[j].check == check) {
    return j;
  }
  if (!make) {
    return BUDGET_NO_SLOT;
  }
  const uint32_t k = b->hash[i].slot.n[3] <= b->hash[j].slot.n[3] ? i : j;
  b->hash[k] = (budget_hashed){.check = check};
  b->changed[k / 2] = 1;
  return k;
}

/* The model's own contexts; rare models have few labels in each. */
enum { CONTEXTS = BUDGET_TABLES - 1 };
typedef struct {
  uint32_t key[CONTEXTS], known[CONTEXTS];
} contexts;

static void note_context(const foresight_budget *b, contexts *c, int i,
                         uint32_t key) {
  c->known[i] = 1;
  c->key[i] = key;
  hearth_fetch(&b->hash[key & (BUDGET_HASH_SIZE - 1)]);
}

static contexts contexts_of(const foresight_budget *b, uint32_t id,
                            float idle) {
  const budget_model *m = &b->models[id];
  const int users = !(b->options.without & FORESIGHT_BUDGET_NO_USERS);
  contexts c = {0};
  if (idle < 28800) {
    note_context(b, &c, 0, mix(1, id, (uint32_t)(idle / 60)));
  }
  note_context(b, &c, 1, mix(3, id, b->last_model));
  if (users && b->user_model != FORESIGHT_BUDGET_NONE) {
    note_context(b, &c, 2,
                 mix(4 + b->user_model * 7, id, b->user_before));
  }
  if (users && m->user != FORESIGHT_BUDGET_NONE) {
    const float gone = m->left ? seconds(m->left_at, b->now) : 0;
    const uint32_t left = m->left ? 100 + bin(gone / 2, 1, 20) * 32 : 0;
    note_context(b, &c, 3, mix(5, id, left + bin(idle / 2, 1, 20)));
  }
  return c;
}

/* The logarithms that the signals are made of, all at once: of rates and
   masses, of times, and of what is only told apart by bins, from 1. */
enum {
  OF_IDLE = BUDGET_RATES + BUDGET_MASSES,
  OF_GAP,
  OF_IDLE_BIN,
  OF_GAP_BIN,
  OF_RATIO_BIN,
  OF_RATIO_BEFORE_BIN,
  LOGS
};
_Static_assert(LOGS % 4 == 0, "whole vectors");

static void measure(const foresight_budget *b, const budget_model *m,
                    float idle, float *restrict x) {
  float rate[BUDGET_RATES], mass[BUDGET_MASSES], y[LOGS];
  const float span = seconds(b->start, b->now) + 60;
  const float gap = m->gap >= 0 ? (float)m->gap * .001f : span;
  const float before = m->gap_before >= 0 ? (float)m->gap_before * .001f : span;
  decay_rates(m, b->now, rate);
  decay_masses(m, b->now, mass);
  for (int i = 0; i < BUDGET_RATES; i++) {
    const float over = rate_s[i] < span ? rate_s[i] : span;
    y[i] = (rate[i] + .02f) / over;
  }
  for (int i = 0; i < BUDGET_MASSES; i++) {
    const float users = mass[i] > .001f ? mass[i] : .001f;
    y[BUDGET_RATES + i] = users / mass_s[i];
  }
  y[OF_IDLE] = idle + 5;
  y[OF_GAP] = gap + 5;
  y[OF_IDLE_BIN] = idle / 2;
  y[OF_GAP_BIN] = gap / 2;
  y[OF_RATIO_BIN] = idle / (gap + 1) * 32;
  y[OF_RATIO_BEFORE_BIN] = gap / (before + 1) * 32;
  for (int i = OF_IDLE_BIN; i < LOGS; i++) {
    y[i] = y[i] < 1 ? 1 : y[i];
  }
  for (int i = 0; i < LOGS; i++) {
    x[i] = foresight__budget_ln_plain(y[i]);
  }
}

/* The signals in their order, as a sample has them. */
static void note_signals(const foresight_budget *b, const float *x,
                         budget_sample *s) {
  const float span = seconds(b->start, b->now) + 60;
  const float day = BUDGET_DAY_S < span ? BUDGET_DAY_S : span;
  const float traffic = LN((b->traffic[0] / rate_s[1] + 1e-5f) /
                           (b->traffic[1] / day + 1e-5f));
  int32_t whole[OF_IDLE + 2];
  for (int i = 0; i < OF_IDLE + 2; i++) {
    whole[i] = (int32_t)(x[i] * 1024);
  }
  for (int i = 0; i < OF_IDLE; i++) {
    s->signal[i] = (int16_t)whole[i];
  }
  s->signal[OF_IDLE] = (int16_t)-whole[OF_IDLE];
  s->signal[OF_GAP] = (int16_t)-whole[OF_GAP];
  s->signal[OF_GAP + 1] = (int16_t)(traffic * 1024);
}

static uint8_t count_class(int64_t n) {
  return n < 3 ? 0 : n < 8 ? 1 : n < 20 ? 2 : n < 60 ? 3 : n < 250 ? 4 : 5;
}

void foresight__budget_signals(foresight_budget *b, uint32_t id,
                               budget_sample *s, int keep) {
  budget_model *m = &b->models[id];
  const float idle = seconds(m->last, b->now);
  const contexts own = contexts_of(b, id, idle);
  float x[LOGS];
  if (keep) {
    renew_rates(m, b->now);
    renew_masses(m, b->now);
  }
  measure(b, m, idle, x);
  note_signals(b, x, s);
  const uint32_t age = bin_of(x[OF_IDLE_BIN], 1.4f, 27);
  const float rate = (x[3] + 11.5f) * 2;
  const uint32_t rate_bin = rate < 0 ? 0 : rate > 31 ? 31 : (uint32_t)rate;
  s->population[0] =
      (uint16_t)(age * 32 + bin_of(x[OF_GAP_BIN], 1.4f, 27));
  s->population[1] = (uint16_t)(bin_of(x[OF_RATIO_BIN], 1.5f, 15) * 16 +
                                bin_of(x[OF_RATIO_BEFORE_BIN], 1.5f, 15));
  s->population[2] = (uint16_t)(rate_bin * 32 + age);
  s->idle_bin = (uint8_t)bin_of(x[OF_IDLE_BIN], 3, BUDGET_IDLE_BINS - 1);
  s->idle_class = (uint8_t)(age / 4 > 7 ? 7 : age / 4);
  s->count_class = count_class(m->count);
  s->labelled = 0;
  s->at = b->now;
  for (int i = 0; i < CONTEXTS; i++) {
    s->slot[i] = own.known[i] ? find(b, own.key[i], keep) : BUDGET_NO_SLOT;
  }
}
