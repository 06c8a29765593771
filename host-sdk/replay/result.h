/* SPDX-License-Identifier: MIT
   What a replay measures: one struct, filled by its parts. */
#ifndef HEARTH_REPLAY_RESULT_H
#define HEARTH_REPLAY_RESULT_H

#include <stdint.h>

#include "host-sdk/replay/accuracy/figures.h"
#include "host-sdk/replay/strip.h"
#include "plugin/sdk/wire/messages.h"

/* Where a replay takes place: a memory budget, or a price of idle memory. */
typedef struct hearth_setting {
  double budget_mb;    /* -1: none */
  double share;        /* of the catalog's memory; -1: given otherwise */
  double idle_price;   /* GB*s idle worth one second of wait; -1: budget */
  uint32_t load_lanes; /* 0: no limit */
} hearth_setting;

/* Figures that may not apply are NAN. */

typedef struct hearth_waits {
  double mean_s, p50_s, p95_s, p99_s;
} hearth_waits;

typedef struct hearth_loads {
  uint64_t demand, prewarm, prewarm_used, cancelled;
} hearth_loads;

/* hit@k: the share of requests whose model was among the k first by p_next. */
typedef struct hearth_hits {
  double at1, at3, at5;
} hearth_hits;

typedef struct hearth_task_score {
  const char *task; /* owned by the result */
  uint64_t requests;
  hearth_hits hit;
  double precision, recall, f1;
} hearth_task_score;

/* "Used within h": what predict/1 said, against what came. */
typedef struct hearth_horizon_score {
  uint64_t samples;
  double log_loss, brier, calibration_error;
  double precision, recall, f1; /* at 0.5 */
} hearth_horizon_score;

typedef struct hearth_call_times {
  double calls_per_s, p50_us, p99_us; /* NAN where there was no call */
  double total_us;
} hearth_call_times;

typedef struct hearth_result {
  uint64_t requests, cold, delayed, warm;
  double cold_wait_s;
  hearth_waits wait;
  double cold_rate_p75_over_models;
  double idle_gb_s;
  double total_cost_s; /* price regime */
  hearth_loads loads;
  hearth_hits hit;
  hearth_task_score *tasks; /* owned; `task_count` of them */
  uint32_t task_count;
  hearth_horizon_score horizon[HEARTH_HORIZONS];
  double availability;
  uint64_t plugin_bytes;
  hearth_strip *strip; /* owned; NULL: not asked for */
  hearth_accuracy *accuracy; /* the same */
  /* --timing */
  double seconds;
  hearth_call_times prepare, record;
} hearth_result;

/* What deciding cost in all, in us a request: every question and everything told,
   encoding, decoding and locks included. */
double hearth_us_per_request(const hearth_result *result);

/* Give back what the result owns. */
void hearth_result_free(hearth_result *result);

#endif
