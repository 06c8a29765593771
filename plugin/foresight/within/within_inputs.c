/* SPDX-License-Identifier: MIT
   What is known of a model at an instant, as inputs of the mixer. */
#include "plugin/foresight/within/within_state.h"

const float foresight_within_horizon[HORIZONS] = {300.0f, 3600.0f, 21600.0f};
const float foresight_within_half_life[RATES] = {7200.0f, 172800.0f};
const float foresight_within_mass_life[MASSES] = {300.0f, 86400.0f, 300.0f};
const float foresight_within_traffic_life[3] = {600.0f, 3600.0f, 86400.0f};
const float foresight_within_newcomer_life = 86400.0f;
const float foresight_within_farthest = 30.0f * 86400.0f;

/* A faster rate is pulled to the slower one as if it had also seen this many
   uses at the slower rate. */
static const float rate_pull = 0.3f;
/* Pseudo-observations of the base in a cell and in the days. */
static const float cell_pull = 0.5f, day_pull = 2.0f;

/* All inputs but the base are differences from the base's logit, so that what
   knows nothing adds nothing. */
static float residual(float logit, float base) {
  return within_clip(logit - base, -5.0f, 5.0f);
}

static void hazards(const foresight_within *head,
                    const foresight_within_now *at, const within_model *m,
                    float age, within_inputs *in) {
  const float since = (float)(head->requests - m->last_request);
  const float from = within_octave(age);
  const float from_requests = within_octave_requests(since);
  float to[HORIZONS], to_requests[HORIZONS];
  for (int h = 0; h < HORIZONS; h++) {
    to[h] = within_octave(age + foresight_within_horizon[h]);
    to_requests[h] = within_octave_requests(since + at->requests[h]);
    in->x[h][IN_BIAS] = 1.0f;
  }
  const float *curve[5] = {m->cumulated[0], m->cumulated[1], m->cumulated[2],
                           head->pools[m->pool].cumulated,
                           head->all_requests.cumulated};
  for (int i = 0; i < 5; i++) {
    const int by_requests = i == 2 || i == 4;
    const float now =
        within_up_to(curve[i], by_requests ? from_requests : from);
    for (int h = 0; h < HORIZONS; h++) {
      const float then =
          within_up_to(curve[i], by_requests ? to_requests[h] : to[h]);
      const float d = then - now > 1e-5f ? then - now : 1e-5f;
      const float x = within_logit_of_hazard(d, within_ln(d));
      in->x[h][IN_SLOW + i] = i ? residual(x, in->x[h][IN_SLOW]) : x;
    }
  }
}

/* Rates of use, each pulled to the next slower; gives ln of the 2 h one. */
static float rates(const foresight_within_now *at, const within_model *m,
                   float age, within_inputs *in) {
  const float known = within_seconds(m->first, at->time);
  float rate = ((float)m->count - 1.0f + rate_pull) / (known + 3600.0f);
  float chosen = 0.0f;
  for (int k = RATES; k >= 0; k--) {
    if (k < RATES) {
      const float n =
          m->rate[k] * within_exp2(-age / foresight_within_half_life[k]);
      const float seen =
          1.44269504f * foresight_within_half_life[k] *
          (1.0f - within_exp2(-known / foresight_within_half_life[k]));
      rate = (n + rate_pull) / (seen + rate_pull / rate);
    }
    const float ln_rate = within_ln(rate);
    chosen = k == 0 ? ln_rate : chosen;
    for (int h = 0; h < HORIZONS; h++) {
      static const float ln_horizon[HORIZONS] = {5.7037825f, 8.1886891f,
                                                 9.9804486f};
      const float d = rate * foresight_within_horizon[h];
      in->x[h][IN_RATE + k] =
          residual(within_logit_of_hazard(d, ln_rate + ln_horizon[h]),
                   in->x[h][IN_SLOW]);
    }
  }
  return chosen;
}

static int bits(uint32_t x) {
  x = x - (x >> 1 & 0x5555u);
  x = (x & 0x3333u) + (x >> 2 & 0x3333u);
  x = (x + (x >> 4)) & 0x0f0fu;
  return (int)((x + (x >> 8)) & 0x1fu);
}

static float share(int n, int of, float p, float base) {
  return residual(
      within_stretch(((float)n + day_pull * p) / ((float)of + day_pull)), base);
}

/* On which of the days before was the model used in these hours of the day? */
static void days(const foresight_within *head, const foresight_within_now *at,
                 const within_model *m, const float p[HORIZONS],
                 within_inputs *in) {
  const int32_t first = (int32_t)(head->start / 86400000);
  const int32_t known = at->day - first, shift = at->day - m->day;
  const int seen = known < 0 ? 0 : known > 14 ? 14 : known;
  for (int h = 0; h < HORIZONS; h++) {
    const int64_t end =
        at->time + (int64_t)foresight_within_horizon[h] * 1000 - 1;
    const int hours = (int)(end / 3600000 - at->time / 3600000);
    uint32_t used = 0;
    for (int i = 0; i <= hours; i++) {
      const int hour = at->hour + i;
      uint32_t d = m->days[hour % HOURS];
      d = shift > 15 ? 0u : (d << shift) & 0xffffu;
      used |= hour >= HOURS ? d << 1 : d; /* of the day after */
    }
    used = used >> 1 & 0x3fffu; /* bit 0: yesterday */
    float *x = &in->x[h][IN_DAYS];
    const float base = in->x[h][IN_SLOW];
    const int few = seen < 3 ? seen : 3;
    x[0] = seen ? share(bits(used), seen, p[h], base) : 0.0f;
    x[1] = seen ? share(bits(used & 7u), few, p[h], base) : 0.0f;
    x[2] = seen < 7 ? 0.0f : used & 0x40u ? 1.0f : -0.2f;
  }
}

/* What the last user has done since: 0 if nobody knows, else a class of
   requests since (1 to 9) by silence (0 to 9). */
static int user_cell(const foresight_within *head,
                     const foresight_within_now *at, const within_model *m) {
  const within_user *u = &head->users[m->user % USERS];
  if (!m->user || u->user != m->user) {
    return 0;
  }
  const float since = (float)(u->requests - m->user_requests);
  const float silence = within_seconds(u->last, at->time);
  const int a = 1 + (int)(1.5f * within_log2(1.0f + since));
  const int b = (int)(0.8f * within_octave(silence));
  return (a < 9 ? a : 9) * 10 + (b < 9 ? b : 9);
}

static void tables(const foresight_within *head, const foresight_within_now *at,
                   const within_model *m, float age, float ln_rate,
                   const float p[HORIZONS], within_inputs *in) {
  const int octave = (int)within_octave(age);
  const int idle = octave < 20 ? octave : 19;
  const int gap =
      m->last_gap < 0.0f
          ? 0
          : 1 + (int)within_clip(within_octave(m->last_gap), 0.0f, 18.5f);
  const int rate = (int)within_clip(1.44269504f * ln_rate + 19.0f, 0.0f, 19.9f);
  const int cell[TABLES] = {
      idle * 20 + rate, idle * 20 + gap,
      at->hour * 16 + (rate < 4 ? 0 : rate - 4),
      user_cell(head, at, m) * 4 + rate / 5,
      foresight_within_links_cell(head, at, (uint32_t)(m - head->models))};
  in->age = (uint8_t)(idle < 2 * CLASSES ? idle / 2 : CLASSES - 1);
  in->rate = (uint8_t)(rate * CLASSES / 20);
  for (int h = 0; h < HORIZONS; h++) {
    for (int t = 0; t < TABLES; t++) {
      const within_cell *c = &head->tables[t][h][cell[t]];
      const float q = (c->n * c->p + cell_pull * p[h]) / (c->n + cell_pull);
      in->cell[h][t] = (uint16_t)cell[t];
      in->x[h][IN_TABLE + t] = residual(within_stretch(q), in->x[h][IN_SLOW]);
    }
  }
}

static void others(const foresight_within *head, const foresight_within_now *at,
                   const within_model *m, float age, within_inputs *in) {
  const float away = within_seconds(m->mass_time, at->time);
  float mass[MASSES];
  for (int k = 0; k < MASSES; k++) {
    const float n =
        m->mass[k] * within_exp2(-away / foresight_within_mass_life[k]);
    mass[k] = head->recent[0].user /* none known: nothing to say */
                  ? 0.5f * within_ln((n > 0.0f ? n : 0.0f) + 0.02f) + 1.0f
                  : 0.0f;
  }
  const float count = 0.5f * within_ln((float)m->count) - 1.5f;
  const float gap = m->last_gap + 10.0f;
  const float ratio =
      m->last_gap < 0.0f ? 0.0f : 0.5f * within_ln((age + 10.0f) / gap);
  for (int h = 0; h < HORIZONS; h++) {
    float *x = in->x[h];
    memcpy(&x[IN_MASS], mass, sizeof mass);
    x[IN_TRAFFIC] = at->traffic[0];
    x[IN_COUNT] = within_clip(count, -2.0f, 2.0f);
    x[IN_RATIO] = within_clip(ratio, -3.0f, 3.0f);
    x[IN_HORIZON_RATIO] =
        m->last_gap < 0.0f
            ? 0.0f
            : within_clip(0.5f * within_ln(foresight_within_horizon[h] / gap),
                          -3.0f, 3.0f);
  }
}

int foresight_within_signal_of(int input) {
  static const uint8_t of[INPUTS] = {
      [IN_BIAS] = FORESIGHT_WITHIN_BASE,
      [IN_SLOW] = FORESIGHT_WITHIN_BASE,
      [IN_BURST] = FORESIGHT_WITHIN_BURST,
      [IN_EVENTS] = FORESIGHT_WITHIN_EVENTS,
      [IN_POOL] = FORESIGHT_WITHIN_POOL,
      [IN_POOL_EVENTS] = FORESIGHT_WITHIN_EVENTS,
      [IN_RATE] = FORESIGHT_WITHIN_RATES,
      [IN_RATE + 1] = FORESIGHT_WITHIN_RATES,
      [IN_RATE + 2] = FORESIGHT_WITHIN_RATES,
      [IN_MASS] = FORESIGHT_WITHIN_USERS,
      [IN_MASS + 1] = FORESIGHT_WITHIN_USERS,
      [IN_MASS + 2] = FORESIGHT_WITHIN_USERS,
      [IN_DAYS] = FORESIGHT_WITHIN_DAYS,
      [IN_DAYS + 1] = FORESIGHT_WITHIN_DAYS,
      [IN_DAYS + 2] = FORESIGHT_WITHIN_DAYS,
      [IN_TABLE] = FORESIGHT_WITHIN_TABLES,
      [IN_TABLE + 1] = FORESIGHT_WITHIN_TABLES,
      [IN_TABLE + 2] = FORESIGHT_WITHIN_TABLES,
      [IN_TABLE + 3] = FORESIGHT_WITHIN_USERS,
      [IN_TABLE + 4] = FORESIGHT_WITHIN_LINKS,
      [IN_TRAFFIC] = FORESIGHT_WITHIN_TRAFFIC,
      [IN_COUNT] = FORESIGHT_WITHIN_GAPS,
      [IN_RATIO] = FORESIGHT_WITHIN_GAPS,
      [IN_HORIZON_RATIO] = FORESIGHT_WITHIN_GAPS,
  };
  return of[input];
}

static void silence(uint32_t off, within_inputs *in) {
  for (int i = 0; i < INPUTS; i++) {
    if (off >> foresight_within_signal_of(i) & 1u) {
      for (int h = 0; h < HORIZONS; h++) {
        in->x[h][i] = 0.0f;
      }
    }
  }
}

void foresight_within_inputs(const foresight_within *head,
                             const foresight_within_now *at,
                             const within_model *m, within_inputs *in) {
  const float age = within_seconds(m->last, at->time);
  for (int h = 0; h < HORIZONS; h++) {
    memset(in->x[h], 0, sizeof in->x[h]);
  }
  hazards(head, at, m, age, in);
  float p[HORIZONS];
  for (int h = 0; h < HORIZONS; h++) {
    p[h] = within_squash(in->x[h][IN_SLOW]);
  }
  const float ln_rate = rates(at, m, age, in);
  days(head, at, m, p, in);
  tables(head, at, m, age, ln_rate, p, in);
  others(head, at, m, age, in);
  if (head->off) {
    silence(head->off, in);
  }
}
