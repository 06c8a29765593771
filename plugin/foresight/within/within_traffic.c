/* SPDX-License-Identifier: MIT
   How many requests of any model are to be expected within each horizon. */
#include "plugin/foresight/within/within_state.h"
#include "plugin/sdk/hint.h"

/* The forecast is linear in logarithms of simple ones: the rates of the last
   ten minutes, hour and day, and the same hours of the days before.  The
   weights learn by normalised steps from what came. */
static const float first_weight[HORIZONS][FORECASTS] = {
    {0, 0.4f, 0.4f, 0.1f, 0.1f},
    {0, 0.2f, 0.4f, 0.2f, 0.2f},
    {0, 0.0f, 0.2f, 0.4f, 0.4f},
};
static const float learning_rate = 0.01f;
static const float profile_rate = 0.25f;

HEARTH_SELDOM void foresight_within_traffic_begin(foresight_within *head) {
  memcpy(head->forecast_weight, first_weight, sizeof first_weight);
}

static float profile_within(const foresight_within *head, int64_t now,
                            float seconds, float rate) {
  int64_t hour = now / 3600000;
  float from = (float)(now - hour * 3600000) * 1e-3f, sum = 0.0f;
  while (seconds > 0.0f) {
    const int s = (int)((hour % HOURS + HOURS) % HOURS);
    const float part = seconds < 3600.0f - from ? seconds : 3600.0f - from;
    const float each =
        head->profile_n[s] > 0.0f ? head->profile[s] / 3600.0f : rate;
    sum += each * part;
    seconds -= part;
    from = 0.0f;
    hour++;
  }
  return sum;
}

static void describe(const foresight_within *head, int64_t now,
                     float x[HORIZONS][FORECASTS], float traffic[2]) {
  const float age = within_seconds(head->now, now);
  const float seen = within_seconds(head->start, now);
  float rate[3];
  for (int k = 2; k >= 0; k--) {
    const float life = foresight_within_traffic_life[k];
    const float weight =
        1.44269504f * life * (1.0f - within_exp2(-seen / life));
    const float slower =
        k == 2 ? (float)head->requests / (seen + 60.0f) : rate[k + 1];
    const float n = head->traffic[k] * within_exp2(-age / life);
    rate[k] = (n + 1.0f) / (weight + 1.0f / (slower + 1e-6f));
  }
  for (int h = 0; h < HORIZONS; h++) {
    const float s = foresight_within_horizon[h];
    x[h][0] = 1.0f;
    for (int k = 0; k < 3; k++) {
      x[h][1 + k] = within_ln(1.0f + rate[k] * s);
    }
    x[h][4] = within_ln(1.0f + profile_within(head, now, s, rate[2]));
  }
  traffic[0] = within_clip(within_ln(rate[0] / rate[2]), -4.0f, 4.0f);
  traffic[1] = within_clip(within_ln(rate[1] / rate[2]), -4.0f, 4.0f);
}

static float dot(const float *w, const float *x) {
  float sum = 0.0f;
  for (int i = 0; i < FORECASTS; i++) {
    sum += w[i] * x[i];
  }
  return within_clip(sum, 0.0f, 16.0f);
}

/* Learns from the forecasts that fell due and makes a new one when a quarter
   of the horizon has passed since the last. */
void foresight_within_traffic_learn(foresight_within *head, int64_t now) {
  float x[HORIZONS][FORECASTS], traffic[2];
  int made = 0;
  for (int h = 0; h < HORIZONS; h++) {
    const int64_t length = (int64_t)foresight_within_horizon[h] * 1000;
    within_forecast *ring = head->forecasts[h];
    uint32_t *first = &head->forecast_head[h], *n = &head->forecast_size[h];
    while (*n && ring[*first].time + length < now) {
      within_forecast *f = &ring[*first];
      const float came = (float)(head->requests - f->requests);
      const float error =
          within_ln(1.0f + came) - dot(head->forecast_weight[h], f->x);
      float norm = 1.0f;
      for (int i = 0; i < FORECASTS; i++) {
        norm += f->x[i] * f->x[i];
      }
      for (int i = 0; i < FORECASTS; i++) {
        head->forecast_weight[h][i] += learning_rate * error * f->x[i] / norm;
      }
      *first = (*first + 1) % FORECAST_RING;
      (*n)--;
    }
    const uint32_t latest = (*first + *n + FORECAST_RING - 1) % FORECAST_RING;
    if (*n == 0 ||
        (ring[latest].time + length / 8 <= now && *n < FORECAST_RING)) {
      if (!made) {
        describe(head, now, x, traffic);
        made = 1;
      }
      within_forecast *f = &ring[(*first + *n) % FORECAST_RING];
      f->time = now;
      f->requests = head->requests;
      memcpy(f->x, x[h], sizeof f->x);
      (*n)++;
    }
  }
}

static void close_hours(foresight_within *head, int64_t hour) {
  int64_t passed = hour - head->hour;
  if (passed > 2 * HOURS) {
    head->hour = hour - 2 * HOURS;
    head->in_hour = 0.0f;
    passed = 2 * HOURS;
  }
  for (; passed > 0; passed--) {
    const int s = (int)((head->hour % HOURS + HOURS) % HOURS);
    const float step = 1.0f / (head->profile_n[s] + 1.0f);
    head->profile[s] += (step > profile_rate ? step : profile_rate) *
                        (head->in_hour - head->profile[s]);
    head->profile_n[s] += 1.0f;
    head->in_hour = 0.0f;
    head->hour++;
  }
}

/* Counts a request; head->now is still the time of the one before. */
void foresight_within_traffic_used(foresight_within *head, int64_t now) {
  const float passed = within_seconds(head->now, now);
  close_hours(head, now / 3600000);
  head->in_hour += 1.0f;
  head->requests++;
  for (int k = 0; k < 3; k++) {
    head->traffic[k] =
        head->traffic[k] *
            within_exp2(-passed / foresight_within_traffic_life[k]) +
        1.0f;
  }
}

void foresight_within_at(const foresight_within *head, int64_t now,
                         foresight_within_now *at) {
  at->time = within_time(now, head->begun ? head->now : INT64_MIN);
  const int64_t hour = at->time / 3600000;
  at->hour = (int)((hour % HOURS + HOURS) % HOURS);
  at->into_ms = (int32_t)(at->time - hour * 3600000);
  at->day = (int32_t)((hour - at->hour) / HOURS);
  float x[HORIZONS][FORECASTS];
  describe(head, at->time, x, at->traffic);
  for (int h = 0; h < HORIZONS; h++) {
    at->requests[h] =
        within_exp2(1.44269504f * dot(head->forecast_weight[h], x[h])) - 1.0f;
  }
}
