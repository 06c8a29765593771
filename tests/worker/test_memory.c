/* SPDX-License-Identifier: MIT
   Every allocation of the host's for a plugin in a worker fails once. */
#include <string.h>
#include <sys/wait.h>

#include "tests/host/fail.h"
#include "tests/unit.h"
#include "tests/worker/scene.h"

enum { MOST = 400 };

static const hearth_bytes in = {(const uint8_t *)"?", 1};

static const char *plugin(void) {
  return unit_build(scene_misbehaving("worker_reflects"));
}

static void test_open(void) {
  hearth_worker_options options = scene_options();
  int happened = 1;

  for (unsigned long n = 1; happened && n < MOST; ++n) {
    hearth_library *library = NULL;
    char err[512] = "";
    hearth_status status;

    fail_at(n);
    status =
        hearth_worker_open(plugin(), &options, &library, err, sizeof(err));
    happened = fail_happened();
    if (status == HEARTH_OK) {
      CU_ASSERT_PTR_NOT_NULL_FATAL(library);
      hearth_library_close(library);
    } else {
      CU_ASSERT(happened);
      CU_ASSERT_EQUAL(status, HEARTH_NO_MEMORY);
      CU_ASSERT(strlen(err) > 0);
      CU_ASSERT_PTR_NULL(library);
    }
  }
  CU_ASSERT(!happened);
}

static void test_create(void) {
  hearth_library *library =
      scene_worker(scene_misbehaving("worker_reflects"), NULL);
  int happened = 1;

  CU_ASSERT_PTR_NOT_NULL_FATAL(library);
  for (unsigned long n = 1; happened && n < MOST; ++n) {
    hearth_instance *instance = NULL;
    hearth_status status;

    fail_at(n);
    status = hearth_instance_create(library, NULL, &instance, NULL, 0);
    happened = fail_happened();
    CU_ASSERT(status == HEARTH_OK ||
              (happened && status == HEARTH_NO_MEMORY && !instance));
    hearth_instance_destroy(instance);
  }
  CU_ASSERT(!happened);
  hearth_library_close(library);
}

typedef hearth_status call_function(hearth_instance *, hearth_output *);

static hearth_status prepare(hearth_instance *instance, hearth_output *out) {
  return hearth_instance_prepare_models(instance, NULL, in, out);
}
static hearth_status metadata(hearth_instance *instance, hearth_output *out) {
  return hearth_instance_get_model_metadata(instance, NULL, in, out);
}
static hearth_status predict(hearth_instance *instance, hearth_output *out) {
  return hearth_instance_predict(instance, NULL, in, out);
}
static hearth_status explain(hearth_instance *instance, hearth_output *out) {
  return hearth_instance_explain(instance, NULL, in, out);
}
static hearth_status outcome(hearth_instance *instance, hearth_output *out) {
  (void)out;
  return hearth_instance_record_outcome(instance, NULL, in);
}
static hearth_status catalog(hearth_instance *instance, hearth_output *out) {
  (void)out;
  return hearth_instance_set_catalog(instance, NULL, in);
}
static hearth_status save(hearth_instance *instance, hearth_output *out) {
  return hearth_instance_save_state(instance, NULL, out);
}
static hearth_status load(hearth_instance *instance, hearth_output *out) {
  static const uint8_t eight[8] = {3};

  (void)out;
  return hearth_instance_load_state(instance, NULL,
                                    (hearth_bytes){eight, sizeof(eight)});
}
static hearth_status metric(hearth_instance *instance, hearth_output *out) {
  hearth_metric metric = {0};

  (void)out;
  metric.size = (uint32_t)sizeof(metric);
  return hearth_instance_metric(instance, 0, &metric);
}
static hearth_status reflect(hearth_instance *instance, hearth_output *out) {
  static const char request[] = "\x82\xa8" "function\xa3" "add\xa4" "args\x91\x05";

  return hearth_worker_reflect(
      instance, NULL,
      (hearth_bytes){(const uint8_t *)request, sizeof(request) - 1}, out);
}

/* A process whose answer found no room is ended, and the next one is as good:
   what it must be told then may find no memory either. */
static void call_failing(hearth_instance *instance, call_function *function) {
  int happened = 1;

  for (unsigned long n = 1; happened && n < MOST; ++n) {
    hearth_output out = {0};
    hearth_status status;

    CU_ASSERT_FATAL(scene_await(instance, HEARTH_WORKER_READY));
    fail_at(n);
    status = function(instance, &out);
    happened = fail_happened();
    CU_ASSERT(status == HEARTH_OK || (happened && status == HEARTH_NO_MEMORY));
    hearth_output_free(&out);
  }
  CU_ASSERT(!happened);
}

static void test_calls(void) {
  static call_function *const functions[] = {
      prepare, metadata, predict, explain, outcome,
      catalog, save,     load,    metric,  reflect};
  hearth_worker_options options = scene_options();

  options.snapshot_every_outcomes = 2;
  for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); ++i) {
    hearth_instance *instance =
        scene_worker_instance(scene_misbehaving("worker_reflects"), &options);

    CU_ASSERT_PTR_NOT_NULL_FATAL(instance);
    call_failing(instance, functions[i]);
    hearth_instance_destroy(instance);
  }
  CU_ASSERT_EQUAL(waitpid(-1, NULL, WNOHANG), -1);
}

/* The next process is told what the last one knew while memory is short. */
static void test_restart(void) {
  hearth_worker_options options = scene_options();
  hearth_instance *instance;
  hearth_worker_info info = {0};
  hearth_output out = {0};
  hearth_bytes poison = {(const uint8_t *)"poison", 6};

  options.snapshot_every_outcomes = HEARTH_WORKER_NONE;
  instance =
      scene_worker_instance(scene_misbehaving("worker_poisoned"), &options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(instance);
  CU_ASSERT_EQUAL(hearth_instance_set_catalog(instance, NULL, in), HEARTH_OK);
  for (unsigned long n = 1; n < 40; ++n) {
    CU_ASSERT_EQUAL(outcome(instance, NULL), HEARTH_OK);
    CU_ASSERT_EQUAL(hearth_instance_record_outcome(instance, NULL, poison),
                    HEARTH_CRASHED);
    fail_at(n);
    CU_ASSERT_FATAL(scene_await(instance, HEARTH_WORKER_READY));
    (void)fail_happened();
  }
  CU_ASSERT_EQUAL(prepare(instance, &out), HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_worker_get_info(instance, &info), HEARTH_OK);
  CU_ASSERT(info.starts >= 40);
  hearth_instance_destroy(instance);
  hearth_output_free(&out);
}

UNIT_MAIN("worker without memory", UNIT(test_open), UNIT(test_create),
          UNIT(test_calls), UNIT(test_restart))
