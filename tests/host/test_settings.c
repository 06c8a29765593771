/* SPDX-License-Identifier: MIT
   Every setting that is the host's does what its name says. */
#include <string.h>

#include "plugin/sdk/wire/decode.h"
#include "tests/host/scripted.h"
#include "tests/unit.h"

static hearth_predictor_options options;

static void begin(const char *profile) {
  scripted_reset();
  scripted_options(&options, profile, 400);
}

static hearth_prediction predict(hearth_predictor *predictor,
                                 hearth_request request) {
  hearth_prediction prediction;

  CU_ASSERT_EQUAL_FATAL(
      hearth_predict_and_warm(predictor, &request, &prediction), HEARTH_OK);
  return prediction;
}

static void test_profiles(void) {
  hearth_settings s;

  CU_ASSERT_EQUAL(hearth_settings_init(&s, "production"), HEARTH_OK);
  CU_ASSERT_EQUAL(s.prediction_threshold, 0.8);
  CU_ASSERT_EQUAL(s.usage_window_seconds, 7200);
  CU_ASSERT_EQUAL(s.learning_rate, 0.05);
  CU_ASSERT_EQUAL(s.max_warm_models, 3);
  CU_ASSERT_EQUAL(s.background_warmup_enabled, 1);
  CU_ASSERT_EQUAL(s.prediction_cache_ttl_seconds, 600);
  CU_ASSERT_EQUAL(s.max_memory_mb, -1.0);
  CU_ASSERT_EQUAL(s.max_cpu_percent, -1.0);
  CU_ASSERT_EQUAL(s.decay_rate, 1.0);
  CU_ASSERT_EQUAL(s.idle_price, -1.0);
  CU_ASSERT_EQUAL(hearth_settings_init(&s, "constrained"), HEARTH_OK);
  CU_ASSERT_EQUAL(s.prediction_threshold, 0.6);
  CU_ASSERT_EQUAL(s.usage_window_seconds, 1800);
  CU_ASSERT_EQUAL(s.learning_rate, 0.1);
  CU_ASSERT_EQUAL(s.max_warm_models, 2);
  CU_ASSERT_EQUAL(s.background_warmup_enabled, 0);
  CU_ASSERT_EQUAL(s.prediction_cache_ttl_seconds, 300);
  CU_ASSERT_EQUAL(hearth_settings_init(&s, "development"), HEARTH_OK);
  CU_ASSERT_EQUAL(s.prediction_threshold, 0.5);
  CU_ASSERT_EQUAL(s.usage_window_seconds, 300);
  CU_ASSERT_EQUAL(s.learning_rate, 0.2);
  CU_ASSERT_EQUAL(s.max_warm_models, 5);
  CU_ASSERT_EQUAL(s.prediction_cache_ttl_seconds, 60);
  CU_ASSERT_EQUAL(hearth_settings_init(&s, "replay"), HEARTH_OK);
  CU_ASSERT_EQUAL(s.prediction_threshold, 0.0);
  CU_ASSERT_EQUAL(s.max_warm_models, -1);
  CU_ASSERT_EQUAL(s.prediction_cache_ttl_seconds, 0);
  CU_ASSERT_EQUAL(hearth_settings_init(&s, "swift"), HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(hearth_settings_init(&s, NULL), HEARTH_BAD_ARG);
}

/* The rest is the plugin's; it gets what it was set to. */
static void test_settings_reach_the_plugin(void) {
  static const hearth_model model = {"a", 100, 1000, 1, "g", "gpu"};
  hearth_settings settings;
  hearth_catalog_model models[2];
  hearth_config got;
  hearth_output output = {0};

  CU_ASSERT_EQUAL(hearth_settings_init(&settings, "constrained"), HEARTH_OK);
  settings.max_memory_mb = 64;
  settings.data_retention_seconds = 86400;
  settings.decay_rate = 2;
  settings.idle_price = 100;
  settings.speculation_share = 0.25;
  settings.seed = 42;
  CU_ASSERT_EQUAL(hearth_settings_to_config(&settings, &model, 1, &output),
                  HEARTH_OK);
  hearth_message_init(&hearth_config_schema, &got);
  got.models.items = models;
  got.models.cap = 2;
  CU_ASSERT_EQUAL(hearth_decode(&hearth_config_schema,
                                (hearth_bytes){output.data, output.len}, &got,
                                NULL, 0),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(got.prediction_threshold, 0.6);
  CU_ASSERT_EQUAL(got.usage_window_seconds, 1800);
  CU_ASSERT_EQUAL(got.learning_rate, 0.1);
  CU_ASSERT_EQUAL(got.max_warm_models, 2);
  CU_ASSERT_EQUAL(got.max_memory_mb, 64.0);
  CU_ASSERT_EQUAL(got.background_warmup_enabled, 0);
  CU_ASSERT_EQUAL(got.prediction_cache_ttl_seconds, 300);
  CU_ASSERT_EQUAL(got.data_retention_seconds, 86400);
  CU_ASSERT_EQUAL(got.decay_rate, 2.0);
  CU_ASSERT_EQUAL(got.idle_price, 100.0);
  CU_ASSERT_EQUAL(got.speculation_share, 0.25);
  CU_ASSERT_EQUAL(got.seed, 42);
  CU_ASSERT_EQUAL(got.models.count, 1);
  CU_ASSERT_EQUAL(models[0].pinned, 1);
  CU_ASSERT(hearth_str_equal(models[0].hardware, hearth_str_from("gpu")));
  hearth_output_free(&output);
}

static void test_max_memory_mb_caps_the_plugin(void) {
  hearth_predictor_metrics metrics;
  hearth_predictor *predictor;
  hearth_predictor *none = NULL;

  begin("replay");
  options.settings.max_memory_mb = 1;
  scripted.wants_bytes = 512 * 1024;
  predictor = scripted_create(&options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
  hearth_predictor_get_metrics(predictor, &metrics);
  CU_ASSERT(metrics.memory_mb >= 0.5 && metrics.memory_mb < 0.6);
  hearth_predictor_destroy(predictor);
  scripted.wants_bytes = 2 * 1024 * 1024;
  options.library = scripted_library();
  CU_ASSERT_EQUAL(hearth_predictor_create(&options, &none, NULL, 0),
                  HEARTH_NO_MEMORY);
  hearth_library_close(options.library);
}

static void test_threshold(void) {
  hearth_predictor *predictor;
  hearth_prediction prediction;

  begin("production");
  predictor = scripted_create(&options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
  CU_ASSERT_EQUAL(scripted.threshold, 0.8);
  scripted_plan(HEARTH_REASON_REQUEST, "a", HEARTH_ACTION_WARM, 0.80);
  scripted_plan(HEARTH_REASON_REQUEST, "b", HEARTH_ACTION_WARM, 0.79);
  scripted_plan(HEARTH_REASON_REQUEST, "c", HEARTH_ACTION_WARM, -1);
  scripted_plan(HEARTH_REASON_REQUEST, "d", HEARTH_ACTION_WARM, -1);
  scripted.answers[HEARTH_REASON_REQUEST].models[3].p_next = 0.85;
  prediction = predict(predictor, scripted_request("1", "chat", "u"));
  CU_ASSERT_EQUAL(prediction.count, 2);
  CU_ASSERT_STRING_EQUAL(prediction.models[1].model, "d");
  CU_ASSERT_STRING_EQUAL(orchestrator.calls, "load:a load:d ");
  hearth_predictor_destroy(predictor);
}

static void test_max_warm_models(void) {
  hearth_predictor *predictor;

  for (int most = -1; most <= 3; ++most) {
    static const char *const calls[] = {"load:a load:b load:c load:d ", "",
                                        "load:a ", "load:a load:b ",
                                        "load:a load:b load:c "};

    begin("replay");
    options.settings.max_warm_models = most;
    predictor = scripted_create(&options);
    CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
    for (int i = 0; i < 4; ++i) {
      static const char *const names[] = {"a", "b", "c", "d"};
      scripted_plan(HEARTH_REASON_REQUEST, names[i], HEARTH_ACTION_WARM, 0.9);
    }
    (void)predict(predictor, scripted_request("1", "chat", "u"));
    CU_ASSERT_STRING_EQUAL(orchestrator.calls, calls[most + 1]);
    CU_ASSERT_EQUAL(scripted.pool.max_warm, most);
    hearth_predictor_destroy(predictor);
  }
}

/* A plan to load later, and a review. */
static hearth_predictor *plan_for_later(void) {
  hearth_predictor *predictor = scripted_create(&options);
  scripted_answer *answer = &scripted.answers[HEARTH_REASON_REQUEST];

  CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
  scripted_plan(HEARTH_REASON_REQUEST, "a", HEARTH_ACTION_WARM, 0.9);
  answer->models[0].start_at_ms = orchestrator.now_ms + 5000;
  answer->review_at_ms = orchestrator.now_ms + 9000;
  scripted_plan(HEARTH_REASON_TICK, "b", HEARTH_ACTION_WARM, 0.9);
  (void)predict(predictor, scripted_request("1", "chat", "u"));
  CU_ASSERT_STRING_EQUAL(orchestrator.calls, "");
  return predictor;
}

static void test_background_on(void) {
  hearth_predictor *predictor;

  begin("replay");
  predictor = plan_for_later();
  CU_ASSERT_EQUAL(hearth_predictor_next_ms(predictor),
                  orchestrator.now_ms + 5000);
  orchestrator.now_ms += 4999;
  hearth_predictor_tick(predictor);
  CU_ASSERT_STRING_EQUAL(orchestrator.calls, "");
  orchestrator.now_ms += 1;
  hearth_predictor_tick(predictor);
  CU_ASSERT_STRING_EQUAL(orchestrator.calls, "load:a ");
  CU_ASSERT_EQUAL(hearth_predictor_next_ms(predictor),
                  orchestrator.now_ms + 4000);
  orchestrator.now_ms += 4000;
  hearth_predictor_tick(predictor);
  CU_ASSERT_STRING_EQUAL(orchestrator.calls, "load:a load:b ");
  CU_ASSERT_EQUAL(scripted.asked[HEARTH_REASON_TICK], 1);
  CU_ASSERT_EQUAL(hearth_predictor_next_ms(predictor), INT64_MAX);
  hearth_predictor_destroy(predictor);
}

static void test_background_off(void) {
  hearth_predictor *predictor;

  begin("replay");
  options.settings.background_warmup_enabled = 0;
  predictor = plan_for_later();
  CU_ASSERT_EQUAL(hearth_predictor_next_ms(predictor), INT64_MAX);
  orchestrator.now_ms += 20000;
  hearth_predictor_tick(predictor);
  CU_ASSERT_STRING_EQUAL(orchestrator.calls, "");
  CU_ASSERT_EQUAL(scripted.asked[HEARTH_REASON_TICK], 0);
  scripted.answers[HEARTH_REASON_REQUEST].models[0].start_at_ms = -1;
  (void)predict(predictor, scripted_request("2", "chat", "u"));
  CU_ASSERT_STRING_EQUAL(orchestrator.calls, "load:a ");
  hearth_predictor_destroy(predictor);
}

static void test_max_cpu_percent_pauses(void) {
  hearth_predictor *predictor;

  begin("replay");
  options.settings.max_cpu_percent = 50;
  predictor = plan_for_later();
  orchestrator.now_ms += 20000;
  orchestrator.cpu_percent = 51;
  hearth_predictor_tick(predictor);
  CU_ASSERT_STRING_EQUAL(orchestrator.calls, "");
  orchestrator.cpu_percent = 50;
  hearth_predictor_tick(predictor);
  CU_ASSERT_STRING_EQUAL(orchestrator.calls, "load:b load:a ");
  hearth_predictor_destroy(predictor);
}

/* A review comes a second later at the soonest. */
static void test_reviews_are_at_least_a_second_apart(void) {
  hearth_predictor *predictor;

  begin("replay");
  predictor = scripted_create(&options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
  scripted_plan(HEARTH_REASON_REQUEST, "a", HEARTH_ACTION_KEEP, 0.9);
  scripted.answers[HEARTH_REASON_REQUEST].review_at_ms = 0;
  (void)predict(predictor, scripted_request("1", "chat", "u"));
  CU_ASSERT_EQUAL(hearth_predictor_next_ms(predictor),
                  orchestrator.now_ms + 1000);
  hearth_predictor_destroy(predictor);
}

static void test_idle_price_lets_keep_alives_run_out(void) {
  hearth_predictor *predictor;

  for (int price = -1; price <= 1; price += 2) {
    begin("replay");
    options.settings.idle_price = price > 0 ? 100 : -1;
    predictor = scripted_create(&options);
    CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
    scripted_plan(HEARTH_REASON_SETTLED, "a", HEARTH_ACTION_KEEP, 0.9);
    scripted.answers[HEARTH_REASON_SETTLED].models[0].keep_for_ms = 3000;
    scripted_serve(predictor, "1", "u", "a");
    orchestrator.now_ms += 3001;
    hearth_predictor_tick(predictor);
    CU_ASSERT_STRING_EQUAL(orchestrator.calls,
                           price > 0 ? "load:a unload:a " : "load:a ");
    hearth_predictor_destroy(predictor);
  }
}

static hearth_predictor *with_cache(int64_t ttl_s, uint32_t entries) {
  hearth_predictor *predictor;

  begin("replay");
  options.settings.prediction_cache_ttl_seconds = ttl_s;
  options.cache_entries = entries;
  predictor = scripted_create(&options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
  scripted_plan(HEARTH_REASON_REQUEST, "a", HEARTH_ACTION_KEEP, 0.9);
  /* The first question tells the residents, and its answer is not kept. */
  (void)predict(predictor, scripted_request("0", "warm-up", NULL));
  return predictor;
}

static void test_cache_ttl(void) {
  hearth_predictor *predictor = with_cache(60, 0);
  hearth_request request = scripted_request("1", "chat", "u");
  hearth_predictor_metrics metrics;

  CU_ASSERT_EQUAL(predict(predictor, request).cached, 0);
  orchestrator.now_ms += 59999;
  CU_ASSERT_EQUAL(predict(predictor, request).cached, 1);
  CU_ASSERT_EQUAL(predict(predictor, request).count, 1);
  orchestrator.now_ms += 1;
  CU_ASSERT_EQUAL(predict(predictor, request).cached, 0);
  hearth_predictor_get_metrics(predictor, &metrics);
  CU_ASSERT_EQUAL(metrics.total_predictions, 5);
  CU_ASSERT_EQUAL(metrics.cache_hits, 2);
  CU_ASSERT_EQUAL(metrics.cache_hit_rate, 0.4);
  CU_ASSERT_EQUAL(scripted.asked[HEARTH_REASON_REQUEST], 3);
  hearth_predictor_destroy(predictor);
}

static void test_no_cache(void) {
  hearth_predictor *predictor = with_cache(0, 0);
  hearth_request request = scripted_request("1", "chat", "u");

  CU_ASSERT_EQUAL(predict(predictor, request).cached, 0);
  CU_ASSERT_EQUAL(predict(predictor, request).cached, 0);
  hearth_predictor_destroy(predictor);
}

static void test_cache_is_emptied_by_what_changes_it(void) {
  hearth_predictor *predictor = with_cache(60, 0);
  hearth_request ann = scripted_request("1", "chat", "ann");
  hearth_request bob = scripted_request("2", "chat", "bob");

  (void)predict(predictor, ann);
  (void)predict(predictor, bob);
  CU_ASSERT_EQUAL(predict(predictor, ann).cached, 1);
  CU_ASSERT_EQUAL(predict(predictor, bob).cached, 1);
  scripted_serve(predictor, "3", "cid", "a"); /* other models are loaded now */
  CU_ASSERT_EQUAL(predict(predictor, ann).cached, 0);
  CU_ASSERT_EQUAL(predict(predictor, bob).cached, 0);
  scripted_serve(predictor, "4", "ann", "a"); /* the same models still are */
  CU_ASSERT_EQUAL(predict(predictor, bob).cached, 1);
  CU_ASSERT_EQUAL(predict(predictor, ann).cached, 0);
  CU_ASSERT_EQUAL(predict(predictor, ann).cached, 1);
  CU_ASSERT_EQUAL(
      hearth_predictor_record_prediction_outcome(predictor, "1", 0, "b"),
      HEARTH_OK);
  CU_ASSERT_EQUAL(predict(predictor, ann).cached, 0);
  CU_ASSERT_EQUAL(predict(predictor, bob).cached, 1);
  hearth_predictor_destroy(predictor);
}

static void test_cache_has_a_size(void) {
  hearth_predictor *predictor = with_cache(60, 2);
  hearth_request x = scripted_request("1", "chat", "x");
  hearth_request y = scripted_request("2", "chat", "y");
  hearth_request z = scripted_request("3", "chat", "z");

  (void)predict(predictor, x);
  (void)predict(predictor, y);
  CU_ASSERT_EQUAL(predict(predictor, x).cached, 1);
  (void)predict(predictor, z);
  CU_ASSERT_EQUAL(predict(predictor, x).cached, 1);
  CU_ASSERT_EQUAL(predict(predictor, y).cached, 0);
  hearth_predictor_destroy(predictor);
}

UNIT_MAIN("predictor settings", UNIT(test_profiles),
          UNIT(test_settings_reach_the_plugin),
          UNIT(test_max_memory_mb_caps_the_plugin), UNIT(test_threshold),
          UNIT(test_max_warm_models), UNIT(test_background_on),
          UNIT(test_background_off), UNIT(test_max_cpu_percent_pauses),
          UNIT(test_reviews_are_at_least_a_second_apart),
          UNIT(test_idle_price_lets_keep_alives_run_out), UNIT(test_cache_ttl),
          UNIT(test_no_cache), UNIT(test_cache_is_emptied_by_what_changes_it),
          UNIT(test_cache_has_a_size))
