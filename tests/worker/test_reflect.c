/* SPDX-License-Identifier: MIT
   The functions that a plugin in a worker reflects, called and traced. */
#include <stdio.h>
#include <string.h>

#include "hearth/ext/reflect.h"
#include "host-sdk/reflect/message.h"
#include "host-sdk/reflect/trace.h"
#include "tests/unit.h"
#include "tests/worker/scene.h"

static char err[512];

/* Call `function`, whose arguments are msgpack in `args`; *answer lives in
   *out. */
static hearth_status reflect(hearth_instance *instance, const char *function,
                             const char *args, hearth_output *out,
                             hearth__answer *answer) {
  char text[64];
  int len = snprintf(text, sizeof(text), "\x82\xa8%s%c%s\xa4%s%s", "function",
                     (int)(0xa0 + strlen(function)), function, "args", args);
  hearth_bytes request = {(const uint8_t *)text, (uint64_t)len};
  hearth_call call = {sizeof(call), 0, 0, 0, err, sizeof(err)};
  hearth_status status;

  err[0] = 0;
  status = hearth_worker_reflect(instance, &call, request, out);
  if (status == HEARTH_OK) {
    status = hearth__answer_read(scene_bytes(out), answer, err, sizeof(err));
  } else {
    CU_ASSERT_EQUAL(out->len, 0);
    CU_ASSERT(strlen(err) > 0);
  }
  return status;
}

/* What it counts after so many more. */
static int sum(hearth_instance *instance, const char *args) {
  hearth_output out = {0};
  hearth__answer answer = {0};
  int result = -1;

  CU_ASSERT_EQUAL(reflect(instance, "add", args, &out, &answer), HEARTH_OK);
  if (answer.result.len == 1) {
    result = answer.result.data[0]; /* a small number is itself */
  }
  hearth_output_free(&out);
  return result;
}

static void await_snapshots(hearth_instance *instance, uint64_t count) {
  hearth_worker_info info = {0};

  for (int i = 0; i < 60000 && info.snapshots < count; ++i) {
    (void)hearth_worker_get_info(instance, &info);
    scene_pause(1);
  }
  CU_ASSERT(info.snapshots >= count);
}

static void test_calls(void) {
  hearth_instance *instance =
      scene_worker_instance(scene_misbehaving("worker_reflects"), NULL);
  hearth_output out = {0};
  hearth__answer answer = {0};
  const hearth_reflect *list;

  CU_ASSERT_PTR_NOT_NULL_FATAL(instance);
  list = hearth_instance_get_extension(instance, HEARTH_EXT_REFLECT,
                                       sizeof(*list));
  CU_ASSERT_PTR_NOT_NULL_FATAL(list);
  CU_ASSERT_EQUAL_FATAL(list->count, 4);
  CU_ASSERT_STRING_EQUAL(list->functions[0].name, "add");
  CU_ASSERT_STRING_EQUAL(list->functions[0].signature, "u(pu)");
  CU_ASSERT_PTR_NULL(list->functions[0].pointer);
  CU_ASSERT_PTR_NULL(list->functions[2].help);
  CU_ASSERT_EQUAL(sum(instance, "\x91\x05"), 5);
  CU_ASSERT_EQUAL(sum(instance, "\x91\x02"), 7);
  /* A status of the function's own stands in the answer. */
  CU_ASSERT_EQUAL(reflect(instance, "refuse", "\x90", &out, &answer),
                  HEARTH_OK);
  CU_ASSERT(answer.has_status && answer.status == HEARTH_CRASHED);
  CU_ASSERT_EQUAL(reflect(instance, "zebra", "\x90", &out, &answer),
                  HEARTH_UNSUPPORTED);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "zebra"));
  CU_ASSERT_EQUAL(reflect(instance, "add", "\x90", &out, &answer),
                  HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(hearth_worker_reflect(instance, NULL,
                                        (hearth_bytes){NULL, 0}, &out),
                  HEARTH_BAD_PAYLOAD);
  hearth_instance_destroy(instance);
  hearth_output_free(&out);
}

static void test_crash_and_hang(void) {
  hearth_worker_options options = scene_options();
  hearth_instance *instance;
  hearth_output out = {0};
  hearth__answer answer = {0};

  instance =
      scene_worker_instance(scene_misbehaving("worker_reflects"), &options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(instance);
  CU_ASSERT_EQUAL(sum(instance, "\x91\x05"), 5);
  await_snapshots(instance, 1);
  CU_ASSERT_EQUAL(reflect(instance, "crash", "\x90", &out, &answer),
                  HEARTH_CRASHED);
  CU_ASSERT(scene_await_starts(instance, 2));
  CU_ASSERT_EQUAL(sum(instance, "\x91\x01"), 6);
  hearth_instance_destroy(instance);
  options.control_ms = 2000;
  instance =
      scene_worker_instance(scene_misbehaving("worker_reflects"), &options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(instance);
  CU_ASSERT_EQUAL(reflect(instance, "hang", "\x90", &out, &answer),
                  HEARTH_DEADLINE);
  hearth_instance_destroy(instance);
  hearth_output_free(&out);
}

static void test_refusals(void) {
  hearth_library *library = NULL;
  hearth_instance *instance;
  hearth_output out = {0};
  hearth_bytes none = {NULL, 0};

  CU_ASSERT_EQUAL(hearth_worker_reflect(NULL, NULL, none, &out),
                  HEARTH_BAD_ARG);
  instance = scene_worker_instance(scene_misbehaving("good"), NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(instance);
  CU_ASSERT_EQUAL(hearth_worker_reflect(instance, NULL, none, NULL),
                  HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(hearth_worker_reflect(instance, NULL, none, &out),
                  HEARTH_UNSUPPORTED);
  hearth_instance_destroy(instance);
  CU_ASSERT_EQUAL_FATAL(
      hearth_library_open(unit_build(scene_misbehaving("worker_reflects")),
                          NULL, &library, NULL, 0),
      HEARTH_OK);
  instance = scene_instance(library);
  CU_ASSERT_PTR_NOT_NULL_FATAL(instance);
  CU_ASSERT_EQUAL(hearth_worker_reflect(instance, NULL, none, &out),
                  HEARTH_UNSUPPORTED);
  hearth_instance_destroy(instance);
}

static void keep(void *user, const hearth__trace_event *event) {
  if (strcmp(event->function, "record_outcome") == 0) {
    *(hearth_status *)user = event->status;
  }
}

/* What only a worker's host says, a trace passes on. */
static void test_a_traced_crash(void) {
  hearth_status seen = HEARTH_OK;
  const hearth__trace_options options = {keep, &seen, 0};
  hearth_worker_options slow = scene_options();
  hearth_bytes poison = {(const uint8_t *)"poison", 6};
  hearth_bytes question = {(const uint8_t *)"?", 1};
  hearth_library *library, *traced = NULL;
  hearth_instance *instance = NULL;
  hearth__tracer *tracer = NULL;
  hearth_output out = {0};

  slow.backoff_first_ms = slow.backoff_max_ms = 600000; /* down it stays */
  library = scene_worker(scene_misbehaving("worker_poisoned"), &slow);
  CU_ASSERT_PTR_NOT_NULL_FATAL(library);
  CU_ASSERT_EQUAL_FATAL(hearth__traced_library(library, &options, &tracer,
                                               &traced, err, sizeof(err)),
                        HEARTH_OK);
  hearth_library_close(library);
  CU_ASSERT_EQUAL_FATAL(
      hearth_instance_create(traced, NULL, &instance, NULL, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_instance_record_outcome(instance, NULL, poison),
                  HEARTH_CRASHED);
  CU_ASSERT_EQUAL(seen, HEARTH_CRASHED);
  CU_ASSERT_EQUAL(
      hearth_instance_prepare_models(instance, NULL, question, &out),
      HEARTH_UNAVAILABLE);
  hearth_instance_destroy(instance);
  hearth_library_close(traced);
  hearth__tracer_free(tracer);
  hearth_output_free(&out);
}

UNIT_MAIN("reflected in a worker", UNIT(test_calls), UNIT(test_crash_and_hang),
          UNIT(test_refusals), UNIT(test_a_traced_crash))
