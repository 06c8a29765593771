/* SPDX-License-Identifier: MIT
   Streams that are hard on a predictor, each with what it may cost. */
#include <stdio.h>

#include "tests/foresight/drive.h"
#include "tests/foresight/scene.h"
#include "tests/unit.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define YEAR (8766 * HOUR)

enum { NOBODY = -1 };

static scene_window any_model(void) {
  return (scene_window){.until_ms = INT64_MAX, .model = HEARTH_NO_NAME};
}

/* Nothing can be learned: no more than 1 % worse than lru. */
static void test_uniformly_random(void) {
  scene s;
  scene_window all = any_model();
  scene_begin(&s, 20);
  int64_t now = 0;
  for (int i = 0; i < 20000; i++) {
    now += 1 + hearth__random_below(&s.random, 2 * MINUTE);
    scene_add(&s, now, hearth__random_below(&s.random, 20),
              (int)hearth__random_below(&s.random, 30), NOBODY);
  }
  const scene_waits waits = scene_compare(&s, .3, &all);
  CU_ASSERT(waits.foresight <= 1.01 * waits.lru);
  CU_ASSERT_EQUAL(all.wrong, 0);
  scene_end(&s);
}

/* lru misses every time. */
static void test_a_scan_larger_than_memory(void) {
  scene s;
  scene_begin(&s, 20);
  for (int i = 0; i < 4000; i++) {
    scene_add(&s, i * MINUTE, (uint32_t)i % 20, NOBODY, NOBODY);
  }
  const scene_waits waits = scene_compare(&s, .5, NULL);
  CU_ASSERT(waits.foresight <= waits.lru);
  scene_end(&s);
}

/* Users who follow a cycle of their own, and stray from it one time in ten. */
static int64_t add_habits(scene *s, int64_t now, int requests, uint32_t shift) {
  uint32_t at[20] = {0};
  for (int i = 0; i < requests; i++) {
    const uint32_t user = hearth__random_below(&s->random, 20);
    uint32_t model = (user * 7 + shift + 3 * (at[user]++ % 3)) % 16;
    if (hearth__random_chance(&s->random, .1)) {
      model = hearth__random_below(&s->random, 16);
    }
    now += 1 + hearth__random_below(&s->random, MINUTE);
    scene_add(s, now, model, (int)user, NOBODY);
  }
  return now;
}

/* From one moment on every user does something else: 2000 requests later, 100 a
   user, the first guess is right as often as before, less 5 points. */
static void test_habits_change_all_at_once(void) {
  scene s;
  scene_begin(&s, 16);
  const int64_t before = add_habits(&s, 0, 4000, 0);
  const int64_t half = add_habits(&s, before, 2000, 0);
  const int64_t after = add_habits(&s, half, 2000, 5);
  const int64_t end = add_habits(&s, after, 2000, 5);
  const double was = scene_hit(&s, .4, before + 1, half + 1);
  const double is = scene_hit(&s, .4, after + 1, end + 1);
  CU_ASSERT(was > .7);
  CU_ASSERT(is >= was - .05);
  scene_end(&s);
}

/* A model that nobody knew is wanted by everybody for an hour: it is loaded
   once or twice and held, and guessed three times in four. */
static void test_a_flash_crowd(void) {
  scene s;
  scene_window crowd = {
      .from_ms = 50 * HOUR, .until_ms = 51 * HOUR, .model = 15};
  scene_begin(&s, 16);
  for (int64_t now = 0; now < 60 * HOUR; now += MINUTE) {
    const uint32_t a = hearth__random_below(&s.random, 15);
    const uint32_t b = hearth__random_below(&s.random, 15);
    scene_add(&s, now, a < b ? a : b, (int)(a + 15 * b), NOBODY);
    for (int k = 0; k < 5 && now >= crowd.from_ms && now < crowd.until_ms;
         k++) {
      scene_add(&s, now + (k + 1) * 10 * SECOND, 15,
                1000 + k + (int)(now / MINUTE), NOBODY);
    }
  }
  hearth_result result = scene_run(&s, &foresight_entry, .3, &crowd);
  hearth_result_free(&result);
  CU_ASSERT_EQUAL(crowd.requests, 300);
  CU_ASSERT(crowd.cold <= 3);
  CU_ASSERT(crowd.hits >= 225);
  scene_end(&s);
}

/* Among the requests for five usual models come a thousand others, once each.
 */
static void test_a_thousand_models_used_once(void) {
  scene s;
  scene_window all = any_model();
  scene_begin(&s, 1005);
  for (int i = 0; i < 3000; i++) {
    const uint32_t model =
        i % 3 == 2 ? 5 + (uint32_t)(i / 3) : hearth__random_below(&s.random, 5);
    scene_add(&s, i * MINUTE, model, (int)hearth__random_below(&s.random, 40),
              NOBODY);
  }
  const scene_waits waits = scene_compare(&s, .01, &all);
  CU_ASSERT(waits.foresight <= 1.01 * waits.lru);
  CU_ASSERT_EQUAL(all.wrong, 0);
  CU_ASSERT(all.lines <= 10 + 4 + 4); /* held, wished for, and taken back */
  scene_end(&s);
}

/* Everybody is called dev; the project tells who it is. */
static void test_one_id_in_two_projects(void) {
  scene s;
  scene_begin(&s, 8);
  int64_t now = 0;
  for (int i = 0; i < 2000; i++) {
    const int project = hearth__random_chance(&s.random, .5);
    now += MINUTE;
    scene_add(&s, now, project ? 6 : 2, 0, project);
  }
  const double hit = scene_hit(&s, .5, 10 * HOUR, INT64_MAX);
  CU_ASSERT(hit >= .95);
  scene_end(&s);
}

/* How often the first guess is right while the host's clock jumps, `wild`, or
   doesn't. */
static double hit_under_jumps(int wild) {
  static const int64_t jumps[] = {HOUR,      -2 * HOUR, YEAR,     -YEAR,
                                  -5 * YEAR, 3 * HOUR,  2 * YEAR, -30 * MINUTE};
  enum { ROUNDS = 2400, EVERY = 150 };
  hearth__random random;
  drive d;
  int64_t now = 40 * YEAR, shift = 0;
  uint32_t at[6] = {0}, hits = 0;
  hearth__random_init(&random, 3, 0);
  CU_ASSERT_EQUAL_FATAL(drive_begin(&d, NULL, 10, 0), HEARTH_OK);
  for (int i = 0; i < ROUNDS; i++) {
    char user[2] = {(char)('a' + hearth__random_below(&random, 6)), '\0'};
    uint32_t *turn = &at[user[0] - 'a'];
    const uint32_t model = ((uint32_t)user[0] + 3 * ((*turn)++ % 3)) % 10;
    if (wild && i % EVERY == EVERY - 1) {
      shift += jumps[i / EVERY % 8];
    }
    now += 20 * SECOND;
    CU_ASSERT(drive_ask(&d, HEARTH_REASON_REQUEST, now + shift, user, NULL) >=
              0);
    for (uint32_t k = 0; k < d.set.models.count; k++) {
      CU_ASSERT(d.lines[k].p_next >= 0 && d.lines[k].p_next <= 1);
      if (d.lines[k].p_next >= .05 || /* who may well come, or is loaded */
          d.lines[k].action == HEARTH_ACTION_WARM) {
        CU_ASSERT(d.lines[k].p_within.p[0] >= 0);
        CU_ASSERT(d.lines[k].p_within.p[2] <= 1);
      } else {
        CU_ASSERT_EQUAL(d.lines[k].p_within.p[0], -1);
        CU_ASSERT_EQUAL(d.lines[k].p_within.p[2], -1);
      }
    }
    hits += drive_line(&d, model) == &d.lines[0];
    drive_request(&d, now + shift, model, user);
    CU_ASSERT_EQUAL(d.status, HEARTH_OK);
  }
  drive_end(&d);
  return (double)hits / ROUNDS;
}

/* Within 5 % of the same stream under a clock that runs. */
static void test_clocks_that_jump(void) {
  const double steady = hit_under_jumps(0), wild = hit_under_jumps(1);
  CU_ASSERT(steady > .9);
  CU_ASSERT(wild >= .95 * steady);
}

/* Calls work in both regimes, plans are no longer than asked for, and a model
   has its 8 KB. */
static void test_ten_thousand_models(void) {
  drive d;
  CU_ASSERT_EQUAL_FATAL(drive_begin(&d, NULL, DRIVE_MODELS, 0), HEARTH_OK);
  for (int price = 0; price < 2; price++) {
    d.budget_mb = price ? -1 : 20 * 1024;
    d.idle_price = price ? 100 : -1;
    for (int i = 0; i < 100; i++) {
      const int64_t now = (price * 100 + i) * MINUTE;
      const uint32_t model = (uint32_t)(i * i * 7919) % DRIVE_MODELS;
      drive_request(&d, now, i % 3 ? (uint32_t)i % 5 : model, "ann");
      CU_ASSERT_EQUAL(d.status, HEARTH_OK);
      CU_ASSERT_EQUAL(drive_ask(&d, HEARTH_REASON_SETTLED, now, "ann", NULL),
                      HEARTH_OK);
      CU_ASSERT(d.set.models.count <= DRIVE_LINES);
    }
  }
  CU_ASSERT(d.host.used <=
            12000000 + 16384 * UINT64_C(8000)); /* room doubles */
  drive_end(&d);
}

/* A cap on the plugin's memory holds however many users come. */
static void test_a_million_users(void) {
  drive d;
  hearth_config config;
  hearth_message_init(&hearth_config_schema, &config);
  config.max_memory_mb = 16;
  CU_ASSERT_EQUAL_FATAL(drive_begin(&d, &config, 10, 0), HEARTH_OK);
  uint64_t most = 0;
  int failed = 0;
  for (int i = 0; i < 1000000; i++) {
    char user[16];
    snprintf(user, sizeof user, "user-%x", (unsigned)i);
    failed += drive_tell(&d, HEARTH_PHASE_STARTED, i * SECOND, (uint32_t)i % 10,
                         user, NULL) != HEARTH_OK;
    most = d.host.used > most ? d.host.used : most;
  }
  CU_ASSERT_EQUAL(failed, 0);
  CU_ASSERT(most <= 16 * 1048576);
  drive_end(&d);
}

UNIT_MAIN("stress", UNIT(test_uniformly_random),
          UNIT(test_a_scan_larger_than_memory),
          UNIT(test_habits_change_all_at_once), UNIT(test_a_flash_crowd),
          UNIT(test_a_thousand_models_used_once),
          UNIT(test_one_id_in_two_projects), UNIT(test_clocks_that_jump),
          UNIT(test_ten_thousand_models), UNIT(test_a_million_users))
