/* SPDX-License-Identifier: MIT
   Waits, loads and idle memory, from the events of a replay. */
#include "host-sdk/replay/costs.h"

#include <math.h>
#include <stdlib.h>

typedef struct book { /* of one model */
  int64_t idle_since; /* -1: not held, or in use */
  int64_t idle_ms;
  uint32_t active; /* requests that wait or run */
  uint32_t requests, cold;
  int held;        /* loading or ready */
  int unused;      /* held by a prewarm that nobody has asked for yet */
} book;

struct hearth_costs {
  const hearth_models *models;
  book *books;
  int64_t *waits; /* of the requests that started */
  uint64_t started, cap;
  int64_t end_ms;
  uint64_t requests, cold, delayed, warm;
  hearth_loads loads;
};

hearth_costs *hearth_costs_new(const hearth_models *models, uint64_t requests,
                               int64_t end_ms) {
  hearth_costs *costs = calloc(1, sizeof *costs);
  if (costs == NULL) {
    return NULL;
  }
  costs->models = models;
  costs->end_ms = end_ms;
  costs->cap = requests;
  costs->books = calloc((size_t)models->count + 1, sizeof *costs->books);
  costs->waits = calloc((size_t)requests + 1, sizeof *costs->waits);
  if (costs->books == NULL || costs->waits == NULL) {
    hearth_costs_free(costs);
    return NULL;
  }
  for (uint32_t m = 0; m < models->count; m++) {
    costs->books[m].idle_since = -1;
  }
  return costs;
}

void hearth_costs_free(hearth_costs *costs) {
  if (costs != NULL) {
    free(costs->books);
    free(costs->waits);
    free(costs);
  }
}

static void idle_begins(hearth_costs *costs, book *b, int64_t now) {
  if (b->held && b->active == 0) {
    b->idle_since = now < costs->end_ms ? now : costs->end_ms;
  }
}

static void idle_ends(hearth_costs *costs, book *b, int64_t now) {
  if (b->idle_since >= 0) {
    const int64_t until = now < costs->end_ms ? now : costs->end_ms;
    b->idle_ms += until - b->idle_since;
    b->idle_since = -1;
  }
}

void hearth_costs_request(hearth_costs *costs, int64_t now, uint32_t model,
                          hearth_found found) {
  book *b = &costs->books[model];
  idle_ends(costs, b, now);
  b->active++;
  b->requests++;
  costs->requests++;
  costs->cold += found == HEARTH_FOUND_COLD;
  costs->delayed += found == HEARTH_FOUND_DELAYED;
  costs->warm += found == HEARTH_FOUND_WARM;
  b->cold += found == HEARTH_FOUND_COLD;
  if (b->unused) {
    b->unused = 0;
    costs->loads.prewarm_used++;
  }
}

static void load_begins(hearth_costs *costs, book *b,
                        const hearth_sim_event *event) {
  b->held = 1;
  if (event->demand) {
    costs->loads.demand++;
    return;
  }
  costs->loads.prewarm++;
  b->unused = 1;
  idle_begins(costs, b, event->at_ms);
}

void hearth_costs_event(hearth_costs *costs, const hearth_sim_event *event) {
  book *b = &costs->books[event->model];
  switch (event->kind) {
  case HEARTH_SIM_START:
    if (costs->started < costs->cap) {
      costs->waits[costs->started++] = event->wait_ms;
    }
    break;
  case HEARTH_SIM_LOAD:
    load_begins(costs, b, event);
    break;
  case HEARTH_SIM_READY:
    break;
  case HEARTH_SIM_DONE:
    b->active--;
    idle_begins(costs, b, event->at_ms);
    break;
  case HEARTH_SIM_CANCEL:
    costs->loads.cancelled++;
    /* fall through */
  case HEARTH_SIM_EVICT:
    idle_ends(costs, b, event->at_ms);
    b->held = 0;
    b->unused = 0;
    break;
  }
}

static int by_value(const void *a, const void *b) {
  const int64_t x = *(const int64_t *)a;
  const int64_t y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

static int by_rate(const void *a, const void *b) {
  const double x = *(const double *)a;
  const double y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The value at index floor(n * hundredths / 100) of sorted waits, in s. */
static double percentile(const int64_t *sorted, uint64_t n,
                         uint64_t hundredths) {
  return n == 0 ? NAN : (double)sorted[n * hundredths / 100] / 1000.0;
}

static hearth_status cold_rate(const hearth_costs *costs, double *p75) {
  double *rates = calloc((size_t)costs->models->count + 1, sizeof *rates);
  if (rates == NULL) {
    return HEARTH_NO_MEMORY;
  }
  uint64_t n = 0;
  for (uint32_t m = 0; m < costs->models->count; m++) {
    const book *b = &costs->books[m];
    if (b->requests > 0) {
      rates[n++] = (double)b->cold / (double)b->requests;
    }
  }
  qsort(rates, n, sizeof *rates, by_rate);
  *p75 = n == 0 ? NAN : rates[n * 75 / 100];
  free(rates);
  return HEARTH_OK;
}

static void report_waits(hearth_costs *costs, hearth_result *result) {
  const uint64_t n = costs->started;
  int64_t sum = 0;
  for (uint64_t i = 0; i < n; i++) {
    sum += costs->waits[i];
  }
  qsort(costs->waits, n, sizeof *costs->waits, by_value);
  result->cold_wait_s = (double)sum / 1000.0;
  result->wait = (hearth_waits){
      .mean_s = n == 0 ? NAN : (double)sum / 1000.0 / (double)n,
      .p50_s = percentile(costs->waits, n, 50),
      .p95_s = percentile(costs->waits, n, 95),
      .p99_s = percentile(costs->waits, n, 99)};
}

hearth_status hearth_costs_report(hearth_costs *costs,
                                  const hearth_setting *setting,
                                  hearth_result *result) {
  double p75 = NAN;
  const hearth_status status = cold_rate(costs, &p75);
  if (status != HEARTH_OK) {
    return status;
  }
  result->cold_rate_p75_over_models = p75;
  result->requests = costs->requests;
  result->cold = costs->cold;
  result->delayed = costs->delayed;
  result->warm = costs->warm;
  result->loads = costs->loads;
  report_waits(costs, result);
  double idle = 0; /* MB * s */
  for (uint32_t m = 0; m < costs->models->count; m++) {
    idle_ends(costs, &costs->books[m], costs->end_ms);
    idle += (double)costs->books[m].idle_ms / 1000.0 *
            costs->models->items[m].memory_mb;
  }
  result->idle_gb_s = idle / 1024.0;
  result->total_cost_s =
      setting->idle_price > 0
          ? result->cold_wait_s + result->idle_gb_s / setting->idle_price
          : NAN;
  return HEARTH_OK;
}
