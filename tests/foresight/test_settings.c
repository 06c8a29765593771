/* SPDX-License-Identifier: MIT
   Each key of the configuration does what its name says. */
#include <stdio.h>
#include <string.h>

#include "hearth/ext/metrics.h"
#include "plugin/foresight/inside.h"
#include "plugin/sdk/wire/decode.h"
#include "tests/foresight/drive.h"
#include "tests/unit.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)

static hearth_config usual(void) {
  hearth_config config;
  hearth_message_init(&hearth_config_schema, &config);
  return config;
}

static void begin(drive *d, const hearth_config *config, uint32_t models) {
  CU_ASSERT_EQUAL_FATAL(drive_begin(d, config, models, 0), HEARTH_OK);
}

static void begin_priced(drive *d, const hearth_config *config,
                         uint32_t models) {
  begin(d, config, models);
  d->budget_mb = -1;
  d->idle_price = 100;
}

/* p_next of a model for a user. */
static double chance(drive *d, int64_t now, uint32_t model, const char *user) {
  (void)drive_ask(d, HEARTH_REASON_REQUEST, now, user, NULL);
  const hearth_plan_model *line = drive_line(d, model);
  return d->status == HEARTH_OK && line != NULL ? line->p_next : 0;
}

/* A stream that makes prewarms: each of four models comes, leaves a minute
   later, and comes again after `every`; lines that ask for a load are counted.
*/
typedef struct warmth {
  uint32_t warms;
  double least; /* their lowest confidence */
} warmth;

static void count_warms(const drive *d, warmth *w) {
  for (uint32_t i = 0; i < d->set.models.count && d->status == HEARTH_OK; i++) {
    if (d->lines[i].action == HEARTH_ACTION_WARM) {
      w->warms++;
      w->least =
          d->lines[i].confidence < w->least ? d->lines[i].confidence : w->least;
    }
  }
}

static warmth stream(drive *d, int64_t every) {
  warmth w = {0, 1};
  for (int i = 0; i < 200; i++) {
    const uint32_t model = (uint32_t)i % 4;
    const int64_t now = (i / 4) * every + model * (every / 4);
    drive_request(d, now, model, "ann");
    (void)drive_tell(d, HEARTH_PHASE_EVICTED, now + MINUTE, model, NULL, NULL);
    for (int64_t t = 2; t < 10; t++) {
      (void)drive_ask(d, HEARTH_REASON_TICK, now + t * every / 40, NULL, NULL);
      count_warms(d, &w);
    }
  }
  return w;
}

static warmth stream_with(const hearth_config *config, int priced,
                          int64_t every) {
  drive d;
  (priced ? begin_priced : begin)(&d, config, 4);
  const warmth w = stream(&d, every);
  drive_end(&d);
  return w;
}

static void test_prediction_threshold(void) {
  hearth_config config = usual();
  for (int priced = 0; priced < 2; priced++) {
    config.prediction_threshold = .1;
    const warmth any = stream_with(&config, priced, HOUR / 6);
    config.prediction_threshold = .5;
    const warmth sure = stream_with(&config, priced, HOUR / 6);
    CU_ASSERT(any.least >= .1 && any.least < .5);
    CU_ASSERT(sure.warms > 0 && sure.warms < any.warms);
    CU_ASSERT(sure.least >= .5);
  }
}

static void test_usage_window_seconds(void) {
  hearth_config config = usual();
  for (int priced = 0; priced < 2; priced++) {
    config.usage_window_seconds = 7200;
    const warmth within = stream_with(&config, priced, HOUR);
    config.usage_window_seconds = 5; /* times 12 */
    const warmth beyond = stream_with(&config, priced, HOUR);
    CU_ASSERT(within.warms > 0);
    CU_ASSERT_EQUAL(beyond.warms, 0);
  }
}

static void test_learning_rate(void) {
  hearth_config config = usual();
  double p[3];
  const double rates[] = {0, .05, .2};
  for (int k = 0; k < 3; k++) {
    drive d;
    config.learning_rate = rates[k];
    begin(&d, &config, 4);
    for (int i = 0; i < 30; i++) {
      drive_request(&d, i * MINUTE, (uint32_t)i % 3, "ann");
    }
    p[k] = chance(&d, 30 * MINUTE, 0, "ann");
    drive_end(&d);
  }
  CU_ASSERT(p[0] < p[1]);
  CU_ASSERT(p[1] < p[2]);
}

/* Which models the last answer lets go. */
static void let_go(const drive *d, int holds[8]) {
  for (uint32_t m = 0; m < 8; m++) {
    const hearth_plan_model *line = drive_line(d, m);
    if (line != NULL && line->keep_for_ms == 0) {
      holds[m] = 0;
    }
  }
}

static void test_max_warm_models_by_price(void) {
  hearth_config config = usual();
  drive d;
  int holds[8] = {0};
  int most = 0;
  config.max_warm_models = 2;
  begin_priced(&d, &config, 8);
  for (int i = 0; i < 100; i++) {
    drive_request(&d, i * MINUTE, (uint32_t)(i * 5 % 8), "ann");
    holds[i * 5 % 8] = 1;
    let_go(&d, holds);
    (void)drive_ask(&d, HEARTH_REASON_TICK, i * MINUTE + 30 * SECOND, 0, 0);
    let_go(&d, holds);
    int now = 0;
    for (int m = 0; m < 8; m++) {
      now += holds[m];
    }
    most = now > most ? now : most;
  }
  CU_ASSERT_EQUAL(most, 2);
  drive_end(&d);
}

static void test_max_warm_models(void) {
  hearth_config config = usual();
  drive d;
  config.max_warm_models = 2;
  begin(&d, &config, 8);
  for (int i = 0; i < 40; i++) {
    drive_request(&d, i * MINUTE, (uint32_t)(i * 5 % 8), "ann");
    CU_ASSERT(d.set.models.count <= 2);
    CU_ASSERT_EQUAL(
        drive_ask(&d, HEARTH_REASON_REQUEST, i * MINUTE, "ann", NULL),
        HEARTH_OK);
    CU_ASSERT(d.set.models.count <= 2);
  }
  CU_ASSERT_EQUAL(d.set.models.count, 2);
  drive_end(&d);
}

static double metric_of(drive *d, const char *name) {
  const hearth_metrics *metrics =
      foresight_entry.get_extension(d->plugin, HEARTH_EXT_METRICS);
  hearth_metric metric = {.size = sizeof metric};
  for (uint32_t i = 0; metrics->get(d->plugin, i, &metric) == HEARTH_OK; i++) {
    if (strcmp(metric.name, name) == 0) {
      return metric.value;
    }
    metric.size = sizeof metric;
  }
  return -1;
}

/* Ten times as many users as there is room for. */
static void test_max_memory_mb(void) {
  hearth_config config = usual();
  drive d;
  config.max_memory_mb = 12;
  begin(&d, &config, 20);
  uint64_t most = 0;
  for (int i = 0; i < 100000; i++) {
    char user[16];
    snprintf(user, sizeof user, "u%x", (unsigned)i);
    CU_ASSERT_EQUAL(drive_tell(&d, HEARTH_PHASE_STARTED, i * SECOND,
                               (uint32_t)i % 20, user, NULL),
                    HEARTH_OK);
    if (i % 1000 == 0) {
      (void)drive_ask(&d, HEARTH_REASON_SETTLED, i * SECOND, user, NULL);
      d.budget_mb = -d.budget_mb;
      d.idle_price = -d.idle_price;
    }
    most = d.host.used > most ? d.host.used : most;
  }
  const double users = metric_of(&d, "users");
  CU_ASSERT(most <= 12 * 1048576);
  CU_ASSERT(users > 15000 && users < 30000);
  drive_end(&d);
}

static void test_background_warmup_enabled(void) {
  hearth_config config = usual();
  config.background_warmup_enabled = 0;
  for (int priced = 0; priced < 2; priced++) {
    CU_ASSERT_EQUAL(stream_with(&config, priced, HOUR).warms, 0);
  }
}

static int64_t requests_of(drive *d, uint32_t model, int64_t now) {
  hearth_metadata metadata;
  CU_ASSERT_EQUAL(drive_metadata(d, model, now, &metadata), HEARTH_OK);
  return metadata.usage.requests;
}

static void test_data_retention_seconds(void) {
  hearth_config config = usual();
  drive d;
  config.data_retention_seconds = 24 * 3600;
  begin(&d, &config, 6);
  for (int i = 0; i < 40; i++) {
    drive_request(&d, i * MINUTE, 0, "ann");
  }
  CU_ASSERT_EQUAL(metric_of(&d, "users"), 1);
  CU_ASSERT_EQUAL(requests_of(&d, 0, 20 * HOUR), 40);
  CU_ASSERT_EQUAL(requests_of(&d, 0, 26 * HOUR), 0);
  CU_ASSERT(chance(&d, 20 * HOUR, 0, "ann") > 0);
  CU_ASSERT_EQUAL(chance(&d, 26 * HOUR, 0, "ann"), 0);
  drive_request(&d, 26 * HOUR, 1, "bob"); /* ann is silent for too long */
  CU_ASSERT_EQUAL(metric_of(&d, "users"), 1);
  drive_request(&d, 27 * HOUR, 0, "cid");
  CU_ASSERT_EQUAL(requests_of(&d, 0, 27 * HOUR), 1);
  drive_end(&d);
  config.data_retention_seconds = -1;
  begin(&d, &config, 6);
  drive_request(&d, 0, 0, "ann");
  drive_request(&d, 100000 * HOUR, 1, "bob");
  CU_ASSERT_EQUAL(metric_of(&d, "users"), 2);
  CU_ASSERT_EQUAL(requests_of(&d, 0, 100000 * HOUR), 1);
  drive_end(&d);
}

/* m0 was popular, and m1 is. */
/* Few requests, so that little but popularity has been learned. */
static void test_decay_rate(void) {
  hearth_config config = usual();
  double p[2];
  for (int k = 0; k < 2; k++) {
    drive d;
    config.decay_rate = k == 0 ? 1 : 20;
    begin(&d, &config, 4);
    for (int i = 0; i < 4; i++) {
      drive_request(&d, i * MINUTE, i < 3 ? 0 : 1, i < 3 ? "ann" : "bob");
    }
    p[k] = chance(&d, 2000 * MINUTE, 1, "cleo");
    drive_end(&d);
  }
  CU_ASSERT(p[1] > p[0]);
}

static int64_t kept_for(double configured, double told) {
  hearth_config config = usual();
  drive d;
  config.idle_price = configured;
  begin_priced(&d, &config, 4);
  d.idle_price = told;
  for (int i = 0; i < 40; i++) {
    drive_request(&d, i * HOUR / 4, 0, "ann");
  }
  (void)drive_tell(&d, HEARTH_PHASE_STARTED, 10 * HOUR, 0, "ann", NULL);
  (void)drive_ask(&d, HEARTH_REASON_SETTLED, 10 * HOUR, "ann", NULL);
  const hearth_plan_model *line = drive_line(&d, 0);
  const int64_t keep = line != NULL ? line->keep_for_ms : -2;
  drive_end(&d);
  return keep;
}

static void test_idle_price(void) {
  CU_ASSERT(kept_for(-1, 1) < kept_for(-1, 1000));
  CU_ASSERT_EQUAL(kept_for(1000, 1), kept_for(-1, 1000));
}

static void test_speculation_share(void) {
  hearth_config config = usual();
  uint32_t warms[4];
  const double shares[] = {0, .1, -1, 1};
  for (int k = 0; k < 4; k++) {
    config.speculation_share = shares[k];
    warms[k] = stream_with(&config, 0, HOUR).warms;
  }
  CU_ASSERT_EQUAL(warms[0], 0);
  CU_ASSERT(warms[1] <= warms[2]);
  CU_ASSERT(warms[2] <= warms[3]);
  CU_ASSERT(warms[0] < warms[3]);
  CU_ASSERT_EQUAL(foresight_loads_limit(-1, 1.5f), 1.5f);
  CU_ASSERT_EQUAL(foresight_loads_limit(.5, 1.5f), 2);
  CU_ASSERT_EQUAL(foresight_loads_limit(1, 1.5f), 0);
}

/* The last answer of a stream, as a hash. */
static uint64_t answer_hash(const hearth_config *config) {
  drive d;
  begin(&d, config, 6);
  for (int i = 0; i < 60; i++) {
    drive_request(&d, i * MINUTE, (uint32_t)(i * i) % 6, i % 2 ? "ann" : "bob");
  }
  (void)drive_predict(&d, HEARTH_REASON_REQUEST, HOUR, "ann", NULL);
  CU_ASSERT(d.set.models.count > 0);
  const uint64_t hash = hearth_hash(0, d.answer.data, d.answer.len);
  drive_end(&d);
  return hash;
}

static void test_seed(void) {
  hearth_config config = usual();
  for (int64_t seed = 0; seed < 3; seed++) {
    config.seed = seed;
    CU_ASSERT_EQUAL(answer_hash(&config), answer_hash(&config));
  }
}

static void test_what_is_not_ours(void) {
  hearth_config config = usual();
  const uint64_t hash = answer_hash(&config);
  config.ttl_seconds = 7;
  config.prediction_cache_ttl_seconds = 7;
  config.max_cpu_percent = 7;
  CU_ASSERT_EQUAL(answer_hash(&config), hash);
}

UNIT_MAIN("foresight settings", UNIT(test_prediction_threshold),
          UNIT(test_usage_window_seconds), UNIT(test_learning_rate),
          UNIT(test_max_warm_models), UNIT(test_max_warm_models_by_price),
          UNIT(test_max_memory_mb), UNIT(test_background_warmup_enabled),
          UNIT(test_data_retention_seconds), UNIT(test_decay_rate),
          UNIT(test_idle_price), UNIT(test_speculation_share), UNIT(test_seed),
          UNIT(test_what_is_not_ours))
