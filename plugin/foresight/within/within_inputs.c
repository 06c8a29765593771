/* SPDX-License-Identifier: MIT
   What is known of a model at an instant, as inputs of the mixer. */
#include "plugin/foresight/within/within_lanes.h"
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

enum { CURVES = 5 };
_Static_assert((int)HORIZONS < (int)LANES, "a horizon is a lane");

static const lanes horizon = {300.0f, 3600.0f, 21600.0f, 1.0f};
static const lanes ln_horizon = {5.7037825f, 8.1886891f, 9.9804486f, 0.0f};

/* All inputs but the base are differences from the base's logit, so that what
   knows nothing adds nothing. */
static void residual_all(lanes *restrict x, int n, const float *restrict base) {
  for (int i = 0; i < n; i++) {
    for (int h = 0; h < LANES; h++) {
      x[i][h] -= base[h];
    }
    hearth_clip_four(x[i], -5.0f, 5.0f);
  }
}

/* What logarithms are taken of, and then they. */
enum {
  OF_RATE = CURVES * LANES,
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

/* The hazards of each horizon, from here to its end. */
static void hazards(view *v) {
  const foresight_within *head = v->head;
  const within_model *m = v->m;
  const float since = (float)(head->requests - m->last_request);
  float octave[2 * LANES]; /* of time, of requests; the last lane is now */
  octave[HORIZONS] = 1.0f + v->age * (1.0f / 16.0f);
  octave[LANES + HORIZONS] = 1.0f + since;
  for (int h = 0; h < HORIZONS; h++) {
    octave[h] = 1.0f + (v->age + horizon[h]) * (1.0f / 16.0f);
    octave[LANES + h] = 1.0f + (since + v->at->requests[h]);
  }
  log2_all(octave, 2 * LANES);
  v->octave = octave[HORIZONS];
  const float *curve[CURVES] = {m->cumulated[0], m->cumulated[1],
                                m->cumulated[2], head->pools[m->pool].cumulated,
                                head->all_requests.cumulated};
  for (int i = 0; i < CURVES; i++) {
    const float *to = octave + (i == 2 || i == 4 ? LANES : 0);
    lanes up;
    for (int h = 0; h < LANES; h++) {
      up[h] = within_up_to(curve[i], to[h]);
    }
    for (int h = 0; h < LANES; h++) {
      const float d = up[h] - up[HORIZONS];
      v->hazard[i][h] = d > 1e-5f ? d : 1e-5f;
    }
  }
  memcpy(v->ln, v->hazard, sizeof v->hazard);
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
  memcpy(x[IN_SLOW], v->ln, sizeof v->hazard);
  logit_all((const lanes *)v->hazard, x + IN_SLOW, CURVES);
  logit_all((const lanes *)hazard, x + IN_RATE, RATES + 1);
  residual_all(x + IN_BURST, CURVES + RATES, x[IN_SLOW]);
}

static int bits(uint32_t x) {
  x = x - (x >> 1 & 0x5555u);
  x = (x & 0x3333u) + (x >> 2 & 0x3333u);
  x = (x + (x >> 4)) & 0x0f0fu;
  return (int)((x + (x >> 8)) & 0x1fu);
}

/* On which of the days before was the model used in these hours of the day?
   Chances of it in the first two inputs; returns the number of days known. */
static int list_days(const view *v, const float *p, lanes *x) {
  const foresight_within_now *at = v->at;
  const int32_t first = (int32_t)(v->head->start / 86400000);
  const int32_t known = at->day - first, shift = at->day - v->m->day;
  const int seen = known < 0 ? 0 : known > 14 ? 14 : known;
  const int few = seen < 3 ? seen : 3;
  const int64_t now = at->time / 3600000;
  uint32_t today = 0, tomorrow = 0; /* in hours up to a horizon's end */
  for (int h = 0, hour = at->hour; h < HORIZONS; h++) {
    const int64_t end =
        at->time + (int64_t)foresight_within_horizon[h] * 1000 - 1;
    const int last = at->hour + (int)(end / 3600000 - now);
    for (; hour <= last && hour < HOURS; hour++) {
      today |= v->m->days[hour];
    }
    for (; hour <= last; hour++) {
      tomorrow |= v->m->days[hour - HOURS];
    }
    uint32_t used = shift > 15 ? 0u
                               : ((today << shift) & 0xffffu) |
                                     ((tomorrow << shift) & 0xffffu) << 1;
    used = used >> 1 & 0x3fffu; /* bit 0: yesterday */
    x[0][h] = ((float)bits(used) + day_pull * p[h]) / ((float)seen + day_pull);
    x[1][h] =
        ((float)bits(used & 7u) + day_pull * p[h]) / ((float)few + day_pull);
    x[2][h] = seen < 7 ? 0.0f : used & 0x40u ? 1.0f : -0.2f;
  }
  return seen;
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
  lanes n[TABLES] = {{0}};
  in->age = (uint8_t)(idle < 2 * CLASSES ? idle / 2 : CLASSES - 1);
  in->rate = (uint8_t)(rate * CLASSES / 20);
  for (int t = 0; t < TABLES; t++) {
    x[t][HORIZONS] = 0.0f;
    for (int h = 0; h < HORIZONS; h++) {
      const within_cell *c = &head->tables[t][h][cell[t]];
      n[t][h] = c->n;
      x[t][h] = c->p;
    }
    in->cell[t] = (uint16_t)cell[t];
  }
  for (int t = 0; t < TABLES; t++) {
    for (int h = 0; h < LANES; h++) {
      x[t][h] = (n[t][h] * x[t][h] + cell_pull * p[h]) / (n[t][h] + cell_pull);
    }
  }
}

/* Days and tables, relative to the base. */
static void list_chances(const view *v, lanes *x, within_inputs *in) {
  enum { ROWS = 3 + TABLES };
  _Static_assert((int)IN_TABLE == (int)IN_DAYS + 3, "one after the other");
  lanes p, weekday;
  for (int h = 0; h < LANES; h++) {
    p[h] = -1.44269504f * x[IN_SLOW][h];
  }
  exp2_four(p);
  for (int h = 0; h < LANES; h++) {
    p[h] = 1.0f / (1.0f + p[h]);
  }
  const int seen = list_days(v, p, x + IN_DAYS);
  list_tables(v, p, x + IN_TABLE, in);
  memcpy(weekday, x[IN_DAYS + 2], sizeof weekday);
  stretch_all(x + IN_DAYS, ROWS);
  residual_all(x + IN_DAYS, ROWS, x[IN_SLOW]);
  memcpy(x[IN_DAYS + 2], weekday, sizeof weekday);
  if (!seen) {
    memset(x[IN_DAYS], 0, 2 * sizeof(lanes));
  }
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
  for (int h = 0; h < HORIZONS; h++) {
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
      for (int h = 0; h < HORIZONS; h++) {
        in->x[h][i] = 0.0f;
      }
    }
  }
}

void foresight_within_inputs(const foresight_within *head,
                             const foresight_within_now *at,
                             const within_model *m, within_inputs *in) {
  view v = {.head = head, .at = at, .m = m};
  lanes x[INPUTS] = {{0}};
  v.age = within_seconds(m->last, at->time);
  fill(v.ln + OF_GAP, 1.0f);
  v.ln[OF_GAP - 1] = 1.0f;
  hazards(&v);
  rates(&v);
  logarithms(&v);
  list_hazards(&v, x);
  list_chances(&v, x, in);
  list_others(&v, x);
  for (int i = 0; i < INPUTS; i++) {
    for (int h = 0; h < HORIZONS; h++) {
      in->x[h][i] = x[i][h];
    }
  }
  if (head->off) {
    silence(head->off, in);
  }
}
