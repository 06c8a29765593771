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

/* Two requests on one model: it is given back with the last. */
static void test_a_model_in_use_stays(void) {
  hearth_predictor *predictor = start("replay", 100);
  hearth_request request = scripted_request(NULL, "chat", NULL);

  CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
  CU_ASSERT_EQUAL(hearth_predictor_started(predictor, "1", &request, "a", NULL),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_predictor_started(predictor, "2", &request, "a", NULL),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_predictor_started(predictor, "3", &request, "b", NULL),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_predictor_wait(predictor, "3", 0), HEARTH_DEADLINE);
  CU_ASSERT_EQUAL(
      hearth_predictor_finished(predictor, "1", HEARTH_REQUEST_DONE, -1, -1),
      HEARTH_OK);
  CU_ASSERT_STRING_EQUAL(orchestrator.calls, "load:a ");
  CU_ASSERT_EQUAL(
      hearth_predictor_finished(predictor, "2", HEARTH_REQUEST_FAILED, -1, -1),
      HEARTH_OK);
  CU_ASSERT_STRING_EQUAL(orchestrator.calls, "load:a unload:a load:b ");
  CU_ASSERT_EQUAL(hearth_predictor_wait(predictor, "3", -1), HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_predictor_model_state(predictor, "a"),
                  HEARTH_MODEL_COLD);
  CU_ASSERT_EQUAL(hearth_predictor_model_state(predictor, "b"),
                  HEARTH_MODEL_WARM);
  CU_ASSERT_EQUAL(hearth_predictor_model_state(predictor, "x"), 0);
  hearth_predictor_destroy(predictor);
}

static void test_a_waiting_request_gives_up(void) {
  hearth_predictor *predictor = start("replay", 100);
  hearth_request request = scripted_request(NULL, "chat", NULL);

  CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
  (void)hearth_predictor_started(predictor, "1", &request, "a", NULL);
  (void)hearth_predictor_started(predictor, "2", &request, "b", NULL);
  CU_ASSERT_EQUAL(hearth_predictor_finished(predictor, "2",
                                            HEARTH_REQUEST_CANCELLED, -1, -1),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(
      hearth_predictor_finished(predictor, "1", HEARTH_REQUEST_DONE, -1, -1),
      HEARTH_OK);
  CU_ASSERT_STRING_EQUAL(orchestrator.calls, "load:a ");
  hearth_predictor_destroy(predictor);
}

static void test_a_load_that_fails(void) {
  hearth_predictor *predictor = start("replay", 100);
  hearth_request request = scripted_request(NULL, "chat", NULL);
  hearth_predictor_metrics metrics;
  int32_t found = 0;

  CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
  orchestrator.load_status = HEARTH_NO_MEMORY;
  CU_ASSERT_EQUAL(
      hearth_predictor_started(predictor, "1", &request, "a", &found),
      HEARTH_OK);
  CU_ASSERT_EQUAL(found, HEARTH_MODEL_COLD);
  CU_ASSERT_EQUAL(hearth_predictor_wait(predictor, "1", -1),
                  HEARTH_UNAVAILABLE);
  CU_ASSERT_EQUAL(
      hearth_predictor_finished(predictor, "1", HEARTH_REQUEST_FAILED, -1, -1),
      HEARTH_OK);
  orchestrator.load_status = HEARTH_OK;
  scripted_serve(predictor, "2", NULL, "a");
  hearth_predictor_get_metrics(predictor, &metrics);
  CU_ASSERT_EQUAL(metrics.load_failures, 1);
  CU_ASSERT_EQUAL(metrics.loads_demanded, 2);
  hearth_predictor_destroy(predictor);
}

static void test_a_load_in_the_background(void) {
  hearth_predictor *predictor = start("replay", 100);
  hearth_request request = scripted_request(NULL, "chat", NULL);

  CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
  orchestrator.load_status = HEARTH_BUSY;
  (void)hearth_predictor_started(predictor, "1", &request, "a", NULL);
  CU_ASSERT_EQUAL(hearth_predictor_wait(predictor, "1", 0), HEARTH_DEADLINE);
  CU_ASSERT_EQUAL(hearth_predictor_model_state(predictor, "a"),
                  HEARTH_MODEL_LOADING);
  CU_ASSERT_EQUAL(hearth_predictor_loaded(predictor, "a", HEARTH_BUSY),
                  HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(hearth_predictor_loaded(predictor, "b", HEARTH_OK),
                  HEARTH_BAD_ARG);
  orchestrator.now_ms += 777;
  CU_ASSERT_EQUAL(hearth_predictor_loaded(predictor, "a", HEARTH_OK),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_predictor_wait(predictor, "1", -1), HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_predictor_loaded(predictor, "a", HEARTH_OK),
                  HEARTH_BAD_ARG);
  CU_ASSERT_STRING_EQUAL(scripted.told, "started:a:cold loaded:a:demand ");
  hearth_predictor_destroy(predictor);
}

/* A demanded load takes the lane of one ahead of time. */
static void test_a_demanded_load_cancels(void) {
  hearth_predictor_options options;
  hearth_predictor *predictor;
  hearth_request request = scripted_request("1", "chat", NULL);
  hearth_prediction prediction;

  scripted_reset();
  scripted_options(&options, "replay", 400);
  options.load_lanes = 1;
  predictor = scripted_create(&options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
  orchestrator.load_status = HEARTH_BUSY;
  scripted_plan(HEARTH_REASON_REQUEST, "b", HEARTH_ACTION_WARM, 0.9);
  CU_ASSERT_EQUAL(hearth_predict_and_warm(predictor, &request, &prediction),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(prediction.models[0].state, HEARTH_MODEL_LOADING);
  (void)hearth_predictor_started(predictor, "1", &request, "a", NULL);
  CU_ASSERT_STRING_EQUAL(orchestrator.calls, "load:b unload:b load:a ");
  CU_ASSERT_EQUAL(hearth_predictor_loaded(predictor, "b", HEARTH_OK),
                  HEARTH_BAD_ARG);
  CU_ASSERT_STRING_EQUAL(scripted.told,
                         "started:a:cold load_cancelled:b:prewarm ");
  hearth_predictor_destroy(predictor);
}

static void test_residents_are_taken_over(void) {
  hearth_predictor_options options;
  hearth_predictor *predictor;

  scripted_reset();
  scripted_options(&options, "replay", 200);
  orchestrator.listed[0] = "c";
  orchestrator.listed[1] = "unheard-of";
  orchestrator.listed[2] = "d";
  predictor = scripted_create(&options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
  CU_ASSERT_STRING_EQUAL(orchestrator.calls, "");
  scripted_serve(predictor, "1", NULL, "c");
  CU_ASSERT_STRING_EQUAL(orchestrator.calls, "");
  CU_ASSERT_EQUAL(scripted.pool.resync, 0);
  orchestrator.listed[0] = "a";
  orchestrator.listed[1] = NULL;
  CU_ASSERT_EQUAL(hearth_predictor_resync(predictor), HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_predictor_model_state(predictor, "a"),
                  HEARTH_MODEL_WARM);
  CU_ASSERT_EQUAL(hearth_predictor_model_state(predictor, "c"),
                  HEARTH_MODEL_COLD);
  CU_ASSERT_STRING_EQUAL(orchestrator.calls, "");
  hearth_predictor_destroy(predictor);
}

static void test_the_first_context_tells_the_residents(void) {
  hearth_predictor_options options;
  hearth_predictor *predictor;
  hearth_request request = scripted_request("1", "chat", NULL);
  hearth_prediction prediction;

  scripted_reset();
  scripted_options(&options, "replay", 400);
  orchestrator.listed[0] = "c";
  orchestrator.listed[1] = "d";
  predictor = scripted_create(&options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
  (void)hearth_predict_and_warm(predictor, &request, &prediction);
  CU_ASSERT_EQUAL(scripted.pool.resync, 1);
  CU_ASSERT_EQUAL(scripted.residents, 2);
  CU_ASSERT_EQUAL(scripted.pool.used_mb, 200.0);
  (void)hearth_predict_and_warm(predictor, &request, &prediction);
  CU_ASSERT_EQUAL(scripted.pool.resync, 0);
  CU_ASSERT_EQUAL(scripted.residents, 0);
  hearth_predictor_destroy(predictor);
}

static void test_residents_over_the_budget_leave(void) {
  hearth_predictor_options options;
  hearth_predictor *predictor;

  scripted_reset();
  scripted_options(&options, "replay", 100);
  orchestrator.listed[0] = "c";
  orchestrator.listed[1] = "d";
  predictor = scripted_create(&options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
  CU_ASSERT_STRING_EQUAL(orchestrator.calls, "unload:c ");
  CU_ASSERT_EQUAL(hearth_predictor_model_state(predictor, "d"),
                  HEARTH_MODEL_WARM);
  hearth_predictor_destroy(predictor);
}

UNIT_MAIN("predictor loads", UNIT(test_a_model_in_use_stays),
          UNIT(test_a_waiting_request_gives_up), UNIT(test_a_load_that_fails),
          UNIT(test_a_load_in_the_background),
          UNIT(test_a_demanded_load_cancels),
          UNIT(test_residents_are_taken_over),
          UNIT(test_the_first_context_tells_the_residents),
          UNIT(test_residents_over_the_budget_leave))
