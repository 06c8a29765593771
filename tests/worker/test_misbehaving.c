/* SPDX-License-Identifier: MIT
   Plugins that do their worst in a worker: the host answers every request by
   the least recently used, and goes on. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit.h"
#include "tests/worker/scene.h"

static hearth_status load(void *user, const char *model) {
  (void)model;
  ++*(int *)user;
  return HEARTH_OK;
}

static void unload(void *user, const char *model) {
  (void)user;
  (void)model;
}

static hearth_predictor *predictor_of(hearth_library *library, int *loads) {
  static const hearth_model models[] = {{"a", 100, 1000, 0, NULL, NULL},
                                        {"b", 100, 1000, 0, NULL, NULL},
                                        {"c", 100, 1000, 0, NULL, NULL}};
  hearth_predictor_options options = {0};
  hearth_predictor *predictor = NULL;
  char err[512] = "";

  options.library = library;
  options.models = models;
  options.model_count = 3;
  options.orchestrator.load = load;
  options.orchestrator.unload = unload;
  options.orchestrator.user = loads;
  (void)hearth_settings_init(&options.settings, "replay");
  options.budget_mb = 200;
  options.load_lanes = 1;
  (void)hearth_predictor_create(&options, &predictor, err, sizeof(err));
  hearth_library_close(library);
  return predictor;
}

/* One request through all its steps; 1 if the default answered. */
static int request(hearth_predictor *predictor, const char *model) {
  static hearth_prediction prediction;
  hearth_request asked;
  int32_t found = 0;

  hearth_request_init(&asked);
  asked.task = "chat";
  CU_ASSERT_EQUAL(hearth_predict_and_warm(predictor, &asked, &prediction),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_predictor_started(predictor, prediction.prediction_id,
                                           &asked, model, &found),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(
      hearth_predictor_wait(predictor, prediction.prediction_id, -1),
      HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_predictor_finished(predictor, prediction.prediction_id,
                                            HEARTH_REQUEST_DONE, 10, 10),
                  HEARTH_OK);
  return prediction.fallback;
}

static hearth_worker_options quick(void) {
  hearth_worker_options options = scene_options();

  options.deadline_ms = 100;
  options.grace_ms = 5;
  options.memory_limit_mb = 256;
  return options;
}

/* Requests go on while it fails over and over; the least recently used model
   goes when there is no room; then it is replaced, and things are normal. */
static void survive(const char *name) {
  static const char *const turns[] = {"a", "b", "c", "a", "b", "c"};
  hearth_worker_options options = quick();
  hearth_library *library = scene_worker(scene_misbehaving(name), &options);
  hearth_predictor *predictor;
  hearth_predictor_metrics metrics;
  int loads = 0;

  CU_ASSERT_PTR_NOT_NULL_FATAL(library);
  predictor = predictor_of(library, &loads);
  CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
  for (int i = 0; i < 6; ++i) {
    CU_ASSERT_EQUAL(request(predictor, turns[i]), 1);
    CU_ASSERT_EQUAL(hearth_predictor_model_state(predictor, turns[i]),
                    HEARTH_MODEL_WARM);
  }
  hearth_predictor_get_metrics(predictor, &metrics);
  CU_ASSERT_EQUAL(metrics.fallbacks, 6);
  CU_ASSERT(metrics.plugin_failures >= 6);
  CU_ASSERT_EQUAL(loads, 6); /* each time the one that was longest unused */
  library = NULL;
  CU_ASSERT_EQUAL_FATAL(
      hearth_library_open(unit_build("plugin/reference/.libs/hearth-markov.so"),
                          NULL, &library, NULL, 0),
      HEARTH_OK);
  CU_ASSERT_EQUAL(
      hearth_predictor_swap(predictor, library, NULL, NULL, NULL, 0),
      HEARTH_OK);
  hearth_library_close(library);
  for (int i = 0; i < 6; ++i) {
    (void)request(predictor, turns[i]);
  }
  hearth_predictor_get_metrics(predictor, &metrics);
  CU_ASSERT_EQUAL(request(predictor, "a"), 0);
  hearth_predictor_destroy(predictor);
}

static void test_segfault(void) {
  survive("worker_segfault");
}
static void test_loops(void) {
  survive("worker_loops");
}
static void test_eats(void) {
  survive("worker_eats");
}
static void test_closes(void) {
  survive("worker_closes");
}
static void test_garbage(void) {
  survive("worker_garbage");
}
static void test_exits(void) {
  survive("worker_exits");
}

/* One that never answers costs each call its deadline, not more; the bound is
   ten times what it may cost, for a machine that has other work. */
static void test_calls_end_in_time(void) {
  enum { DEADLINE_MS = 200, GRACE_MS = 20, CALLS = 5 };
  hearth_worker_options options = quick();
  hearth_instance *instance;
  hearth_worker_info info = {0};
  hearth_output answer = {0};
  hearth_bytes in = {(const uint8_t *)"x", 1};
  uint64_t most = 0;

  options.deadline_ms = DEADLINE_MS;
  options.grace_ms = GRACE_MS;
  instance = scene_worker_instance(scene_misbehaving("worker_loops"), &options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(instance);
  (void)alarm(300);
  for (uint64_t i = 0; i < CALLS; ++i) {
    uint64_t began, took;

    CU_ASSERT(scene_await_starts(instance, i + 1));
    began = hearth_monotonic_ns();
    CU_ASSERT_EQUAL(hearth_instance_prepare_models(instance, NULL, in, &answer),
                    HEARTH_DEADLINE);
    took = hearth_monotonic_ns() - began;
    CU_ASSERT(took >= (uint64_t)DEADLINE_MS * 1000000);
    most = took > most ? took : most;
  }
  (void)alarm(0);
  CU_ASSERT(most < (uint64_t)10 * (DEADLINE_MS + GRACE_MS) * 1000000);
  CU_ASSERT(scene_await_starts(instance, CALLS + 1));
  (void)hearth_worker_get_info(instance, &info);
  CU_ASSERT_EQUAL(info.overdue_kills, CALLS);
  CU_ASSERT_EQUAL(info.crashes + info.late_answers, 0);
  hearth_instance_destroy(instance);
  hearth_output_free(&answer);
}

/* This process is the parent of those that lost theirs: each was killed, none
   went on to its end. */
static void no_orphan_lived(int expected) {
  int status, found = 0;
  pid_t got;

  (void)alarm(300);
  while ((got = waitpid(-1, &status, 0)) > 0 || (got < 0 && errno == EINTR)) {
    CU_ASSERT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    ++found;
  }
  (void)alarm(0);
  CU_ASSERT_EQUAL(found, expected);
}

/* Where processes are refused, nothing came of it; under a sanitizer the child
   is killed with its group, whether its parent was or ended by itself. */
static void test_forks(void) {
  hearth_instance *instance =
      scene_worker_instance(scene_misbehaving("worker_forks"), NULL);
  hearth_worker_info info = {0};
  hearth_output answer = {0};
  hearth_bytes in = {(const uint8_t *)"x", 1};

  CU_ASSERT_PTR_NOT_NULL_FATAL(instance);
  CU_ASSERT_EQUAL_FATAL(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
  for (int i = 0; i < 4; ++i) {
    CU_ASSERT_EQUAL(hearth_worker_get_info(instance, &info), HEARTH_OK);
    CU_ASSERT_EQUAL(hearth_instance_prepare_models(instance, NULL, in, &answer),
                    HEARTH_OK);
    CU_ASSERT(answer.len &&
              memcmp(answer.data, info.no_processes ? "refused" : "forked",
                     answer.len) == 0);
    if (i == 1) { /* the others' parent ends by itself */
      CU_ASSERT_EQUAL_FATAL(kill(info.pid, SIGKILL), 0);
      /* A child has the socket too, so that its end does not show at once. */
      CU_ASSERT_EQUAL(
          hearth_instance_prepare_models(instance, NULL, in, &answer),
          info.no_processes ? HEARTH_CRASHED : HEARTH_DEADLINE);
      CU_ASSERT(scene_await_starts(instance, 2));
    }
  }
  hearth_instance_destroy(instance);
  no_orphan_lived(info.no_processes ? 0 : 4);
  (void)prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
  hearth_output_free(&answer);
  CU_ASSERT_EQUAL(hearth_worker_get_info(NULL, &info), HEARTH_UNSUPPORTED);
}

static void test_dies_in_a_constructor(void) {
  hearth_worker_options options = quick();
  hearth_library *library = NULL;
  char err[512] = "";

  CU_ASSERT_EQUAL(
      hearth_worker_open(unit_build(scene_misbehaving("worker_dies_early")),
                         &options, &library, err, sizeof(err)),
      HEARTH_CRASHED);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "ended before the plugin was loaded"));
  CU_ASSERT_PTR_NULL(library);
}

static void test_aborts_in_create(void) {
  hearth_library *library =
      scene_worker(scene_misbehaving("worker_aborts"), NULL);
  hearth_instance *instance = NULL;
  char err[512] = "";

  CU_ASSERT_PTR_NOT_NULL_FATAL(library);
  for (int i = 0; i < 2; ++i) { /* a new process each time */
    CU_ASSERT_EQUAL(
        hearth_instance_create(library, NULL, &instance, err, sizeof(err)),
        HEARTH_CRASHED);
    CU_ASSERT_PTR_NOT_NULL(strstr(err, "its worker ended"));
  }
  CU_ASSERT_PTR_NULL(instance);
  hearth_library_close(library);
}

UNIT_MAIN("misbehaving in a worker", UNIT(test_segfault), UNIT(test_loops),
          UNIT(test_eats), UNIT(test_closes), UNIT(test_garbage),
          UNIT(test_exits), UNIT(test_calls_end_in_time),
          UNIT(test_forks), UNIT(test_dies_in_a_constructor),
          UNIT(test_aborts_in_create))
