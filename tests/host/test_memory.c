/* SPDX-License-Identifier: MIT
   Every allocation of the SDK fails once; nothing crashes, leaks or gets lost.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/host/fail.h"
#include "tests/host/plugins.h"
#include "tests/host/scripted.h"
#include "tests/unit.h"

/* Run `act` with the first allocation failing, then the second, ... until it
   needs no more. */
static void with_every_failure(void (*act)(void)) {
  unsigned long nth = 0;
  int failed = 1;

  while (failed && nth < 10000) {
    fail_at(++nth);
    act();
    failed = fail_happened();
  }
  CU_ASSERT(!failed);
  CU_ASSERT(nth > 1);
}

static void open_and_ask(void) {
  hearth_library *library = NULL;
  hearth_instance *instance = NULL;
  hearth_output output = {0};
  char err[512] = "";
  hearth_status status = hearth_library_open(plugin_path("good"), NULL,
                                             &library, err, sizeof(err));

  if (status == HEARTH_OK) {
    status = hearth_instance_create(library, NULL, &instance, err, sizeof(err));
  }
  CU_ASSERT(status == HEARTH_OK || status == HEARTH_NO_MEMORY);
  CU_ASSERT(status == HEARTH_OK || strlen(err) > 0);
  if (status == HEARTH_OK) {
    status = hearth_instance_prepare_models(instance, NULL, bytes_of("xyz"),
                                            &output);
  }
  CU_ASSERT(status == HEARTH_OK || status == HEARTH_NO_MEMORY);
  CU_ASSERT_EQUAL(output.len, status == HEARTH_OK ? 3 : 0);
  hearth_output_free(&output);
  hearth_instance_destroy(instance);
  hearth_library_close(library);
}

static void test_library_and_instance(void) {
  with_every_failure(open_and_ask);
}

static void convert(void) {
  hearth_request request = scripted_request("id", "chat", "u"), *back = NULL;
  hearth_prediction prediction = {0}, *again = NULL;
  hearth_output output = {0};
  hearth_status status = hearth_request_to_context(&request, 1, &output);

  if (status == HEARTH_OK) {
    status = hearth_request_from_context(
        (hearth_bytes){output.data, output.len}, &back, NULL, 0);
  }
  CU_ASSERT(status == HEARTH_OK || status == HEARTH_NO_MEMORY);
  status = hearth_prediction_to_model_set(&prediction, &output);
  if (status == HEARTH_OK) {
    status = hearth_prediction_from_model_set(
        (hearth_bytes){output.data, output.len}, &again, NULL, 0);
  }
  CU_ASSERT(status == HEARTH_OK || status == HEARTH_NO_MEMORY);
  free(back);
  free(again);
  hearth_output_free(&output);
}

static void test_conversions(void) {
  with_every_failure(convert);
}

static hearth_library *library_of_predictor;

/* A whole life.  Requests that can't be booked are refused; what was loaded and
   unloaded stays within the budget. */
static void live(void) {
  static const hearth_model more[] = {{"b", 100, 10, 0, "g", NULL},
                                      {"new", 50, 10, 0, "h", NULL}};
  hearth_predictor_options options;
  hearth_predictor *predictor = NULL;
  hearth_request request = scripted_request("1", "chat", "u");
  hearth_prediction prediction;
  hearth_model_metadata metadata;
  hearth_status status;
  char err[256] = "";

  scripted_options(&options, "development", 200);
  options.settings.seed = 5;
  options.library = library_of_predictor;
  status = hearth_predictor_create(&options, &predictor, err, sizeof(err));
  CU_ASSERT(status == HEARTH_OK || strlen(err) > 0);
  if (status != HEARTH_OK) {
    return;
  }
  for (int i = 0; i < 3; ++i) {
    (void)hearth_predict_and_warm(predictor, &request, &prediction);
  }
  status = hearth_predictor_started(predictor, "1", &request, "b", NULL);
  CU_ASSERT(status == HEARTH_OK || status == HEARTH_NO_MEMORY);
  if (status == HEARTH_OK) {
    CU_ASSERT_EQUAL(hearth_predictor_finished(predictor, "1", 0, 1, 1),
                    HEARTH_OK);
  }
  (void)hearth_predictor_get_model_metadata(predictor, "a", &metadata);
  (void)hearth_predictor_resync(predictor);
  (void)hearth_predictor_set_models(predictor, more, 2, err, sizeof(err));
  (void)fail_happened(); /* and now there is memory again */
  CU_ASSERT_EQUAL(
      hearth_predictor_set_models(predictor, more, 2, err, sizeof(err)),
      HEARTH_OK);
  scripted_serve(predictor, "2", "u", "new");
  hearth_predictor_destroy(predictor);
}

static void test_predictor(void) {
  scripted_reset();
  scripted_plan(HEARTH_REASON_REQUEST, "a", HEARTH_ACTION_WARM, 0.9);
  scripted_plan(HEARTH_REASON_SETTLED, "b", HEARTH_ACTION_KEEP, 0.9);
  orchestrator.listed[0] = "c";
  library_of_predictor = scripted_library();
  with_every_failure(live);
  hearth_library_close(library_of_predictor);
}

UNIT_MAIN("host memory", UNIT(test_library_and_instance),
          UNIT(test_conversions), UNIT(test_predictor))
