/* SPDX-License-Identifier: MIT
   What is known of a model and its users, as keys of counters. */
#include "plugin/foresight/price/price_state.h"

#include "plugin/sdk/math.h"

#include <string.h>

#define HOUR_MS 3600000
/* Where a user's silences are told apart from, ms. */
#define SILENCE 4000.0

/* By the exponent, with no loop. */
uint32_t foresight_price_octave(double x, uint32_t most) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  const int32_t k = (int32_t)(bits >> 52) - 1022;
  const uint32_t reached = k > 0 ? (uint32_t)k : 0;
  return reached < most ? reached : most;
}

uint32_t foresight_price_bin(const foresight_price *p, int64_t age_ms,
                             uint32_t from) {
  uint32_t b = from;
  while (b + 1 < PRICE_BINS && age_ms >= p->edge[b + 1]) {
    b++;
  }
  return b;
}

static uint32_t mix(const foresight_price *p, uint32_t i, uint32_t a,
                    uint32_t b) {
  return foresight_price_hash(
      foresight_price_hash((uint32_t)p->config.seed + i, a), b);
}

static void user_contexts(foresight_price *p, uint32_t id, uint32_t rate) {
  price_model *const m = p->model + id;
  uint32_t *const key = m->key;
  const foresight_price_user *const u =
      m->user == FORESIGHT_PRICE_NONE || !p->config.user
          ? 0
          : p->config.user(p->config.context, m->user);
  const uint32_t mass = foresight_price_octave(5.0 * m->mass[0], 7) * 8 +
                        foresight_price_octave(5.0 * m->mass[1], 7);
  key[9] = mix(p, 9, mass, rate);
  if (!u) {
    key[10] = mix(p, 10, 99, 0);
    key[11] = mix(p, 11, 99, 0);
    key[12] = mix(p, 12, 0, id);
    key[15] = mix(p, 15, 99, 0);
    return;
  }
  const int64_t quiet = foresight_price_forward(u->time_ms, p->now - p->offset);
  const uint32_t silence = foresight_price_octave((double)quiet / SILENCE, 16);
  const uint32_t still = u->last == id;
  const uint32_t run = foresight_price_octave(u->run, 5);
  key[10] = mix(p, 10, silence * 2 + still,
                foresight_price_octave(2.0 * m->count[1], 4));
  key[11] = mix(p, 11, silence, run * 2 + still);
  key[12] = mix(p, 12, foresight_price_hash(u->last, u->before), id);
  key[15] =
      mix(p, 15, foresight_price_octave((double)m->user_gap / SILENCE, 16),
          foresight_price_octave(m->user_count, 5) * 2 + still);
}

static void drop_contexts(uint32_t off, uint32_t *key) {
  for (uint32_t i = 3; i < PRICE_INPUTS; i++) {
    const uint32_t user = (i >= 9 && i <= 12) || i == 15;
    const uint32_t gap = i == 4 || i == 5 || i == 17 || i == PRICE_SCALED;
    if ((off & FORESIGHT_PRICE_OFF_MIXING) ||
        ((off & FORESIGHT_PRICE_OFF_USERS) && user) ||
        ((off & FORESIGHT_PRICE_OFF_GAPS) && gap)) {
      key[i] = 0;
    }
  }
}

/* What is long for one model is short for another. */
void foresight_price_scale(const foresight_price *p, price_model *m) {
  const double gap_ms =
      m->gaps ? 1000.0 * hearth_exp((double)m->log_gap) : 1e12;
  m->shift = PRICE_BINS - foresight_price_bin(p, (int64_t)gap_ms, 0);
}

void foresight_price_contexts(foresight_price *p, uint32_t id) {
  price_model *const m = p->model + id;
  uint32_t *const key = m->key;
  const uint32_t rate = foresight_price_octave(4.0 * m->count[1], 8);
  const uint32_t fast = foresight_price_octave(4.0 * m->count[0], 6);
  const uint32_t day = foresight_price_octave(4.0 * m->count[2], 10);
  const int64_t clock = (p->now - p->offset) / HOUR_MS % 24;
  const uint32_t hour = (uint32_t)((clock + 24) % 24);
  const uint32_t burst = foresight_price_octave(m->burst, 6);
  const uint32_t g1 = m->gap1, g2 = m->gap2;
  const double ratio = (p->rate + 0.5) / (p->rate_day + 0.5);
  uint32_t before[PRICE_INPUTS];
  memcpy(before, key, sizeof before);
  key[0] = key[1] = key[2] = 0;
  key[3] = mix(p, 3, rate, foresight_price_octave(m->gaps, 4));
  key[4] = mix(p, 4, id, g1);
  key[5] = mix(p, 5, g1, g2);
  key[6] = mix(p, 6, id, hour);
  key[7] = mix(p, 7, hour, 0);
  key[8] = mix(p, 8, id, burst);
  key[13] = mix(p, 13, fast * 16 + day, rate);
  key[14] = mix(p, 14, id, foresight_price_octave(8.0 * ratio, 6));
  key[16] = mix(p, 16, (m->same_length ? 8 : 0) + burst, m->task);
  key[17] = mix(p, 17, id, g1 / 2 * 32 + g2 / 2);
  key[PRICE_SCALED] = foresight_price_octave(m->gaps, 12) / 3 + 1;
  user_contexts(p, id, rate);
  drop_contexts(p->config.off, key);
  if (memcmp(before, key, sizeof before) != 0) {
    m->known_to = 0;
  }
}
