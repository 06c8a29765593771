/* SPDX-License-Identifier: MIT
   What the end of an idle gap teaches. */
#include "plugin/foresight/price/price_ghost.h"
#include "plugin/sdk/math.h"

#define DAY 86400000
/* Gaps that the typical gap remembers. */
#define TYPICAL 30.0f

int64_t foresight_price_forward(int64_t a, int64_t b) {
  return b > a ? b - a : 0;
}

/* What time leaves, for each half-life.  One power of two is enough: a day is
   24 hours, and an hour six times ten minutes. */
static void fadings(int64_t dt, double left[3]) {
  const double day = dt <= 0 ? 1.0 : hearth_exp2(-(double)dt / DAY);
  const double day3 = day * day * day, day6 = day3 * day3;
  const double day12 = day6 * day6, hour = day12 * day12;
  const double hour3 = hour * hour * hour;
  left[0] = hour3 * hour3;
  left[1] = hour;
  left[2] = day;
}

void foresight_price_learn_until(foresight_price *p, uint32_t id,
                                 uint32_t bin) {
  price_model *const m = p->model + id;
  if (!m->sampling)
    return;
  for (; m->sample_bin < bin; m->sample_bin++)
    foresight_price_learn(p, id, m->sample_bin, 0);
}

/* ---- what a cold start costs beside the load ---- */
static void close_window(foresight_price *p, price_model *m) {
  if (!m->window_open)
    return;
  const uint32_t k = m->window_age;
  m->window_open = 0;
  float x = (float)(m->window_wait / m->load_s);
  if (x < -0.9f)
    x = -0.9f;
  foresight_price_ghost_correct(p, m, (double)x - m->window_miss);
  m->extra[k] += x;
  m->extra_n[k] += 1;
  p->extra[k] += x;
  p->extra_n[k] += 1;
  if (m->extra_n[k] > 100) {
    m->extra[k] *= .5f;
    m->extra_n[k] *= .5f;
  }
  if (p->extra_n[k] > 2000) {
    p->extra[k] *= .5f;
    p->extra_n[k] *= .5f;
  }
}

/* An arrival after another: had the load of the window's first arrival just
   begun then, this one would wait for the rest, but the idle time before it
   would be shorter by the load. */
void foresight_price_watch_window(foresight_price *p, price_model *m,
                                  int64_t now) {
  if (!m->window_open)
    return;
  const double since =
      (double)foresight_price_forward(m->window_start, now) / 1000.0;
  if (since < m->load_s)
    m->window_wait += m->load_s - since;
  const double gap =
      (double)(foresight_price_forward(m->last_arrival, now) - m->duration) /
      1000.0;
  if (gap > 0) {
    const double take = gap < m->window_left ? gap : m->window_left;
    const double keep = (double)m->keep[m->follow] / 1000.0;
    m->window_wait -= m->price * take * (gap <= keep ? 1 : keep / gap);
    m->window_left -= take;
  }
  if (since >= m->load_s)
    close_window(p, m);
}

void foresight_price_end_gap(foresight_price *p, uint32_t id, int64_t now) {
  price_model *const m = p->model + id;
  const int64_t gap = foresight_price_forward(m->idle_since, now);
  m->known_to = 0;
  if (gap == 0)
    return;
  const uint32_t bin = foresight_price_bin(p, gap, 0);
  foresight_price_learn_until(p, id, bin);
  if (m->sampling)
    foresight_price_learn(p, id, bin, 1);
  foresight_price_ghost_settle(p, m, now, foresight_price_miss(p, id, bin));
  m->follow = foresight_price_ghost_best(p, m);
  m->gaps++;
  const float n = (float)m->gaps < TYPICAL ? (float)m->gaps : TYPICAL;
  const float log_gap = (float)hearth_log((double)gap / 1000.0 + 0.5);
  m->log_gap += (log_gap - m->log_gap) / n;
  foresight_price_scale(p, m);
  m->gap2 = m->gap1;
  m->gap1 = bin + 1;
  m->burst = gap < 300000 ? m->burst + 1 : 0;
  if (m->window_open)
    return;
  m->window_missed = m->missed;
  m->window_open = 1;
  m->window_miss = foresight_price_miss(p, id, bin) / m->load_s - 1.0;
  m->window_left = m->load_s;
  m->window_age = foresight_price_load_class(p, m, bin);
  m->window_start = now;
  m->window_wait = 0;
}

void foresight_price_fade(foresight_price *p, price_model *m, int64_t now) {
  double f[3];
  fadings(foresight_price_forward(m->decayed_at, now), f);
  for (uint32_t i = 0; i < 3; i++)
    m->count[i] *= f[i];
  for (uint32_t i = 0; i < 2; i++)
    m->mass[i] *= f[i];
  m->decayed_at = now;
  fadings(foresight_price_forward(p->rate_at, now), f);
  p->rate *= f[0];
  p->rate_day *= f[2];
  p->rate_at = now;
}

void foresight_price_note_user(foresight_price *p, uint32_t id,
                               const foresight_price_event *e) {
  price_model *const m = p->model + id;
  const foresight_price_user *const u =
      p->config.user && e->user != FORESIGHT_PRICE_NONE
          ? p->config.user(p->config.context, e->user)
          : 0;
  m->user_gap = DAY;
  m->user_count = 0;
  if (u && u->count) {
    const int64_t dt = foresight_price_forward(u->time_ms, e->now_ms);
    m->user_gap = dt;
    m->user_count = u->count;
    if (u->last < p->models) {
      price_model *const o = p->model + u->last;
      foresight_price_fade(p, o, p->now);
      double f[3];
      fadings(dt, f);
      for (uint32_t i = 0; i < 2; i++) {
        o->mass[i] -= f[i];
        if (o->mass[i] < 0)
          o->mass[i] = 0;
      }
    }
  }
  if (e->user != FORESIGHT_PRICE_NONE)
    for (uint32_t i = 0; i < 2; i++)
      m->mass[i] += 1.0;
  m->user_before = m->user;
  m->user = e->user;
}
