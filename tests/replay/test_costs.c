/* SPDX-License-Identifier: MIT
   Waits, loads and idle memory of schedules worked by hand. */
#include "host-sdk/replay/costs.h"

#include <math.h>

#include "tests/replay/setup.h"
#include "tests/unit.h"

enum { A, B };

static setup fixture;

/* a of 1 GB, b of 2 GB; the last request comes at `end_ms`. */
static hearth_costs *begin(uint64_t requests, int64_t end_ms) {
  setup_begin(&fixture);
  setup_model(&fixture, "a", 1024, 1000);
  setup_model(&fixture, "b", 2048, 1000);
  hearth_costs *costs = hearth_costs_new(&fixture.models, requests, end_ms);
  CU_ASSERT_PTR_NOT_NULL_FATAL(costs);
  return costs;
}

static hearth_result end(hearth_costs *costs, double idle_price) {
  hearth_result result = {0};
  const hearth_setting setting =
      idle_price > 0 ? setup_price(idle_price) : setup_budget(4096);
  CU_ASSERT_EQUAL(hearth_costs_report(costs, &setting, &result), HEARTH_OK);
  hearth_costs_free(costs);
  setup_end(&fixture);
  return result;
}

static void load(hearth_costs *costs, int64_t at, uint32_t model, int demand) {
  hearth_costs_event(costs, &(hearth_sim_event){.kind = HEARTH_SIM_LOAD,
                                                .at_ms = at,
                                                .model = model,
                                                .demand = demand});
}

static void happen(hearth_costs *costs, hearth_sim_kind kind, int64_t at,
                   uint32_t model) {
  hearth_costs_event(
      costs, &(hearth_sim_event){.kind = kind, .at_ms = at, .model = model});
}

static void start(hearth_costs *costs, int64_t at, uint32_t model,
                  int64_t wait_ms) {
  hearth_costs_event(costs, &(hearth_sim_event){.kind = HEARTH_SIM_START,
                                                .at_ms = at,
                                                .model = model,
                                                .wait_ms = wait_ms});
}

/* a is demanded, serves two requests, waits, is evicted; nobody pays for it
   while it loads or runs. */
static void test_demand(void) {
  hearth_costs *costs = begin(3, 20000);
  hearth_costs_request(costs, 0, A, HEARTH_FOUND_COLD);
  load(costs, 0, A, 1);
  hearth_costs_request(costs, 400, A, HEARTH_FOUND_DELAYED);
  happen(costs, HEARTH_SIM_READY, 1000, A);
  start(costs, 1000, A, 1000);
  start(costs, 1000, A, 600);
  happen(costs, HEARTH_SIM_DONE, 2000, A);
  happen(costs, HEARTH_SIM_DONE, 3000, A);
  happen(costs, HEARTH_SIM_EVICT, 7000, A);
  hearth_costs_request(costs, 20000, B, HEARTH_FOUND_COLD);
  load(costs, 20000, B, 1);
  happen(costs, HEARTH_SIM_READY, 21000, B);
  start(costs, 21000, B, 1000);
  happen(costs, HEARTH_SIM_DONE, 25000, B);
  const hearth_result r = end(costs, 100);
  CU_ASSERT_EQUAL(r.requests, 3);
  CU_ASSERT_EQUAL(r.cold, 2);
  CU_ASSERT_EQUAL(r.delayed, 1);
  CU_ASSERT_EQUAL(r.warm, 0);
  CU_ASSERT_EQUAL(r.loads.demand, 2);
  CU_ASSERT_DOUBLE_EQUAL(r.cold_wait_s, 2.6, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(r.wait.mean_s, 2.6 / 3, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(r.wait.p50_s, 1, 1e-12); /* of 0.6 1 1, the second */
  CU_ASSERT_DOUBLE_EQUAL(r.idle_gb_s, 4, 1e-12);  /* 3000 to 7000 */
  CU_ASSERT_DOUBLE_EQUAL(r.total_cost_s, 2.6 + 0.04, 1e-12);
  /* a 1/2, b 1/1: index floor(2 * 0.75) = 1. */
  CU_ASSERT_DOUBLE_EQUAL(r.cold_rate_p75_over_models, 1, 1e-12);
}

/* A prewarm costs from its start; used while it loads, after, or never. */
static void test_prewarms(void) {
  hearth_costs *costs = begin(2, 10000);
  load(costs, 1000, A, 0);
  load(costs, 1000, B, 0);
  hearth_costs_request(costs, 1500, A, HEARTH_FOUND_DELAYED); /* 0.5 GB*s */
  happen(costs, HEARTH_SIM_READY, 2000, A);
  start(costs, 2000, A, 500);
  happen(costs, HEARTH_SIM_DONE, 2000, A);
  happen(costs, HEARTH_SIM_READY, 2000, B);
  hearth_costs_request(costs, 3000, A, HEARTH_FOUND_WARM); /* 1 GB*s */
  start(costs, 3000, A, 0);
  happen(costs, HEARTH_SIM_DONE, 9000, A);
  happen(costs, HEARTH_SIM_EVICT, 4000, B); /* unused: 3 s of 2 GB */
  load(costs, 5000, B, 0);
  happen(costs, HEARTH_SIM_CANCEL, 5500, B); /* 0.5 s of 2 GB */
  load(costs, 9500, B, 0);                   /* 0.5 s of 2 GB to the end */
  happen(costs, HEARTH_SIM_READY, 10500, B);
  const hearth_result r = end(costs, -1);
  CU_ASSERT_EQUAL(r.loads.demand, 0);
  CU_ASSERT_EQUAL(r.loads.prewarm, 4);
  CU_ASSERT_EQUAL(r.loads.prewarm_used, 1);
  CU_ASSERT_EQUAL(r.loads.cancelled, 1);
  CU_ASSERT_EQUAL(r.warm, 1);
  CU_ASSERT_EQUAL(r.delayed, 1);
  /* a: 0.5 + 1 + 9000 to 10000; b: 6 + 1 + 1 */
  CU_ASSERT_DOUBLE_EQUAL(r.idle_gb_s, 2.5 + 8, 1e-12);
  CU_ASSERT(isnan(r.total_cost_s));
}

/* What happens after the last request costs no idle memory. */
static void test_after_the_end(void) {
  hearth_costs *costs = begin(1, 1000);
  hearth_costs_request(costs, 1000, A, HEARTH_FOUND_COLD);
  load(costs, 1000, A, 1);
  load(costs, 1500, B, 0);
  happen(costs, HEARTH_SIM_READY, 2000, A);
  start(costs, 2000, A, 1000);
  happen(costs, HEARTH_SIM_DONE, 5000, A);
  happen(costs, HEARTH_SIM_EVICT, 9000, A);
  const hearth_result r = end(costs, 25);
  CU_ASSERT_EQUAL(r.idle_gb_s, 0);
  CU_ASSERT_DOUBLE_EQUAL(r.total_cost_s, 1, 1e-12);
}

/* The percentile p of n values is the one at index floor(n * p). */
static void test_percentiles(void) {
  hearth_costs *costs = begin(200, 200);
  for (int64_t i = 199; i >= 0; i--) {
    hearth_costs_request(costs, 0, A, HEARTH_FOUND_WARM);
    start(costs, 0, A, i * 1000);
  }
  const hearth_result r = end(costs, -1);
  CU_ASSERT_EQUAL(r.wait.p50_s, 100);
  CU_ASSERT_EQUAL(r.wait.p95_s, 190);
  CU_ASSERT_EQUAL(r.wait.p99_s, 198);
  CU_ASSERT_EQUAL(r.cold_rate_p75_over_models, 0);
}

static void test_nothing(void) {
  const hearth_result r = end(begin(0, 0), -1);
  CU_ASSERT(isnan(r.wait.mean_s));
  CU_ASSERT(isnan(r.wait.p99_s));
  CU_ASSERT(isnan(r.cold_rate_p75_over_models));
  CU_ASSERT_EQUAL(r.cold_wait_s, 0);
}

UNIT_MAIN("replay: costs", UNIT(test_demand), UNIT(test_prewarms),
          UNIT(test_after_the_end), UNIT(test_percentiles), UNIT(test_nothing))
