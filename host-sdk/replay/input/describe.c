/* SPDX-License-Identifier: MIT
   What a trace looks like, in figures. */
#include "host-sdk/replay/input/describe.h"

#include <stdlib.h>

#include "plugin/sdk/math.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)

/* What measuring needs for a while. */
typedef struct work {
  const hearth_trace *trace;
  const hearth_models *models;
  const uint32_t *model; /* of each request */
  int64_t *values;       /* as many as requests */
  int64_t *of_model;     /* as many as models */
  uint32_t *of_user;     /* as many as users, and one for nobody */
} work;

static int ascending(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

static void sort(int64_t *values, uint32_t count) {
  if (count) {
    qsort(values, count, sizeof *values, ascending);
  }
}

/* The value at floor(n * p) of n sorted ones. */
static double quantile(const int64_t *sorted, uint32_t count, double p) {
  return count ? (double)sorted[(uint32_t)(count * p)] : -1;
}

static double quantile_s(const int64_t *sorted, uint32_t count, double p) {
  return count ? quantile(sorted, count, p) / 1000 : -1;
}

static void measure_sizes(const work *w, hearth_trace_figures *out) {
  const hearth_trace *t = w->trace;
  out->requests = t->count;
  out->days = (double)(t->ts_ms[t->count - 1] - t->ts_ms[0]) / (double)DAY_MS;
  out->users = hearth_trace_count(t, HEARTH_TRACE_USER);
  out->tasks = hearth_trace_count(t, HEARTH_TRACE_TASK);
  out->projects = hearth_trace_count(t, HEARTH_TRACE_PROJECT);
  out->models = w->models->count;
  out->memory_gb = hearth_models_total_mb(w->models) / 1024;
  for (uint32_t i = 0; i < w->models->count; i++) {
    w->of_model[i] = w->models->items[i].load_ms;
  }
  sort(w->of_model, w->models->count);
  out->load_p50_s = quantile_s(w->of_model, w->models->count, 0.5);
  out->load_max_s = (double)w->of_model[w->models->count - 1] / 1000;
}

/* Requests of each model in [from, to). */
static void count_models(const work *w, uint32_t from, uint32_t to) {
  for (uint32_t i = 0; i < w->models->count; i++) {
    w->of_model[i] = 0;
  }
  for (uint32_t i = from; i < to; i++) {
    w->of_model[w->model[i]]++;
  }
}

static void measure_popularity(const work *w, hearth_trace_figures *out) {
  uint32_t n = w->models->count, requests = w->trace->count;
  int64_t sum = 0;
  count_models(w, 0, requests);
  sort(w->of_model, n);
  out->models_used = out->models_90 = out->top_1 = out->top_5 = 0;
  for (uint32_t i = 0; i < n; i++) {
    int64_t count = w->of_model[n - 1 - i];
    out->models_used += count > 0;
    out->models_90 += sum * 10 < (int64_t)requests * 9;
    sum += count;
    out->top_1 += i < 1 ? (double)count / requests : 0;
    out->top_5 += i < 5 ? (double)count / requests : 0;
  }
}

/* The sum over models of the lesser of its shares in both halves. */
static void measure_change(const work *w, hearth_trace_figures *out) {
  uint32_t n = w->models->count, requests = w->trace->count;
  uint32_t half = requests / 2;
  out->overlap = half ? 0 : -1;
  out->models_late = 0;
  count_models(w, 0, half);
  for (uint32_t i = 0; i < n; i++) {
    w->values[i] = w->of_model[i];
  }
  count_models(w, half, requests);
  for (uint32_t i = 0; i < n && half; i++) {
    double before = (double)w->values[i] / half;
    double after = (double)w->of_model[i] / (requests - half);
    out->overlap += before < after ? before : after;
    out->models_late += !w->values[i] && w->of_model[i];
  }
}

/* Whether the request's model is among the five most recent, which moves it to
   the front of them. */
static int touch_recent(uint32_t recent[5], uint32_t model) {
  uint32_t at = 0;
  while (at < 4 && recent[at] != model) {
    at++;
  }
  int found = recent[at] == model;
  for (; at; at--) {
    recent[at] = recent[at - 1];
  }
  recent[0] = model;
  return found;
}

static void measure_repeats(const work *w, hearth_trace_figures *out) {
  const uint32_t none = HEARTH_NO_NAME, *user = w->trace->id[HEARTH_TRACE_USER];
  uint32_t users = hearth_trace_count(w->trace, HEARTH_TRACE_USER);
  uint32_t recent[5] = {none, none, none, none, none}, known = 0;
  double same_user = 0, same_global = 0, recent_5 = 0;
  for (uint32_t i = 0; i < users; i++) {
    w->of_user[i] = none;
  }
  for (uint32_t i = 0; i < w->trace->count; i++) {
    same_global += recent[0] == w->model[i];
    recent_5 += touch_recent(recent, w->model[i]);
    if (user[i] != none) {
      known++;
      same_user += w->of_user[user[i]] == w->model[i];
      w->of_user[user[i]] = w->model[i];
    }
  }
  out->same_user = known ? same_user / known : -1;
  out->same_global = same_global / w->trace->count;
  out->recent_5 = recent_5 / w->trace->count;
}

static void measure_gaps(const work *w, hearth_trace_figures *out) {
  const int64_t *ts = w->trace->ts_ms;
  uint32_t n = w->trace->count - 1;
  double sum = 0, squares = 0;
  for (uint32_t i = 0; i < n; i++) {
    double gap = (double)(ts[i + 1] - ts[i]) / 1000;
    w->values[i] = ts[i + 1] - ts[i];
    sum += gap;
    squares += gap * gap;
  }
  double mean = n ? sum / n : 0;
  out->gap_cv = mean > 0 ? hearth_sqrt(squares / n - mean * mean) / mean : -1;
  sort(w->values, n);
  out->gap_p10_s = quantile_s(w->values, n, 0.1);
  out->gap_p50_s = quantile_s(w->values, n, 0.5);
  out->gap_p90_s = quantile_s(w->values, n, 0.9);
  out->gap_p99_s = quantile_s(w->values, n, 0.99);
}

static void measure_model_gaps(const work *w, hearth_trace_figures *out) {
  const int64_t *ts = w->trace->ts_ms;
  uint32_t n = 0;
  for (uint32_t i = 0; i < w->models->count; i++) {
    w->of_model[i] = -1;
  }
  for (uint32_t i = 0; i < w->trace->count; i++) {
    int64_t *last = &w->of_model[w->model[i]];
    if (*last >= 0) {
      w->values[n++] = ts[i] - *last;
    }
    *last = ts[i];
  }
  sort(w->values, n);
  out->model_gap_p50_s = quantile_s(w->values, n, 0.5);
  out->model_gap_p90_s = quantile_s(w->values, n, 0.9);
  out->model_gap_p99_s = quantile_s(w->values, n, 0.99);
}

/* The largest share that `width` neighbours of a circle of `count` hold. */
static double busiest(const uint32_t *counts, uint32_t count, uint32_t width,
                      uint32_t total) {
  uint32_t best = 0;
  for (uint32_t from = 0; from < count; from++) {
    uint32_t sum = 0;
    for (uint32_t i = 0; i < width; i++) {
      sum += counts[(from + i) % count];
    }
    best = sum > best ? sum : best;
  }
  return (double)best / total;
}

static void measure_hours(const work *w, hearth_trace_figures *out) {
  const hearth_trace *t = w->trace;
  uint32_t hours[24] = {0}, days[7] = {0};
  for (uint32_t i = 0; i < t->count; i++) {
    hours[t->ts_ms[i] / HOUR_MS % 24]++;
    days[t->ts_ms[i] / DAY_MS % 7]++;
  }
  out->day_10h = out->days >= 1 ? busiest(hours, 24, 10, t->count) : -1;
  out->week_5d = out->days >= 7 ? busiest(days, 7, 5, t->count) : -1;
}

/* The known values of a column, sorted; how many. */
static uint32_t collect(const work *w, const int64_t *column) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < w->trace->count; i++) {
    if (column[i] >= 0) {
      w->values[n++] = column[i];
    }
  }
  sort(w->values, n);
  return n;
}

static void measure_columns(const work *w, hearth_trace_figures *out) {
  uint32_t n = collect(w, w->trace->duration_ms);
  out->duration_p50_s = quantile_s(w->values, n, 0.5);
  out->duration_p90_s = quantile_s(w->values, n, 0.9);
  n = collect(w, w->trace->input_len);
  out->input_p50 = quantile(w->values, n, 0.5);
  out->input_p90 = quantile(w->values, n, 0.9);
}

hearth_status hearth_trace_measure(const hearth_trace *trace,
                                   const hearth_models *models,
                                   hearth_trace_figures *out) {
  const hearth_memory_user *memory = &trace->memory;
  uint32_t users = hearth_trace_count(trace, HEARTH_TRACE_USER);
  uint32_t most = trace->count > models->count ? trace->count : models->count;
  work w = {trace, models, trace->id[HEARTH_TRACE_MODEL], NULL, NULL, NULL};
  w.values = hearth_zalloc(memory, most, sizeof *w.values);
  w.of_model = hearth_zalloc(memory, models->count, sizeof *w.of_model);
  w.of_user = hearth_zalloc(memory, (size_t)users + 1, sizeof *w.of_user);
  hearth_status status = HEARTH_NO_MEMORY;
  if (w.values && w.of_model && w.of_user) {
    measure_sizes(&w, out);
    measure_popularity(&w, out);
    measure_change(&w, out);
    measure_repeats(&w, out);
    measure_gaps(&w, out);
    measure_model_gaps(&w, out);
    measure_hours(&w, out);
    measure_columns(&w, out);
    status = HEARTH_OK;
  }
  hearth_release(memory, w.values);
  hearth_release(memory, w.of_model);
  hearth_release(memory, w.of_user);
  return status;
}
