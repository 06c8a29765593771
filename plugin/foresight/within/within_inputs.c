/* SPDX-License-Identifier: MIT
   What is known of a model at an instant, as inputs of the mixer. */
#include "plugin/foresight/within/within_state.h"

const float foresight_within_horizon[HORIZONS] = {300.0f, 3600.0f, 21600.0f};
const float foresight_within_half_life[RATES] = {7200.0f, 172800.0f};
const float foresight_within_mass_life[MASSES] = {300.0f, 86400.0f, 300.0f};
const float foresight_within_traffic_life[3] = {600.0f, 3600.0f, 86400.0f};
const float foresight_within_newcomer_life = 86400.0f;

/* A faster rate is pulled to the slower one as if it had also seen this many
   uses at the slower rate. */
static const float rate_pull = 0.3f;
/* Pseudo-observations of the base in a cell and in the days. */
static const float cell_pull = 0.5f, day_pull = 2.0f;

enum { CURVES = 5 };
static const lanes horizon = {300.0f, 3600.0f, 21600.0f, 1.0f};
static const lanes ln_horizon = {5.7037825f, 8.1886891f, 9.9804486f, 0.0f};

/* What logarithms are taken of, and then they. */
enum {
  OF_RATE,
  OF_COUNT = OF_RATE + RATES + 1,
  OF_MASS,
  OF_RATIO = OF_MASS + MASSES,
  OF_HORIZON_RATIO,
  OF_GAP = (OF_HORIZON_RATIO + HORIZONS + LANES - 1) / LANES * LANES, /* log2 */
  OF_REQUESTS,
  OF_SILENCE,
  LOGS = OF_GAP + LANES
};

typedef struct view {
  const foresight_within *head;
  const foresight_within_now *at;
  const within_model *m;
  float age, octave; /* of the age */
  float rate[RATES + 1];
  lanes hazard[CURVES];
  float ln[LOGS];
} view;

/* Bins of a curve, as within_bin has them, and how far into each. */
static void find_bins(const float *restrict octave, int32_t *restrict bin,
                      float *restrict part) {
  for (int i = 0; i < LANES; i++) {
    const float at = (float)PER_OCTAVE * octave[i];
    const int32_t over = (int32_t)at - (BINS - 1);
    bin[i] = BINS - 1 + (over & over >> 31);
    part[i] = at - (float)bin[i];
  }
}

static inline float up_to(const float *cumulated, int32_t bin, float part) {
  return cumulated[bin] + part * (cumulated[bin + 1] - cumulated[bin]);
}

static inline float some(float hazard) {
  return hazard > 1e-5f ? hazard : 1e-5f;
}

_Static_assert((int)HORIZONS == 3, "as hazards_of has it");

/* From the instant in the last lane to those in the others. */
static inline void hazards_of(const float *cumulated, const int32_t *bin,
                              const float *part, float *hazard) {
  const float now = up_to(cumulated, bin[3], part[3]);
  hazard[0] = some(up_to(cumulated, bin[0], part[0]) - now);
  hazard[1] = some(up_to(cumulated, bin[1], part[1]) - now);
  hazard[2] = some(up_to(cumulated, bin[2], part[2]) - now);
  hazard[3] = some(0.0f);
}

/* The hazards of each horizon, from here to its end. */
static void hazards(view *v) {
  enum { TIME, REQUESTS, BOTH };
  const foresight_within *head = v->head;
  const within_model *m = v->m;
  const float since = (float)(head->requests - m->last_request);
  lanes octave[BOTH], part[BOTH]; /* the last lane is now */
  int32_t bin[BOTH][LANES];
  octave[TIME][HORIZONS] = 1.0f + v->age * (1.0f / 16.0f);
  octave[REQUESTS][HORIZONS] = 1.0f + since;
  for (int h = 0; h < HORIZONS; h++) {
    octave[TIME][h] = 1.0f + (v->age + horizon[h]) * (1.0f / 16.0f);
    octave[REQUESTS][h] = 1.0f + (since + v->at->requests[h]);
  }
  for (int i = 0; i < BOTH; i++) {
    log2_four(octave[i]);
    find_bins(octave[i], bin[i], part[i]);
  }
  v->octave = octave[TIME][HORIZONS];
  const float *curve[CURVES] = {m->cumulated[0], m->cumulated[1],
                                m->cumulated[2], head->pools[m->pool].cumulated,
                                head->all_requests.cumulated};
  for (int i = 0; i < CURVES; i++) {
    const int clock = i == 2 || i == 4 ? REQUESTS : TIME;
    hazards_of(curve[i], bin[clock], part[clock], v->hazard[i]);
  }
}

/* Rates of use, each pulled to the next slower; and decayed masses of users. */
static void rates(view *v) {
  enum { SEEN = RATES, AWAY = 2 * RATES };
  _Static_assert(AWAY + MASSES <= 2 * LANES, "two vectors");
  const within_model *m = v->m;
  const float known = within_seconds(m->first, v->at->time);
  const float away = within_seconds(m->mass_time, v->at->time);
  float left[2 * LANES] = {0};
  for (int k = 0; k < RATES; k++) {
    left[k] = -v->age / foresight_within_half_life[k];
    left[SEEN + k] = -known / foresight_within_half_life[k];
  }
  for (int k = 0; k < MASSES; k++) {
    left[AWAY + k] = -away / foresight_within_mass_life[k];
  }
  exp2_four(left);
  exp2_four(left + LANES);
  float rate = ((float)m->count - 1.0f + rate_pull) / (known + 3600.0f);
  v->rate[RATES] = rate;
  for (int k = RATES - 1; k >= 0; k--) {
    const float n = m->rate[k] * left[k];
    const float seen =
        1.44269504f * foresight_within_half_life[k] * (1.0f - left[SEEN + k]);
    rate = (n + rate_pull) / (seen + rate_pull / rate);
    v->rate[k] = rate;
  }
  memcpy(v->ln + OF_RATE, v->rate, sizeof v->rate);
  for (int k = 0; k < MASSES; k++) {
    const float n = m->mass[k] * left[AWAY + k];
    v->ln[OF_MASS + k] = (n > 0.0f ? n : 0.0f) + 0.02f;
  }
}

/* Whoever used the model last, if the head still knows them. */
static const within_user *last_user(const view *v) {
  const within_user *u = &v->head->users[v->m->user % USERS];
  return v->m->user && u->user == v->m->user ? u : NULL;
}

static void logarithms(view *v) {
  const within_model *m = v->m;
  const within_user *u = last_user(v);
  const float gap = m->last_gap + 10.0f;
  v->ln[OF_COUNT] = (float)m->count;
  v->ln[OF_RATIO] = (v->age + 10.0f) / gap;
  for (int h = 0; h < HORIZONS; h++) {
    v->ln[OF_HORIZON_RATIO + h] = horizon[h] / gap;
  }
  v->ln[OF_GAP] = 1.0f + m->last_gap * (1.0f / 16.0f);
  if (u) {
    v->ln[OF_REQUESTS] = 1.0f + (float)(u->requests - m->user_requests);
    v->ln[OF_SILENCE] =
        1.0f + within_seconds(u->last, v->at->time) * (1.0f / 16.0f);
  }
  log2_all(v->ln, LOGS);
  for (int i = 0; i < OF_GAP; i++) {
    v->ln[i] = 0.69314718f * v->ln[i];
  }
}

/* The hazards of gaps and of rates as logits: the base and what differs. */
static void list_hazards(const view *v, lanes *x) {
  lanes hazard[RATES + 1];
  for (int k = 0; k <= RATES; k++) {
    for (int h = 0; h < LANES; h++) {
      hazard[k][h] = v->rate[k] * horizon[h];
      x[IN_RATE + k][h] = v->ln[OF_RATE + k] + ln_horizon[h];
    }
  }
  for (int i = 0; i < CURVES; i++) {
    for (int h = 0; h < LANES; h++) {
      x[IN_SLOW + i][h] = 0.69314718f * hearth_log2_rough(v->hazard[i][h]);
    }
  }
  logit_all((const lanes *)v->hazard, x + IN_SLOW, CURVES);
  logit_all((const lanes *)hazard, x + IN_RATE, RATES + 1);
  for (int i = IN_BURST; i < IN_RATE + RATES + 1; i++) {
    residual_four(x[i], x[IN_SLOW]);
  }
}

/* How many bits there are in each 16 of them. */
static uint64_t bits(uint64_t x) {
  x = x - (x >> 1 & 0x5555555555555555u);
  x = (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
  x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu;
  return (x + (x >> 8)) & 0x001f001f001f001fu;
}

/* On which of the 14 days before was the model used in these hours of the day?
   16 bits a horizon, of which the lowest is yesterday. */
static uint64_t days_used(const view *v) {
  static const int32_t length_ms[HORIZONS] = {300000, 3600000, 21600000};
  enum { HOUR_MS = 3600000 };
  const foresight_within_now *at = v->at;
  const int32_t shift = at->day - v->m->day;
  uint32_t today = 0, tomorrow = 0; /* in hours up to a horizon's end */
  uint64_t all = 0;
  if (shift > 15) {
    return 0;
  }
  for (int h = 0, hour = at->hour; h < HORIZONS; h++) {
    const int last = at->hour + (at->into_ms + length_ms[h] - 1) / HOUR_MS;
    for (; hour <= last && hour < HOURS; hour++) {
      today |= v->m->days[hour];
    }
    for (; hour <= last; hour++) {
      tomorrow |= v->m->days[hour - HOURS];
    }
    const uint32_t used =
        ((today << shift) & 0xffffu) | ((tomorrow << shift) & 0xffffu) << 1;
    all |= (uint64_t)(used >> 1 & 0x3fffu) << (16 * h);
  }
  return all;
}

/* Chances by them, of 14 days and of three, as logits relative to the base;
   and the same day of the last week. */
static void list_days(const view *v, const float *p, lanes *x) {
  const int32_t first = (int32_t)(v->head->start / 86400000);
  const int32_t known = v->at->day - first;
  const int seen = known < 0 ? 0 : known > 14 ? 14 : known;
  const float many = (float)seen, few = seen < 3 ? many : 3.0f;
  const uint64_t used = days_used(v);
  const uint64_t all = bits(used), latest = bits(used & 0x000700070007u);
  for (int h = 0; h < LANES; h++) {
    const int at = 16 * h;
    x[IN_DAYS][h] = ((float)(int)(all >> at & 0x1fu) + day_pull * p[h]) /
                    (many + day_pull);
    x[IN_DAYS + 1][h] =
        ((float)(int)(latest >> at & 0x1fu) + day_pull * p[h]) /
        (few + day_pull);
    x[IN_DAYS + 2][h] = seen < 7 ? 0.0f : used >> at & 0x40u ? 1.0f : -0.2f;
  }
  if (seen) {
    stretch_all(x + IN_DAYS, 2, x[IN_SLOW]);
  } else {
    memset(x[IN_DAYS], 0, 2 * sizeof(lanes));
  }
}

/* What the last user has done since: 0 if nobody knows, else a class of
   requests since (1 to 9) by silence (0 to 9). */
static int user_cell(const view *v) {
  if (!last_user(v)) {
    return 0;
  }
  const int a = 1 + (int)(1.5f * v->ln[OF_REQUESTS]);
  const int b = (int)(0.8f * v->ln[OF_SILENCE]);
  return (a < 9 ? a : 9) * 10 + (b < 9 ? b : 9);
}

static void pull_to(float *restrict x, const float *restrict seen,
                    const float *restrict n, const float *restrict p) {
  for (int h = 0; h < LANES; h++) {
    x[h] = (n[h] * seen[h] + cell_pull * p[h]) / (n[h] + cell_pull);
  }
}

/* The chances that the tables tell, each pulled to the base's. */
static void list_tables(const view *v, const float *p, lanes *x,
                        within_inputs *in) {
  const foresight_within *head = v->head;
  const within_model *m = v->m;
  const int octave = (int)v->octave, idle = octave < 20 ? octave : 19;
  const int gap =
      m->last_gap < 0.0f ? 0 : 1 + (int)within_clip(v->ln[OF_GAP], 0.0f, 18.5f);
  const int rate =
      (int)within_clip(1.44269504f * v->ln[OF_RATE] + 19.0f, 0.0f, 19.9f);
  const int cell[TABLES] = {
      idle * 20 + rate, idle * 20 + gap,
      v->at->hour * 16 + (rate < 4 ? 0 : rate - 4), user_cell(v) * 4 + rate / 5,
      foresight_within_links_cell(head, v->at, (uint32_t)(m - head->models))};
  in->age = (uint8_t)(idle < 2 * CLASSES ? idle / 2 : CLASSES - 1);
  in->rate = (uint8_t)(rate * CLASSES / 20);
  for (int t = 0; t < TABLES; t++) {
    const within_cells *c = &head->tables[t][cell[t]];
    pull_to(x[IN_TABLE + t], c->p, c->n, p);
    in->cell[t] = (uint16_t)cell[t];
  }
  stretch_all(x + IN_TABLE, TABLES, x[IN_SLOW]);
}

/* Days and tables, relative to the base. */
static void list_chances(const view *v, within_inputs *in) {
  lanes p;
  squash_four(in->x[IN_SLOW], p);
  list_days(v, p, in->x);
  list_tables(v, p, in->x, in);
}

static void fill(float *x, float value) {
  for (int h = 0; h < LANES; h++) {
    x[h] = value;
  }
}

static void list_others(const view *v, lanes *x) {
  const int used_once = v->m->last_gap < 0.0f;
  const float *ln = v->ln;
  fill(x[IN_BIAS], 1.0f);
  for (int k = 0; k < MASSES; k++) {
    fill(x[IN_MASS + k], v->head->recent[0].user /* else nothing to say */
                             ? 0.5f * ln[OF_MASS + k] + 1.0f
                             : 0.0f);
  }
  fill(x[IN_TRAFFIC], v->at->traffic[0]);
  fill(x[IN_COUNT], within_clip(0.5f * ln[OF_COUNT] - 1.5f, -2.0f, 2.0f));
  fill(x[IN_RATIO],
       used_once ? 0.0f : within_clip(0.5f * ln[OF_RATIO], -3.0f, 3.0f));
  for (int h = 0; h < LANES; h++) {
    x[IN_HORIZON_RATIO][h] =
        used_once ? 0.0f
                  : within_clip(0.5f * ln[OF_HORIZON_RATIO + h], -3.0f, 3.0f);
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
      fill(in->x[i], 0.0f);
    }
  }
}

void foresight_within_inputs(const foresight_within *head,
                             const foresight_within_now *at,
                             const within_model *m, within_inputs *in) {
  view v; /* not zeroed: all that is read is set */
  v.head = head;
  v.at = at;
  v.m = m;
  v.age = within_seconds(m->last, at->time);
  fill(v.ln + OF_GAP, 1.0f);
  v.ln[OF_GAP - 1] = 1.0f;
  hazards(&v);
  rates(&v);
  logarithms(&v);
  list_hazards(&v, in->x);
  list_chances(&v, in);
  list_others(&v, in->x);
  if (head->off) {
    silence(head->off, in);
  }
}
