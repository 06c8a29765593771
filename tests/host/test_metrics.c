/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "host-sdk/predictor/metrics.h"
#include "tests/host/scripted.h"
#include "tests/unit.h"

static void test_accuracy_of_started_requests(void) {
  hearth_predictor_options options;
  hearth_predictor *predictor;
  hearth_predictor_metrics metrics;

  scripted_reset();
  scripted_options(&options, "development", 400);
  options.settings.prediction_cache_ttl_seconds = 0;
  predictor = scripted_create(&options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
  hearth_predictor_get_metrics(predictor, &metrics);
  CU_ASSERT_EQUAL(metrics.accuracy, -1.0);
  CU_ASSERT_EQUAL(metrics.cache_hit_rate, -1.0);
  CU_ASSERT_EQUAL(metrics.latency_mean_ms, -1.0);
  scripted_plan(HEARTH_REASON_REQUEST, "a", HEARTH_ACTION_KEEP, 0.9);
  scripted_plan(HEARTH_REASON_REQUEST, "b", HEARTH_ACTION_KEEP, 0.6);
  scripted_plan(HEARTH_REASON_REQUEST, "c", HEARTH_ACTION_KEEP, 0.4);
  scripted_serve(predictor, "1", "u", "a");
  scripted_serve(predictor, "2", "u", "b");
  scripted_serve(predictor, "3", "u", "c"); /* under the threshold */
  scripted_serve(predictor, "4", "u", "d");
  hearth_predictor_get_metrics(predictor, &metrics);
  CU_ASSERT_EQUAL(metrics.total_predictions, 4);
  CU_ASSERT_EQUAL(metrics.judged, 4);
  CU_ASSERT_EQUAL(metrics.accuracy, 0.5);
  CU_ASSERT_EQUAL(metrics.accuracy_first, 0.25);
  hearth_predictor_destroy(predictor);
}

static void test_feedback_judges_once(void) {
  hearth_predictor_options options;
  hearth_predictor *predictor;
  hearth_predictor_metrics metrics;
  hearth_prediction prediction;
  hearth_request request = scripted_request("1", "chat", "u");

  scripted_reset();
  scripted_options(&options, "replay", 400);
  predictor = scripted_create(&options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
  scripted_plan(HEARTH_REASON_REQUEST, "a", HEARTH_ACTION_KEEP, 0.9);
  for (int i = 0; i < 2; ++i) {
    (void)hearth_predict_and_warm(predictor, &request, &prediction);
    CU_ASSERT_EQUAL(
        hearth_predictor_record_prediction_outcome(predictor, "1", 1, "a"),
        HEARTH_OK);
  }
  request.id = "2";
  (void)hearth_predict_and_warm(predictor, &request, &prediction);
  CU_ASSERT_EQUAL(
      hearth_predictor_record_prediction_outcome(predictor, "2", 0, NULL),
      HEARTH_OK);
  CU_ASSERT_EQUAL(
      hearth_predictor_record_prediction_outcome(predictor, "?", 1, "a"),
      HEARTH_OK);
  CU_ASSERT_EQUAL(
      hearth_predictor_record_prediction_outcome(predictor, NULL, 1, "a"),
      HEARTH_BAD_ARG);
  hearth_predictor_get_metrics(predictor, &metrics);
  CU_ASSERT_EQUAL(metrics.judged, 2);
  CU_ASSERT_EQUAL(metrics.accuracy, 0.5);
  CU_ASSERT_STRING_EQUAL(scripted.told,
                         "feedback:a feedback:a feedback: feedback:a ");
  hearth_predictor_destroy(predictor);
}

/* Each reading of the clock moves it by a step, so a prediction takes one. */
static void test_latency_by_the_clock(void) {
  hearth_predictor_options options;
  hearth_predictor *predictor;
  hearth_predictor_metrics metrics;
  hearth_prediction prediction;
  hearth_request request = scripted_request("1", "chat", "u");

  scripted_reset();
  scripted_options(&options, "replay", 400);
  predictor = scripted_create(&options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
  for (uint64_t ms = 1; ms <= 20; ++ms) {
    orchestrator.monotonic_step = ms * 1000000;
    (void)hearth_predict_and_warm(predictor, &request, &prediction);
  }
  hearth_predictor_get_metrics(predictor, &metrics);
  CU_ASSERT_EQUAL(metrics.latency_mean_ms, 10.5);
  CU_ASSERT_EQUAL(metrics.latency_p95_ms, 20.0);
  hearth_predictor_destroy(predictor);
}

static void test_health_follows_the_last_predictions(void) {
  static hearth__metrics metrics;
  hearth_health health;

  memset(&metrics, 0, sizeof(metrics));
  hearth__metrics_health(&metrics, 3.5, &health);
  CU_ASSERT_STRING_EQUAL(health.status, "healthy");
  CU_ASSERT_EQUAL(health.accuracy, -1.0);
  CU_ASSERT_EQUAL(health.memory_mb, 3.5);
  CU_ASSERT_EQUAL(health.last_prediction_ms, -1);
  for (int i = 0; i < 19; ++i) {
    hearth__metrics_judge(&metrics, 0, 0);
  }
  hearth__metrics_health(&metrics, 0, &health);
  CU_ASSERT_EQUAL(health.healthy, 1); /* too few to say */
  hearth__metrics_judge(&metrics, 0, 0);
  hearth__metrics_health(&metrics, 0, &health);
  CU_ASSERT_EQUAL(health.healthy, 0);
  CU_ASSERT_STRING_EQUAL(health.status, "degraded");
  CU_ASSERT_EQUAL(health.accuracy, 0.0);
  for (int i = 0; i < 128; ++i) {
    hearth__metrics_judge(&metrics, i % 10 < 8, 0);
  }
  hearth__metrics_health(&metrics, 0, &health);
  CU_ASSERT_EQUAL(health.healthy, 1);
  CU_ASSERT(health.accuracy > 0.7);
}

static void test_latencies_are_of_the_last(void) {
  static hearth__metrics metrics;
  hearth_predictor_metrics out;

  memset(&metrics, 0, sizeof(metrics));
  for (int i = 0; i < HEARTH__LATENCIES; ++i) {
    hearth__metrics_latency(&metrics, 9000000);
  }
  for (int i = 0; i < HEARTH__LATENCIES; ++i) {
    hearth__metrics_latency(&metrics, 2000000);
  }
  hearth__metrics_read(&metrics, 0, &out);
  CU_ASSERT_EQUAL(out.latency_mean_ms, 2.0);
  CU_ASSERT_EQUAL(out.latency_p95_ms, 2.0);
}

UNIT_MAIN("predictor metrics", UNIT(test_accuracy_of_started_requests),
          UNIT(test_feedback_judges_once), UNIT(test_latency_by_the_clock),
          UNIT(test_health_follows_the_last_predictions),
          UNIT(test_latencies_are_of_the_last))
