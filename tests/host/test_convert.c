/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hearth/predictor.h"
#include "tests/host/plugins.h"
#include "tests/unit.h"

static const char *const activities[] = {"opened main.c", NULL, "typed"};
static const char *const changes[] = {"main.c"};
static const hearth_preference preferences[] = {{"style", "terse"},
                                                {NULL, "lost"}};

static hearth_request full_request(void) {
  hearth_request request;

  hearth_request_init(&request);
  request.id = "r-1";
  request.task = "refactoring";
  request.input_length = 1234;
  request.complexity = HEARTH_INPUT_COMPLEX;
  request.priority = HEARTH_URGENCY_CRITICAL;
  request.acceptable_latency_ms = 500;
  request.preferred_hardware = "gpu";
  request.user.id = "ann";
  request.user.session_id = "s";
  request.user.session_ms = 60000;
  request.user.recent_activities = activities;
  request.user.recent_activity_count = 3;
  request.user.preferences = preferences;
  request.user.preference_count = 2;
  request.project.id = "p";
  request.project.language = "c";
  request.project.size_lines = 5000;
  request.project.complexity_score = 0.5;
  request.project.recent_changes = changes;
  request.project.recent_change_count = 1;
  return request;
}

static void test_a_request_there_and_back(void) {
  hearth_request request = full_request(), *back = NULL;
  hearth_output output = {0};
  char err[256] = "";

  CU_ASSERT_EQUAL(hearth_request_to_context(&request, 42, &output), HEARTH_OK);
  CU_ASSERT_EQUAL_FATAL(
      hearth_request_from_context((hearth_bytes){output.data, output.len},
                                  &back, err, sizeof(err)),
      HEARTH_OK);
  memset(output.data, 0, output.len); /* the copy stands alone */
  CU_ASSERT_STRING_EQUAL(back->id, "r-1");
  CU_ASSERT_STRING_EQUAL(back->task, "refactoring");
  CU_ASSERT_EQUAL(back->input_length, 1234);
  CU_ASSERT_EQUAL(back->complexity, HEARTH_INPUT_COMPLEX);
  CU_ASSERT_EQUAL(back->priority, HEARTH_URGENCY_CRITICAL);
  CU_ASSERT_EQUAL(back->acceptable_latency_ms, 500);
  CU_ASSERT_STRING_EQUAL(back->preferred_hardware, "gpu");
  CU_ASSERT_EQUAL(back->intent, 0);
  CU_ASSERT_STRING_EQUAL(back->user.id, "ann");
  CU_ASSERT_STRING_EQUAL(back->user.session_id, "s");
  CU_ASSERT_EQUAL(back->user.session_ms, 60000);
  CU_ASSERT_EQUAL_FATAL(back->user.recent_activity_count, 2);
  CU_ASSERT_STRING_EQUAL(back->user.recent_activities[1], "typed");
  CU_ASSERT_EQUAL_FATAL(back->user.preference_count, 1);
  CU_ASSERT_STRING_EQUAL(back->user.preferences[0].value, "terse");
  CU_ASSERT_STRING_EQUAL(back->project.language, "c");
  CU_ASSERT_EQUAL(back->project.size_lines, 5000);
  CU_ASSERT_EQUAL(back->project.complexity_score, 0.5);
  CU_ASSERT_EQUAL_FATAL(back->project.recent_change_count, 1);
  CU_ASSERT_STRING_EQUAL(back->project.recent_changes[0], "main.c");
  free(back);
  hearth_output_free(&output);
}

/* Values that no message may hold become unknown. */
static void test_strange_values_are_unknown(void) {
  hearth_request request, *back = NULL;
  hearth_output output = {0};

  hearth_request_init(&request);
  request.complexity = 99;
  request.priority = -3;
  request.input_length = -77;
  request.user.session_ms = INT64_MIN;
  request.project.complexity_score = NAN;
  request.intent = 1;
  CU_ASSERT_EQUAL(hearth_request_to_context(&request, 42, &output), HEARTH_OK);
  CU_ASSERT_EQUAL_FATAL(
      hearth_request_from_context((hearth_bytes){output.data, output.len},
                                  &back, NULL, 0),
      HEARTH_OK);
  CU_ASSERT_PTR_NULL(back->id);
  CU_ASSERT_EQUAL(back->complexity, 0);
  CU_ASSERT_EQUAL(back->priority, 0);
  CU_ASSERT_EQUAL(back->input_length, -1);
  CU_ASSERT_EQUAL(back->user.session_ms, -1);
  CU_ASSERT_EQUAL(back->project.complexity_score, -1.0);
  CU_ASSERT_EQUAL(back->intent, 1);
  free(back);
  hearth_output_free(&output);
}

static void test_a_prediction_there_and_back(void) {
  hearth_prediction prediction = {0}, *back = NULL;
  hearth_output output = {0};

  strcpy(prediction.prediction_id, "r-1");
  prediction.confidence_score = 0.75;
  prediction.count = 2;
  prediction.cold_starts_avoided = 1.5;
  prediction.wait_saved_ms = 900;
  prediction.memory_mb = prediction.cpu_percent = -1;
  prediction.models[0] = (hearth_predicted_model){"a", 0.9, 0.8, 1000, 1, 3};
  prediction.models[1] = (hearth_predicted_model){"b", -1, -1, -1, 0, 0};
  CU_ASSERT_EQUAL(hearth_prediction_to_model_set(&prediction, &output),
                  HEARTH_OK);
  CU_ASSERT_EQUAL_FATAL(
      hearth_prediction_from_model_set((hearth_bytes){output.data, output.len},
                                       &back, NULL, 0),
      HEARTH_OK);
  memset(output.data, 0, output.len);
  CU_ASSERT_STRING_EQUAL(back->prediction_id, "r-1");
  CU_ASSERT_EQUAL(back->confidence_score, 0.75);
  CU_ASSERT_EQUAL_FATAL(back->count, 2);
  CU_ASSERT_EQUAL(back->cold_starts_avoided, 1.5);
  CU_ASSERT_EQUAL(back->wait_saved_ms, 900.0);
  CU_ASSERT_EQUAL(back->memory_mb, -1.0);
  CU_ASSERT_STRING_EQUAL(back->models[0].model, "a");
  CU_ASSERT_EQUAL(back->models[0].confidence, 0.9);
  CU_ASSERT_EQUAL(back->models[0].p_next, 0.8);
  CU_ASSERT_EQUAL(back->models[0].expected_load_ms, 1000);
  CU_ASSERT_EQUAL(back->models[0].warm, 1);
  CU_ASSERT_EQUAL(back->models[0].state, 0);
  CU_ASSERT_STRING_EQUAL(back->models[1].model, "b");
  CU_ASSERT_EQUAL(back->models[1].confidence, -1.0);
  CU_ASSERT_EQUAL(back->models[1].warm, 0);
  free(back);
  prediction.count = HEARTH_PREDICTION_CAP + 1;
  CU_ASSERT_EQUAL(hearth_prediction_to_model_set(&prediction, &output),
                  HEARTH_BAD_ARG);
  hearth_output_free(&output);
}

static void test_broken_messages_name_the_key(void) {
  hearth_request *request = NULL;
  hearth_prediction *prediction = NULL;
  char err[256] = "";

  CU_ASSERT_EQUAL(
      hearth_request_from_context(bytes_of("\x80"), &request, err, sizeof(err)),
      HEARTH_BAD_PAYLOAD);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "now_ms"));
  CU_ASSERT_PTR_NULL(request);
  CU_ASSERT_EQUAL(
      hearth_prediction_from_model_set(bytes_of("\x81\xa6models\x07"),
                                       &prediction, err, sizeof(err)),
      HEARTH_BAD_PAYLOAD);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "models"));
  CU_ASSERT_PTR_NULL(prediction);
}

UNIT_MAIN("conversions", UNIT(test_a_request_there_and_back),
          UNIT(test_strange_values_are_unknown),
          UNIT(test_a_prediction_there_and_back),
          UNIT(test_broken_messages_name_the_key))
