/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "tests/host/scripted.h"
#include "tests/unit.h"

static hearth_predictor *start(const char *profile, double budget_mb) {
  hearth_predictor_options options;

  scripted_reset();
  scripted_options(&options, profile, budget_mb);
  return scripted_create(&options);
}

static void test_without_an_opinion_it_is_lru(void) {
  hearth_predictor *predictor = start("replay", 200);
  hearth_predictor_metrics metrics;

  CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
  scripted_serve(predictor, "1", NULL, "a");
  scripted_serve(predictor, "2", NULL, "b");
  scripted_serve(predictor, "3", NULL, "a");
  scripted_serve(predictor, "4", NULL, "c");
  CU_ASSERT_STRING_EQUAL(orchestrator.calls, "load:a load:b unload:b load:c ");
  hearth_predictor_get_metrics(predictor, &metrics);
  CU_ASSERT_EQUAL(metrics.requests, 4);
  CU_ASSERT_EQUAL(metrics.cold, 3);
  CU_ASSERT_EQUAL(metrics.warm, 1);
  CU_ASSERT_EQUAL(metrics.fallbacks, 4);
  CU_ASSERT_EQUAL(metrics.plugin_failures, 0);
  CU_ASSERT_EQUAL(metrics.judged, 0);
  hearth_predictor_destroy(predictor);
}

/* Broken answers and failures fall back too, and count. */
static void test_a_failing_plugin_falls_back(void) {
  hearth_predictor *predictor = start("replay", 200);
  hearth_predictor_metrics metrics;
  hearth_health health;

  CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
  scripted.answers[HEARTH_REASON_REQUEST].status = HEARTH_INTERNAL;
  scripted.answers[HEARTH_REASON_SETTLED].raw = "\xc1 rubbish";
  scripted.record_status = HEARTH_BAD_PAYLOAD;
  scripted_serve(predictor, "1", NULL, "a");
  CU_ASSERT_STRING_EQUAL(orchestrator.calls, "load:a ");
  hearth_predictor_get_metrics(predictor, &metrics);
  CU_ASSERT_EQUAL(metrics.fallbacks, 1);
  CU_ASSERT_EQUAL(metrics.plugin_failures, 2);
  hearth_predictor_get_health(predictor, &health);
  CU_ASSERT_EQUAL(health.healthy, 0);
  CU_ASSERT_STRING_EQUAL(health.status, "degraded");
  CU_ASSERT_PTR_NOT_NULL(strstr(health.reason, "failed"));
  hearth_predictor_destroy(predictor);
}

static void test_a_prediction_warms(void) {
  hearth_predictor *predictor = start("replay", 200);
  hearth_request request = scripted_request("r", "chat", "u");
  hearth_prediction prediction;
  int32_t found = 0;

  CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
  scripted_plan(HEARTH_REASON_REQUEST, "b", HEARTH_ACTION_WARM, 0.9);
  scripted_plan(HEARTH_REASON_REQUEST, "a", HEARTH_ACTION_KEEP, 0.3);
  scripted_plan(HEARTH_REASON_REQUEST, "unheard-of", HEARTH_ACTION_WARM, 0.2);
  CU_ASSERT_EQUAL(hearth_predict_and_warm(predictor, &request, &prediction),
                  HEARTH_OK);
  CU_ASSERT_STRING_EQUAL(prediction.prediction_id, "r");
  CU_ASSERT_EQUAL(prediction.count, 2);
  CU_ASSERT_STRING_EQUAL(prediction.models[0].model, "b");
  CU_ASSERT_EQUAL(prediction.models[0].confidence, 0.9);
  CU_ASSERT_EQUAL(prediction.models[0].warm, 1);
  CU_ASSERT_EQUAL(prediction.models[0].state, HEARTH_MODEL_WARM);
  CU_ASSERT_EQUAL(prediction.models[1].state, HEARTH_MODEL_COLD);
  CU_ASSERT_EQUAL(prediction.confidence_score, 0.9);
  CU_ASSERT_EQUAL(prediction.fallback, 0);
  CU_ASSERT_STRING_EQUAL(orchestrator.calls, "load:b ");
  CU_ASSERT_EQUAL(
      hearth_predictor_started(predictor, "r", &request, "b", &found),
      HEARTH_OK);
  CU_ASSERT_EQUAL(found, HEARTH_MODEL_WARM);
  CU_ASSERT_STRING_EQUAL(scripted.told, "loaded:b:prewarm started:b:warm ");
  hearth_predictor_destroy(predictor);
}

static void test_what_the_plugin_is_told(void) {
  hearth_predictor *predictor = start("replay", 100);

  CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
  CU_ASSERT_EQUAL(scripted.catalog_models, 4);
  scripted_serve(predictor, "1", NULL, "a");
  scripted_serve(predictor, "2", NULL, "b");
  CU_ASSERT_STRING_EQUAL(scripted.told,
                         "started:a:cold loaded:a:demand finished:a "
                         "started:b:cold evicted:a loaded:b:demand "
                         "finished:b ");
  CU_ASSERT_EQUAL(scripted.asked[HEARTH_REASON_REQUEST], 2);
  CU_ASSERT_EQUAL(scripted.asked[HEARTH_REASON_SETTLED], 2);
  CU_ASSERT_EQUAL(scripted.pool.budget_mb, 100.0);
  CU_ASSERT_EQUAL(scripted.pool.load_lanes, 2);
  CU_ASSERT_EQUAL(scripted.pool.max_warm, -1);
  hearth_predictor_destroy(predictor);
}

static void test_a_new_catalog(void) {
  static const hearth_model two[] = {{"b", 150, 10, 0, NULL, NULL},
                                     {"new", 50, 10, 0, NULL, NULL}};
  static const hearth_model twice[] = {{"b", 150, 10, 0, NULL, NULL},
                                       {"b", 50, 10, 0, NULL, NULL}};
  hearth_predictor *predictor = start("replay", 200);
  hearth_request request = scripted_request("9", "chat", NULL);
  char err[256] = "";

  CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
  scripted_serve(predictor, "1", NULL, "a");
  CU_ASSERT_EQUAL(
      hearth_predictor_set_models(predictor, twice, 2, err, sizeof(err)),
      HEARTH_BAD_ARG);
  CU_ASSERT_STRING_EQUAL(err, "model b is in the catalog twice");
  CU_ASSERT_EQUAL(hearth_predictor_model_state(predictor, "a"),
                  HEARTH_MODEL_WARM);
  CU_ASSERT_EQUAL(
      hearth_predictor_set_models(predictor, two, 2, err, sizeof(err)),
      HEARTH_OK);
  CU_ASSERT_EQUAL(scripted.catalog_models, 2);
  CU_ASSERT_STRING_EQUAL(orchestrator.calls, "load:a unload:a ");
  CU_ASSERT_EQUAL(hearth_predictor_started(predictor, "9", &request, "a", NULL),
                  HEARTH_BAD_ARG);
  scripted_serve(predictor, "2", NULL, "new");
  hearth_predictor_destroy(predictor);
}

static void test_misuse(void) {
  hearth_predictor *predictor = start("replay", 200);
  hearth_request request = scripted_request("1", "chat", NULL);
  hearth_prediction prediction;
  char name[HEARTH_ID_CAP + 1];

  CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
  memset(name, 'x', HEARTH_ID_CAP);
  name[HEARTH_ID_CAP] = 0;
  request.id = name;
  CU_ASSERT_EQUAL(hearth_predict_and_warm(predictor, &request, &prediction),
                  HEARTH_BAD_ARG);
  request.id = NULL;
  CU_ASSERT_EQUAL(
      hearth_predictor_started(predictor, NULL, &request, "a", NULL),
      HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(hearth_predictor_started(predictor, "1", &request, "x", NULL),
                  HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(hearth_predictor_finished(predictor, "1", 0, -1, -1),
                  HEARTH_BAD_ARG);
  scripted_serve(predictor, "1", NULL, "a");
  CU_ASSERT_EQUAL(hearth_predictor_started(predictor, "1", &request, "a", NULL),
                  HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(hearth_predictor_finished(predictor, "1", 0, -1, -1),
                  HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(hearth_predictor_finished(predictor, "1", 9, -1, -1),
                  HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(hearth_predictor_wait(predictor, "1", 0), HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(hearth_predict_and_warm(predictor, &request, &prediction),
                  HEARTH_OK);
  CU_ASSERT_STRING_EQUAL(prediction.prediction_id, "hearth-1");
  hearth_predictor_destroy(predictor);
  hearth_predictor_destroy(NULL);
}

static void refused(const hearth_predictor_options *options,
                    hearth_status status, const char *why) {
  hearth_predictor *predictor = NULL;
  char err[256] = "";

  CU_ASSERT_EQUAL(
      hearth_predictor_create(options, &predictor, err, sizeof(err)), status);
  CU_ASSERT_PTR_NULL(predictor);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, why));
}

static void test_refused_options(void) {
  static const hearth_model large = {"large", 500, 1, 0, NULL, NULL};
  static const hearth_model nameless = {"", 5, 1, 0, NULL, NULL};
  static const hearth_model negative = {"n", 5, -1, 0, NULL, NULL};
  static const hearth_model weightless = {"w", 0, 1, 0, NULL, NULL};
  hearth_predictor_options options;

  scripted_reset();
  scripted_options(&options, "replay", 200);
  refused(&options, HEARTH_BAD_ARG, "library");
  options.library = scripted_library();
  options.models = &large;
  options.model_count = 1;
  refused(&options, HEARTH_LIMIT, "large needs 500 MB, more than the budget");
  options.models = &nameless;
  refused(&options, HEARTH_BAD_ARG, "has no name");
  options.models = &negative;
  refused(&options, HEARTH_BAD_ARG, "negative load_ms");
  options.models = &weightless;
  refused(&options, HEARTH_BAD_ARG, "memory_mb");
  options.model_count = 0;
  refused(&options, HEARTH_BAD_ARG, "no models");
  options.settings.prediction_threshold = 2;
  refused(&options, HEARTH_BAD_ARG, "prediction_threshold");
  options.orchestrator.load = NULL;
  refused(&options, HEARTH_BAD_ARG, "load and unload");
  hearth_library_close(options.library);
}

static void test_metadata(void) {
  hearth_predictor *predictor = start("replay", 200);
  hearth_model_metadata metadata;

  CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
  CU_ASSERT_EQUAL(
      hearth_predictor_get_model_metadata(predictor, "a", &metadata),
      HEARTH_OK);
  CU_ASSERT_EQUAL(metadata.load_p50_ms, 2000);
  CU_ASSERT_EQUAL(metadata.load_p90_ms, 3000);
  CU_ASSERT_EQUAL(metadata.memory_mb, 100.0);
  CU_ASSERT_EQUAL(metadata.requests, 7);
  CU_ASSERT_EQUAL(metadata.storage_mb, -1.0);
  CU_ASSERT_EQUAL(
      hearth_predictor_get_model_metadata(predictor, NULL, &metadata),
      HEARTH_BAD_ARG);
  hearth_predictor_destroy(predictor);
}

UNIT_MAIN("predictor", UNIT(test_without_an_opinion_it_is_lru),
          UNIT(test_a_failing_plugin_falls_back), UNIT(test_a_prediction_warms),
          UNIT(test_what_the_plugin_is_told), UNIT(test_a_new_catalog),
          UNIT(test_misuse), UNIT(test_refused_options), UNIT(test_metadata))
