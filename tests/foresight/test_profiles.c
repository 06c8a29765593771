/* SPDX-License-Identifier: MIT
   The host's profiles, as Foresight takes them. */
#include "hearth/predictor.h"
#include "plugin/sdk/wire/decode.h"
#include "tests/foresight/drive.h"
#include "tests/unit.h"

#define MINUTE INT64_C(60000)

/* The configuration that a host sends for a profile. */
static hearth_config config_of(const char *profile) {
  hearth_settings settings;
  hearth_output out = {0};
  hearth_config config;
  CU_ASSERT_EQUAL_FATAL(hearth_settings_init(&settings, profile), HEARTH_OK);
  CU_ASSERT_EQUAL_FATAL(hearth_settings_to_config(&settings, NULL, 0, &out),
                        HEARTH_OK);
  hearth_message_init(&hearth_config_schema, &config);
  CU_ASSERT_EQUAL(hearth_decode(&hearth_config_schema,
                                (hearth_bytes){out.data, out.len}, &config,
                                NULL, 0),
                  HEARTH_OK);
  config.ablate = (hearth_str){NULL, 0};
  hearth_output_free(&out);
  return config;
}

static void test_values_arrive(void) {
#define ARRIVES(name, threshold, window, rate, warm, background, ttl)          \
  {                                                                            \
    const hearth_config config = config_of(#name);                             \
    CU_ASSERT_EQUAL(config.prediction_threshold, threshold);                   \
    CU_ASSERT_EQUAL(config.usage_window_seconds, window);                      \
    CU_ASSERT_EQUAL(config.learning_rate, rate);                               \
    CU_ASSERT_EQUAL(config.max_warm_models, warm);                             \
    CU_ASSERT_EQUAL(config.background_warmup_enabled, background);             \
    CU_ASSERT_EQUAL(config.prediction_cache_ttl_seconds, ttl);                 \
  }
  HEARTH_PROFILES(ARRIVES)
#undef ARRIVES
}

/* What one stream shows of a profile. */
typedef struct shown {
  uint32_t lines;    /* of the longest answer */
  uint32_t guesses;  /* before the model was known */
  double least_sure; /* of these */
  double p_next;     /* after a few requests */
  uint32_t warms;    /* loads asked for ahead, by price */
} shown;

static void look(const drive *d, shown *s, int guessing) {
  if (d->status != HEARTH_OK) {
    return;
  }
  s->lines = d->set.models.count > s->lines ? d->set.models.count : s->lines;
  if (guessing) {
    s->guesses++;
    s->least_sure =
        d->set.confidence < s->least_sure ? d->set.confidence : s->least_sure;
  }
}

/* Users who take one of eight models, some by habit and some by chance. */
static void show_guesses(const hearth_config *config, shown *s) {
  drive d;
  CU_ASSERT_EQUAL_FATAL(drive_begin(&d, config, 8, 0), HEARTH_OK);
  for (int i = 0; i < 300; i++) {
    const char user[2] = {(char)('a' + i % 3), '\0'};
    const uint32_t any = (uint32_t)i * 2654435761u >> 29;
    (void)drive_ask(&d, HEARTH_REASON_REQUEST, i * MINUTE, user, NULL);
    look(&d, s, 1);
    drive_request(&d, i * MINUTE,
                  i % 3 == 0 || any < 2u * (uint32_t)(i % 3) ? any : 7, user);
    look(&d, s, 0);
  }
  drive_end(&d);
}

static void show_learning(const hearth_config *config, shown *s) {
  drive d;
  CU_ASSERT_EQUAL_FATAL(drive_begin(&d, config, 4, 0), HEARTH_OK);
  for (int i = 0; i < 30; i++) {
    drive_request(&d, i * MINUTE, (uint32_t)i % 3, "ann");
  }
  (void)drive_predict(&d, HEARTH_REASON_REQUEST, 30 * MINUTE, "ann", NULL);
  s->p_next = drive_line(&d, 0)->p_next;
  drive_end(&d);
}

/* A model that comes each hour and a half and leaves in between. */
static void show_warms(const hearth_config *config, shown *s) {
  drive d;
  CU_ASSERT_EQUAL_FATAL(drive_begin(&d, config, 2, 0), HEARTH_OK);
  d.budget_mb = -1;
  d.idle_price = 400;
  for (int i = 0; i < 100; i++) {
    const int64_t now = i * 90 * MINUTE;
    drive_request(&d, now, 0, "ann");
    (void)drive_tell(&d, HEARTH_PHASE_EVICTED, now + MINUTE, 0, NULL, NULL);
    for (int64_t t = 2; t < 90; t++) {
      (void)drive_ask(&d, HEARTH_REASON_TICK, now + t * MINUTE, NULL, NULL);
      const hearth_plan_model *line = drive_line(&d, 0);
      s->warms += line != NULL && line->action == HEARTH_ACTION_WARM;
    }
  }
  drive_end(&d);
}

static shown show(const char *profile) {
  const hearth_config config = config_of(profile);
  shown s = {.least_sure = 1};
  show_guesses(&config, &s);
  show_learning(&config, &s);
  show_warms(&config, &s);
  return s;
}

static void test_profiles_differ(void) {
  const shown replay = show("replay"), production = show("production"),
              constrained = show("constrained"),
              development = show("development");
  CU_ASSERT_EQUAL(replay.lines, 8);
  CU_ASSERT_EQUAL(production.lines, 3);
  CU_ASSERT_EQUAL(constrained.lines, 2);
  CU_ASSERT_EQUAL(development.lines, 5);
  CU_ASSERT(production.least_sure >= .8);
  CU_ASSERT(constrained.least_sure >= .6);
  CU_ASSERT(development.least_sure >= .5);
  CU_ASSERT(replay.guesses > development.guesses);
  CU_ASSERT(development.guesses > constrained.guesses);
  CU_ASSERT(constrained.guesses > production.guesses);
  CU_ASSERT(production.guesses > 0);
  CU_ASSERT_EQUAL(replay.p_next, production.p_next);
  CU_ASSERT(constrained.p_next > production.p_next);
  CU_ASSERT(development.p_next > constrained.p_next);
  CU_ASSERT(replay.warms > production.warms);
  CU_ASSERT_EQUAL(constrained.warms, 0);
}

UNIT_MAIN("foresight profiles", UNIT(test_values_arrive),
          UNIT(test_profiles_differ))
