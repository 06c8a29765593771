/* SPDX-License-Identifier: MIT
   Hand-worked schedules of the pool's rules. */
#include "plugin/sdk/pool/sim.h"
#include "plugin/sdk/wire/messages.h"
#include "tests/pool/script.h"
#include "tests/unit.h"

static hearth_pool_options budget(int64_t budget_kb, uint32_t lanes) {
  hearth_pool_options options;
  hearth_pool_options_init(&options);
  options.budget_kb = budget_kb;
  options.lanes = lanes;
  return options;
}

static hearth_pool_options keep_alive(void) {
  hearth_pool_options options;
  hearth_pool_options_init(&options);
  options.keep_alive = 1;
  return options;
}

static void test_demand_in_order_of_arrival(void) {
  script s;
  const hearth_pool_options options = budget(30, 1);
  script_begin(&s, &options, 3, 10, 5);
  CU_ASSERT_EQUAL(script_request(&s, 0, 1, 1), HEARTH_FOUND_COLD);
  CU_ASSERT_EQUAL(script_request(&s, 0, 0, 1), HEARTH_FOUND_COLD);
  CU_ASSERT_EQUAL(script_request(&s, 1, 1, 1), HEARTH_FOUND_DELAYED);
  CU_ASSERT_EQUAL(script_request(&s, 2, 0, 1), HEARTH_FOUND_DELAYED);
  CU_ASSERT_EQUAL(script_request(&s, 20, 0, 1), HEARTH_FOUND_WARM);
  CU_ASSERT(script_reads(&s, "0L1 5R1 5S1+5 5S1+4 5L0 6D1 6D1 10R0 10S0+10 "
                             "10S0+8 11D0 11D0 20S0+0 21D0"));
  script_end(&s);
}

/* Two loads that complete at once do so in the order in which they began; a
   request of no duration ends after the loads that could start did. */
static void test_order_within_an_instant(void) {
  script s;
  const hearth_pool_options options = budget(20, 2);
  script_begin(&s, &options, 4, 10, 5);
  script_request(&s, 0, 1, 0);
  script_request(&s, 0, 0, 0);
  script_request(&s, 1, 2, 0);
  CU_ASSERT(script_reads(&s, "0L1 0L0 5R1 5S1+5 5R0 5S0+5 5D1 5E1 5L2 5D0 "
                             "10R2 10S2+9 10D2"));
  script_end(&s);
}

/* Nothing is evicted for a load that can't be given room, and who comes after
   waits behind it. */
static void test_head_of_line_waits(void) {
  script s;
  const hearth_pool_options options = budget(30, 2);
  script_begin(&s, &options, 2, 10, 5);
  script_add(&s, (hearth_pool_model){30, 5, HEARTH_NO_GROUP, 0});
  script_request(&s, 0, 0, 100);
  script_request(&s, 10, 1, 1);
  script_request(&s, 20, 2, 1);
  script_request(&s, 21, 1, 1);
  CU_ASSERT(script_reads(&s, "0L0 5R0 5S0+5 10L1 15R1 15S1+5 16D1 21S1+0 22D1 "
                             "105D0 105E0 105E1 105L2 110R2 110S2+90 111D2"));
  script_end(&s);
}

/* Never listed: least recently requested first; then in order of load. */
static void test_order_without_plans(void) {
  script s;
  const hearth_pool_options options = budget(30, 2);
  script_begin(&s, &options, 5, 10, 5);
  script_request(&s, 0, 1, 0);
  script_request(&s, 0, 0, 0);
  script_request(&s, 10, 2, 0);
  script_request(&s, 20, 1, 0); /* at once with 0: order of load decides */
  script_request(&s, 20, 0, 0);
  script_request(&s, 30, 3, 0); /* evicts 2 */
  script_request(&s, 40, 4, 0); /* evicts 1, which was loaded before 0 */
  CU_ASSERT(script_reads(
      &s, "0L1 0L0 5R1 5S1+5 5R0 5S0+5 5D1 5D0 10L2 15R2 15S2+5 15D2 20S1+0 "
          "20D1 20S0+0 20D0 30E2 30L3 35R3 35S3+5 35D3 40E1 40L4 45R4 45S4+5 "
          "45D4"));
  script_end(&s);
}

static void test_plan_goes_on_top(void) {
  script s;
  const hearth_pool_options options = budget(30, 2);
  script_begin(&s, &options, 6, 10, 1);
  script_request(&s, 0, 0, 0);
  script_request(&s, 10, 1, 0);
  script_request(&s, 20, 2, 0);
  script_plans(&s, 30, (const hearth_plan_entry[]){keep(0), keep(1), keep(0)},
               3);              /* 2 lowest, then 1, then 0 */
  script_plan(&s, 31, keep(2)); /* 1 lowest, then 0, then 2 */
  script_request(&s, 40, 3, 0);
  script_plan(&s, 50, keep(3));
  script_request(&s, 60, 4, 0);
  script_plan(&s, 70, keep(4));
  script_request(&s, 80, 5, 0);
  CU_ASSERT(script_reads(
      &s, "0L0 1R0 1S0+1 1D0 10L1 11R1 11S1+1 11D1 20L2 21R2 21S2+1 21D2 40E1 "
          "40L3 41R3 41S3+1 41D3 60E0 60L4 61R4 61S4+1 61D4 80E2 80L5 81R5 "
          "81S5+1 81D5"));
  script_end(&s);
}

static void test_cancels_newest_first(void) {
  script s;
  const hearth_pool_options options = budget(40, 2);
  script_begin(&s, &options, 5, 10, 50);
  script_plans(&s, 0, (const hearth_plan_entry[]){warm(0), warm(1), warm(2)},
               3);
  script_request(&s, 10, 3, 1); /* takes 1's lane; 2's wish waits on */
  CU_ASSERT(script_reads(&s, "0P0 0P1 10C1 10L3 50R0 50P2 60R3 60S3+50 61D3 "
                             "100R2"));
  script_end(&s);
}

/* Memory is taken from prewarms in flight before anything is evicted. */
static void test_cancels_for_memory_before_evicting(void) {
  script s;
  const hearth_pool_options options = budget(30, 3);
  script_begin(&s, &options, 4, 10, 50);
  script_request(&s, 0, 0, 1);
  script_plans(&s, 60, (const hearth_plan_entry[]){warm(1), warm(2)}, 2);
  script_request(&s, 70, 3, 1);
  CU_ASSERT(script_reads(&s, "0L0 50R0 50S0+50 51D0 60P1 60P2 70C2 70L3 110R1 "
                             "120R3 120S3+50 121D3"));
  script_end(&s);
}

static void test_prewarm_adopted_by_a_request(void) {
  script s;
  const hearth_pool_options options = budget(10, 1);
  script_begin(&s, &options, 2, 10, 50);
  script_plan(&s, 0, warm(0));
  CU_ASSERT_EQUAL(script_request(&s, 10, 0, 1), HEARTH_FOUND_DELAYED);
  CU_ASSERT_EQUAL(hearth_pool_residency(hearth_sim_pool(s.sim), 0),
                  HEARTH_DEMANDED);
  script_request(&s, 20, 1, 1); /* can't cancel it any more */
  CU_ASSERT(script_reads(&s, "0P0 50R0 50S0+40 51D0 51E0 51L1 101R1 101S1+81 "
                             "102D1"));
  script_end(&s);
}

static void test_once_per_entry(void) {
  script s;
  const hearth_pool_options options = budget(10, 1);
  script_begin(&s, &options, 2, 10, 10);
  script_plan(&s, 0, warm(0));
  script_request(&s, 5, 1, 1); /* cancels it, for good */
  script_plan(&s, 50, keep(1));
  script_plan(&s, 60, warm(0)); /* asks again; 1 ranks below */
  CU_ASSERT(script_reads(&s, "0P0 5C0 5L1 15R1 15S1+10 16D1 60E1 60P0 70R0"));
  script_end(&s);
}

static void test_prewarm_evicts_only_what_ranks_below(void) {
  script s;
  const hearth_pool_options options = budget(20, 2);
  script_begin(&s, &options, 4, 10, 1);
  script_request(&s, 0, 0, 0);
  script_request(&s, 0, 1, 0);
  script_plans(&s, 10,
               (const hearth_plan_entry[]){keep(0), warm(2), keep(1), warm(3)},
               4);
  CU_ASSERT(script_reads(&s, "0L0 0L1 1R0 1S0+1 1R1 1S1+1 1D0 1D1 10E1 10P2 "
                             "11R2"));
  script_end(&s);
}

static void test_start_at_and_warm_by(void) {
  script s;
  const hearth_pool_options options = budget(20, 1);
  hearth_plan_entry later = warm(0);
  hearth_plan_entry missed = warm(1);
  script_begin(&s, &options, 3, 10, 10);
  later.start_at_ms = 40;
  later.warm_by_ms = 40;
  missed.start_at_ms = 41; /* the lane is taken until 50 */
  missed.warm_by_ms = 49;
  script_plans(&s, 0, (const hearth_plan_entry[]){later, missed}, 2);
  CU_ASSERT_EQUAL(hearth_sim_next_ms(s.sim), 40);
  CU_ASSERT(script_reads(&s, "40P0 50R0"));
  script_end(&s);
}

/* A wish for a model that is there when its time comes has come true. */
static void test_wish_for_what_is_there(void) {
  script s;
  const hearth_pool_options options = keep_alive();
  hearth_plan_entry again = warm(0);
  script_begin(&s, &options, 1, 10, 10);
  script_request(&s, 0, 0, 1);
  again.keep_for_ms = 5;
  script_plan(&s, 12, again); /* leaves after 17 and stays away */
  again.start_at_ms = 41;
  script_plan(&s, 40, again); /* is away at 41 */
  again.start_at_ms = 55;
  script_plan(&s, 52, again); /* leaves after 57, is there at 55 */
  CU_ASSERT(script_reads(&s, "0L0 10R0 10S0+10 11D0 18X0 41P0 51R0 58X0"));
  script_end(&s);
}

static void test_wish_replaced_by_a_newer_plan(void) {
  script s;
  const hearth_pool_options options = budget(20, 2);
  hearth_plan_entry later = warm(0);
  script_begin(&s, &options, 1, 10, 10);
  later.start_at_ms = 40;
  script_plan(&s, 0, later);
  script_plan(&s, 10, keep(0));
  CU_ASSERT(script_reads(&s, ""));
  script_end(&s);
}

/* Idle from when it next falls idle, or from now if it is. */
static void test_keep_for(void) {
  script s;
  const hearth_pool_options options = keep_alive();
  script_begin(&s, &options, 2, 10, 10);
  script_plan(&s, 0, keep_for(0, 100));
  script_request(&s, 0, 0, 20); /* idle from 30 */
  CU_ASSERT_EQUAL(script_request(&s, 130, 0, 0), HEARTH_FOUND_WARM);
  script_plan(&s, 200, keep_for(0, 20)); /* idle now */
  CU_ASSERT_EQUAL(script_request(&s, 222, 0, 0), HEARTH_FOUND_COLD);
  script_plan(&s, 240, keep(0)); /* no limit */
  CU_ASSERT(script_reads(&s, "0L0 10R0 10S0+10 30D0 130S0+0 130D0 221X0 222L0 "
                             "232R0 232S0+10 232D0"));
  script_end(&s);
}

/* In its instant a request comes before the keep-alives that ran out. */
static void test_request_before_expiry(void) {
  script s;
  const hearth_pool_options options = keep_alive();
  script_begin(&s, &options, 1, 10, 10);
  script_plan(&s, 0, keep_for(0, 0));
  script_request(&s, 0, 0, 0);
  CU_ASSERT_EQUAL(script_request(&s, 10, 0, 0), HEARTH_FOUND_WARM);
  CU_ASSERT_EQUAL(hearth_sim_next_ms(s.sim), 10);
  CU_ASSERT_EQUAL(script_request(&s, 20, 0, 0), HEARTH_FOUND_COLD);
  CU_ASSERT(script_reads(&s, "0L0 10R0 10S0+10 10D0 10S0+0 10D0 11X0 20L0 30R0 "
                             "30S0+10 30D0 31X0"));
  script_end(&s);
}

static void test_pins(void) {
  script s;
  const hearth_pool_options options = budget(20, 2);
  script_begin(&s, &options, 2, 10, 5);
  script_add(&s, (hearth_pool_model){10, 5, HEARTH_NO_GROUP, 1});
  script_request(&s, 0, 2, 0);
  script_request(&s, 10, 0, 0);
  script_request(&s, 20, 1, 0);
  CU_ASSERT(script_reads(&s, "0L2 5R2 5S2+5 5D2 10L0 15R0 15S0+5 15D0 20E0 "
                             "20L1 25R1 25S1+5 25D1"));
  script_end(&s);
}

static void test_groups(void) {
  script s;
  const hearth_pool_options options = budget(40, 2);
  script_begin(&s, &options, 1, 10, 5);
  script_add(&s, (hearth_pool_model){10, 5, 7, 0});
  script_add(&s, (hearth_pool_model){10, 5, 7, 0});
  script_add(&s, (hearth_pool_model){10, 5, 7, 0});
  script_request(&s, 0, 1, 20);  /* busy until 25 */
  script_request(&s, 10, 2, 0);  /* waits for it */
  script_plan(&s, 100, warm(3)); /* cancelled for its mate */
  script_request(&s, 102, 1, 0);
  CU_ASSERT(script_reads(&s, "0L1 5R1 5S1+5 25D1 25E1 25L2 30R2 30S2+20 30D2 "
                             "100E2 100P3 102C3 102L1 107R1 107S1+5 107D1"));
  script_end(&s);
}

static void test_max_warm(void) {
  script s;
  hearth_pool_options options = budget(-1, 0);
  options.max_warm = 2;
  script_begin(&s, &options, 4, 10, 5);
  script_request(&s, 0, 0, 10);
  script_request(&s, 0, 1, 20);
  script_request(&s, 0, 2, 30); /* demand may pass it, while it lasts */
  script_plan(&s, 50, warm(3));
  CU_ASSERT(script_reads(&s, "0L0 0L1 0L2 5R0 5S0+5 5R1 5S1+5 5R2 5S2+5 15D0 "
                             "15E0 25D1 35D2 50E1 50P3 55R3"));
  script_end(&s);
}

static void test_min_residency(void) {
  script s;
  hearth_pool_options options = budget(10, 1);
  options.min_residency_ms = 20;
  script_begin(&s, &options, 3, 10, 5);
  script_request(&s, 0, 0, 0);  /* ready at 5 */
  script_plan(&s, 10, warm(1)); /* waits */
  script_plan(&s, 24, keep(2));
  script_plan(&s, 25, keep(2));
  script_request(&s, 31, 2, 0); /* a demand does not care */
  CU_ASSERT(script_reads(&s, "0L0 5R0 5S0+5 5D0 25E0 25P1 30R1 31E1 31L2 36R2 "
                             "36S2+5 36D2"));
  script_end(&s);
}

/* A thousandth of an hour on one lane: 3.6 s of speculation. */
static void test_speculation_share(void) {
  script s;
  hearth_pool_options options = budget(-1, 1);
  options.speculation_share = 0.001;
  script_begin(&s, &options, 4, 10, 2000);
  script_plans(&s, 0, (const hearth_plan_entry[]){warm(0), warm(1)}, 2);
  script_plan(&s, 3000, keep(2)); /* 1 would make it 4 s */
  script_request(&s, 5000, 3, 0);
  script_plan(&s, 1000000, keep(2)); /* 1514 of the 2000 are left, 1 starts */
  CU_ASSERT(script_reads(&s, "0P0 2000R0 5000L3 7000R3 7000S3+2000 7000D3 "
                             "1000000P1"));
  script_end(&s);
}

/* What a cancelled prewarm did not use is not held against the next. */
static void test_speculation_refund(void) {
  script s;
  hearth_pool_options options = budget(-1, 1);
  options.speculation_share = 0.001;
  script_begin(&s, &options, 3, 10, 3000);
  script_plan(&s, 0, warm(0));
  script_request(&s, 100, 1, 0);
  script_plan(&s, 4000, warm(2));
  CU_ASSERT(script_reads(&s, "0P0 100C0 100L1 3100R1 3100S1+3000 3100D1 4000P2 "
                             "7000R2"));
  script_end(&s);
}

UNIT_MAIN("sim", UNIT(test_demand_in_order_of_arrival),
          UNIT(test_order_within_an_instant), UNIT(test_head_of_line_waits),
          UNIT(test_order_without_plans), UNIT(test_plan_goes_on_top),
          UNIT(test_cancels_newest_first),
          UNIT(test_cancels_for_memory_before_evicting),
          UNIT(test_prewarm_adopted_by_a_request), UNIT(test_once_per_entry),
          UNIT(test_prewarm_evicts_only_what_ranks_below),
          UNIT(test_start_at_and_warm_by), UNIT(test_wish_for_what_is_there),
          UNIT(test_wish_replaced_by_a_newer_plan), UNIT(test_keep_for),
          UNIT(test_request_before_expiry), UNIT(test_pins), UNIT(test_groups),
          UNIT(test_max_warm), UNIT(test_min_residency),
          UNIT(test_speculation_share), UNIT(test_speculation_refund))
