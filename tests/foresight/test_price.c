/* SPDX-License-Identifier: MIT
   The head that decides where idle memory has a price. */
#include "plugin/foresight/price/price.h"

#include "tests/sdk/support.h"
#include "tests/unit.h"

/* A model of 1 GB that loads in 10 s: at R = 100 GB*s a second, break-even is
   1000 s. */
#define MB 1024.0
#define LOAD_MS 10000.0
#define SECOND ((int64_t)1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define RUN (1 * SECOND)

/* A host of models that come when they are asked for, stay as long as the plan
   says, and come back when it says so. */
enum { MODELS = 4 };
typedef struct {
  foresight_price *head;
  int64_t now, review_at;
  int64_t leaves_at[MODELS], keep[MODELS], warm_at[MODELS];
  uint32_t resident[MODELS], warms;
} bench;

static const hearth_memory_user plain;

static foresight_price_config priced(double r) {
  const foresight_price_config config = {.idle_price = r, .seed = 1};
  return config;
}

static void begin(bench *b, double r) {
  const foresight_price_config config = priced(r);
  *b = (bench){.review_at = INT64_MAX};
  CU_ASSERT_EQUAL_FATAL(foresight_price_new(&plain, &config, &b->head), 0);
  for (uint32_t id = 0; id < MODELS; id++) {
    CU_ASSERT_EQUAL(foresight_price_add_model(b->head, MB, LOAD_MS), 0);
    b->warm_at[id] = -1;
  }
}

static void follow(bench *b) {
  foresight_price_entry line[MODELS];
  const uint32_t n =
      foresight_price_plan(b->head, b->now, line, MODELS, &b->review_at);
  CU_ASSERT(n <= MODELS);
  CU_ASSERT(b->review_at >= b->now + SECOND);
  for (uint32_t i = 0; i < n; i++) {
    const uint32_t id = line[i].model;
    CU_ASSERT_FATAL(id < MODELS);
    CU_ASSERT(line[i].keep_for_ms >= 0);
    b->keep[id] = line[i].keep_for_ms;
    b->leaves_at[id] = b->now + line[i].keep_for_ms;
    if (line[i].warm) {
      CU_ASSERT_EQUAL(b->resident[id], 0);
      b->resident[id] = 1;
      b->warms++;
      b->warm_at[id] = b->now;
      b->leaves_at[id] += (int64_t)LOAD_MS;
    }
  }
}

/* Let the time pass, up to `until`. */
static void pass(bench *b, int64_t until) {
  for (;;) {
    uint32_t first = 0;
    for (uint32_t id = 1; id < MODELS; id++) {
      if (b->resident[id] &&
          (!b->resident[first] || b->leaves_at[id] < b->leaves_at[first])) {
        first = id;
      }
    }
    const int64_t leaves = b->resident[first] ? b->leaves_at[first] : INT64_MAX;
    if (leaves >= until && b->review_at >= until) {
      break;
    }
    if (leaves < b->review_at) {
      b->now = leaves > b->now ? leaves : b->now;
      b->resident[first] = 0;
      foresight_price_evicted(b->head, first);
    } else {
      b->now = b->review_at;
      follow(b);
    }
  }
  b->now = until;
}

/* A request that runs a second.  Returns whether the model was there. */
static uint32_t request(bench *b, uint32_t id, int64_t at) {
  pass(b, at);
  const uint32_t warm = b->resident[id];
  const foresight_price_event event = {.model = id,
                                       .user = FORESIGHT_PRICE_NONE,
                                       .input_length = -1,
                                       .now_ms = at};
  foresight_price_started(b->head, &event);
  b->resident[id] = 1;
  follow(b);
  b->leaves_at[id] = INT64_MAX;
  pass(b, at + RUN);
  foresight_price_finished(b->head, id, RUN, b->now);
  b->leaves_at[id] = b->now + b->keep[id];
  return warm;
}

/* Every hour, three and a half times break-even: to hold it costs 36 s, to
   load it 10 s, to load it shortly before 0.1 s and what it waits for. */
static void test_periodic_is_prewarmed(void) {
  bench b;
  begin(&b, 100);
  uint32_t warm = 0, gone = 0;
  for (int64_t k = 1; k <= 200; k++) {
    if (k > 100) {
      pass(&b, k * HOUR - 40 * MINUTE);
      gone += !b.resident[0];
    }
    const uint32_t there = request(&b, 0, k * HOUR);
    if (k > 100 && there) {
      warm++;
      CU_ASSERT(b.warm_at[0] > (k - 1) * HOUR && b.warm_at[0] < k * HOUR);
    }
  }
  CU_ASSERT(gone >= 95);
  CU_ASSERT(warm >= 90);
  foresight_price_free(b.head);
}

/* A minute costs 0.6 s, a load 10 s; it comes each minute, 20 s early or late
   by no rule (by the clock alone, it would pay to load it shortly before). */
static void test_each_minute_is_kept(void) {
  bench b;
  begin(&b, 100);
  uint32_t warm = 0, bits = 1;
  for (int64_t k = 1; k <= 200; k++) {
    bits = bits * 1664525U + 1013904223U;
    const int64_t late = (int64_t)(bits >> 16) % 41 - 20;
    warm += request(&b, 0, k * MINUTE + late * SECOND);
  }
  CU_ASSERT(warm >= 197); /* all but the first, or nearly */
  CU_ASSERT(b.warms <= 20);
  foresight_price_free(b.head);
}

/* Nothing is known of it, so that break-even is the best that can be said. */
static void test_never_again_is_dropped(void) {
  bench b;
  begin(&b, 100);
  CU_ASSERT_EQUAL(request(&b, 0, MINUTE), 0);
  pass(&b, MINUTE + RUN + 400 * SECOND);
  CU_ASSERT_EQUAL(b.resident[0], 1);
  pass(&b, MINUTE + RUN + 2500 * SECOND);
  CU_ASSERT_EQUAL(b.resident[0], 0);
  pass(&b, 1000 * HOUR);
  CU_ASSERT_EQUAL(b.warms, 0);
  foresight_price_free(b.head);
}

/* Break-even is 10 s at R = 1, and 1000 h would have to pass at 360,000. */
static void test_price_matters(void) {
  const double r[] = {1, 360000};
  for (uint32_t i = 0; i < 2; i++) {
    bench b;
    begin(&b, r[i]);
    uint32_t warm = 0;
    for (int64_t k = 1; k <= 100; k++) {
      /* 5 to 15 minutes, which no clock tells */
      warm += request(&b, 0, k * 10 * MINUTE + (k * k * 7 % 11 - 5) * MINUTE);
    }
    if (i == 0) {
      CU_ASSERT(warm <= 5);
    } else {
      CU_ASSERT_EQUAL(warm, 99);
    }
    foresight_price_free(b.head);
  }
}

/* No `finished` comes; the host drops it some day, and it is planned again. */
static void test_lost_finish(void) {
  bench b;
  begin(&b, 100);
  const foresight_price_event event = {
      .user = FORESIGHT_PRICE_NONE, .input_length = -1, .now_ms = MINUTE};
  foresight_price_started(b.head, &event);
  b.now = MINUTE;
  follow(&b);
  foresight_price_evicted(b.head, 0);
  b.now = 3 * MINUTE;
  follow(&b);
  CU_ASSERT(foresight_price_explain(b.head, 0).idle_ms > 0);
  CU_ASSERT_EQUAL(b.warms, 0);
  uint32_t warm = 0;
  for (int64_t k = 10; k < 110; k++) {
    warm += request(&b, 0, k * MINUTE);
  }
  CU_ASSERT(warm >= 99);
  foresight_price_free(b.head);
}

/* A jump of a century, there and back, is no time at all. */
static void test_clock_jumps(void) {
  const int64_t jump[] = {3155760000000, -3155760000000, INT64_MAX, INT64_MIN};
  for (uint32_t i = 0; i < 4; i++) {
    bench b;
    begin(&b, 100);
    for (int64_t k = 1; k <= 50; k++) {
      (void)request(&b, 0, k * MINUTE);
    }
    b.now = jump[i];
    foresight_price_entry line[MODELS];
    (void)foresight_price_plan(b.head, b.now, line, MODELS, &b.review_at);
    CU_ASSERT(foresight_price_explain(b.head, 0).idle_ms < HOUR);
    b.now = 50 * MINUTE + RUN;
    follow(&b);
    uint32_t warm = 0;
    for (int64_t k = 51; k <= 100; k++) {
      warm += request(&b, 0, k * MINUTE);
    }
    CU_ASSERT(warm >= 49);
    foresight_price_free(b.head);
  }
}

static void test_unknown_models(void) {
  bench b;
  begin(&b, 100);
  const uint32_t ids[] = {MODELS, UINT32_MAX};
  for (uint32_t i = 0; i < 2; i++) {
    const foresight_price_event event = {.model = ids[i], .now_ms = 5};
    foresight_price_started(b.head, &event);
    foresight_price_finished(b.head, ids[i], 1, 6);
    foresight_price_loaded(b.head, ids[i]);
    foresight_price_evicted(b.head, ids[i]);
    foresight_price_set_model(b.head, ids[i], 1, 1);
    CU_ASSERT_EQUAL(foresight_price_explain(b.head, ids[i]).idle_ms, 0);
  }
  foresight_price_finished(b.head, 0, INT64_MIN, 7); /* never started */
  b.now = 8;
  follow(&b);
  CU_ASSERT_EQUAL(b.review_at, INT64_MAX);
  foresight_price_free(b.head);
}

/* Everything is given back, whichever allocation fails. */
static void test_no_memory(void) {
  uint32_t failed = 0;
  for (uint64_t n = 1; n < 100; n++) {
    support_host host;
    support_host_init(&host, n);
    const hearth_memory_user memory = hearth_memory_of(&host.host);
    const foresight_price_config config = priced(100);
    foresight_price *head = NULL;
    int status = foresight_price_new(&memory, &config, &head);
    for (uint32_t id = 0; status == 0 && id < 100; id++) {
      status = foresight_price_add_model(head, MB, LOAD_MS);
      CU_ASSERT_EQUAL(foresight_price_models(head), status ? id : id + 1);
    }
    if (head) {
      foresight_price_entry line;
      int64_t review;
      (void)foresight_price_plan(head, 1, &line, 1, &review);
    }
    foresight_price_free(head);
    CU_ASSERT_EQUAL(host.blocks, 0);
    if (status == 0) {
      break;
    }
    failed++;
  }
  CU_ASSERT_EQUAL(failed, 12); /* at the start; for 64, 80 and 100 models */
}

/* Sizes and times out of all reason overflow nothing. */
static void test_absurd_models(void) {
  const double odd[] = {0, -1, 1e300, -1e300, 1e-300};
  for (uint32_t i = 0; i < 25; i++) {
    bench b;
    begin(&b, odd[i % 5]);
    for (uint32_t id = 0; id < MODELS; id++) {
      foresight_price_set_model(b.head, id, odd[(i + id) % 5], odd[i / 5]);
    }
    for (int64_t k = 1; k <= 20; k++) {
      (void)request(&b, (uint32_t)k % MODELS, k * MINUTE);
    }
    foresight_price_free(b.head);
  }
}

UNIT_MAIN("foresight price", UNIT(test_periodic_is_prewarmed),
          UNIT(test_each_minute_is_kept), UNIT(test_never_again_is_dropped),
          UNIT(test_price_matters), UNIT(test_lost_finish),
          UNIT(test_clock_jumps), UNIT(test_unknown_models),
          UNIT(test_no_memory), UNIT(test_absurd_models))
