/* SPDX-License-Identifier: MIT
   A plugin in a worker: its sandbox, its deadlines, and what it remembers. */
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/unit.h"
#include "tests/worker/scene.h"

static hearth_bytes text(const char *words) {
  return (hearth_bytes){(const uint8_t *)words, strlen(words)};
}

static int open_files(void) {
  DIR *folder = opendir("/proc/self/fd");
  int count = 0;

  while (folder && readdir(folder)) {
    ++count;
  }
  if (folder) {
    closedir(folder);
  }
  return count;
}

static hearth_status ask(hearth_instance *instance, const char *question,
                         hearth_output *answer) {
  return hearth_instance_prepare_models(instance, NULL, text(question), answer);
}

/* How many outcomes the plugin was told. */
static uint64_t told(hearth_instance *instance) {
  hearth_output answer = {0};
  uint64_t count = UINT64_MAX;

  CU_ASSERT_EQUAL(ask(instance, "?", &answer), HEARTH_OK);
  if (answer.len == sizeof(count)) {
    memcpy(&count, answer.data, sizeof(count));
  }
  hearth_output_free(&answer);
  return count;
}

static void crash(hearth_instance *instance, uint64_t starts) {
  hearth_output answer = {0};

  CU_ASSERT_EQUAL(ask(instance, "crash", &answer), HEARTH_CRASHED);
  CU_ASSERT(scene_await_starts(instance, starts));
  hearth_output_free(&answer);
}

static void test_sandbox(void) {
  hearth_instance *instance =
      scene_worker_instance(scene_misbehaving("worker_probes"), NULL);
  hearth_worker_info info = {0};
  hearth_output answer = {0};

  CU_ASSERT_PTR_NOT_NULL_FATAL(instance);
  CU_ASSERT_EQUAL(hearth_worker_get_info(instance, &info), HEARTH_OK);
  CU_ASSERT_EQUAL(info.state, HEARTH_WORKER_READY);
  CU_ASSERT(info.pid > 0);
  CU_ASSERT(info.no_new_privileges && info.own_session &&
            info.dies_with_parent && info.no_core && info.no_file_growth);
  CU_ASSERT_EQUAL(ask(instance, "?", &answer), HEARTH_OK);
  if (info.sanitized) {
    CU_ASSERT(!info.seccomp && !info.landlock && !info.memory_limit_bytes);
    CU_ASSERT_PTR_NOT_NULL(strstr(info.notes, "sanitizer"));
  } else if (!info.seccomp || !info.landlock) {
    CU_ASSERT(strlen(info.notes) > 0);
  } else {
    CU_ASSERT_EQUAL(info.memory_limit_bytes, (uint64_t)1024 << 20);
    CU_ASSERT_STRING_EQUAL(info.notes, "");
    CU_ASSERT(answer.len == 7 && memcmp(answer.data, "nothing", 7) == 0);
    printf("# could: %.*s\n", (int)answer.len, (const char *)answer.data);
  }
  hearth_instance_destroy(instance);
  hearth_output_free(&answer);
}

static void test_threads_if_allowed(void) {
  hearth_worker_options options = scene_options();
  hearth_instance *instance;
  hearth_output answer = {0};

  options.allow_threads = 1;
  instance =
      scene_worker_instance(scene_misbehaving("worker_probes"), &options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(instance);
  CU_ASSERT_EQUAL(ask(instance, "?", &answer), HEARTH_OK);
  /* Under a sanitizer, all the rest may be there too. */
  CU_ASSERT(answer.len > 7 || (answer.len == 7 && answer.data[0] == 't'));
  hearth_instance_destroy(instance);
  hearth_output_free(&answer);
}

static void test_late_answers_are_discarded(void) {
  hearth_worker_options options = scene_options();
  hearth_instance *instance;
  hearth_worker_info info = {0};
  hearth_output answer = {0};
  hearth_call call = {sizeof(call), 0, 0, 0, NULL, 0};

  options.grace_ms = 20000;
  instance =
      scene_worker_instance(scene_misbehaving("worker_sleeps"), &options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(instance);
  call.deadline_ns = hearth_monotonic_ns() + 5000000;
  CU_ASSERT_EQUAL(hearth_instance_prepare_models(instance, &call,
                                                 text("\x80late"), &answer),
                  HEARTH_DEADLINE);
  CU_ASSERT_EQUAL(answer.len, 0);
  /* The next one waits for the link, and gets its own answer. */
  CU_ASSERT_EQUAL(ask(instance, "\x01good", &answer), HEARTH_OK);
  CU_ASSERT(answer.len == 5 && memcmp(answer.data, "\x01good", 5) == 0);
  call.deadline_ns = 1;
  CU_ASSERT_EQUAL(
      hearth_instance_prepare_models(instance, &call, text("\x01"), &answer),
      HEARTH_DEADLINE);
  (void)hearth_worker_get_info(instance, &info);
  CU_ASSERT_EQUAL(info.late_answers, 1);
  CU_ASSERT_EQUAL(info.starts, 1);
  hearth_instance_destroy(instance);
  hearth_output_free(&answer);
}

static void test_overdue_is_killed(void) {
  hearth_worker_options options = scene_options();
  hearth_instance *instance;
  hearth_worker_info info = {0};
  hearth_output answer = {0};

  options.deadline_ms = 20;
  options.grace_ms = 1;
  instance = scene_worker_instance(scene_misbehaving("worker_loops"), &options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(instance);
  CU_ASSERT_EQUAL(ask(instance, "?", &answer), HEARTH_DEADLINE);
  CU_ASSERT(scene_await_starts(instance, 2));
  (void)hearth_worker_get_info(instance, &info);
  CU_ASSERT_EQUAL(info.overdue_kills, 1);
  CU_ASSERT_EQUAL(info.last_signal, SIGKILL);
  hearth_instance_destroy(instance);
  hearth_output_free(&answer);
}

static void test_learned_survives(void) {
  hearth_worker_options options = scene_options();
  hearth_instance *instance;
  hearth_worker_info info = {0};

  options.snapshot_every_outcomes = 10;
  instance =
      scene_worker_instance(scene_misbehaving("worker_poisoned"), &options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(instance);
  for (int i = 0; i < 25; ++i) {
    CU_ASSERT_EQUAL(hearth_instance_record_outcome(instance, NULL, text("o")),
                    HEARTH_OK);
  }
  CU_ASSERT_EQUAL(told(instance), 25);
  crash(instance, 2);
  CU_ASSERT_EQUAL(told(instance), 25);
  (void)hearth_worker_get_info(instance, &info);
  CU_ASSERT(info.snapshots >= 1);
  CU_ASSERT(info.outcomes_kept < 25);
  CU_ASSERT_EQUAL(info.outcomes_lost, 0);
  /* A message that it refuses, and one that it dies of, are not told again. */
  CU_ASSERT_EQUAL(hearth_instance_record_outcome(instance, NULL, text("bad")),
                  HEARTH_BAD_PAYLOAD);
  CU_ASSERT_EQUAL(
      hearth_instance_record_outcome(instance, NULL, text("poison")),
      HEARTH_CRASHED);
  CU_ASSERT(scene_await_starts(instance, 3));
  CU_ASSERT_EQUAL(told(instance), 25);
  (void)hearth_worker_get_info(instance, &info);
  CU_ASSERT_EQUAL(info.outcomes_lost, 1);
  hearth_instance_destroy(instance);
}

static void test_outcomes_wait_while_it_is_down(void) {
  hearth_worker_options options = scene_options();
  hearth_instance *instance;
  hearth_output answer = {0};

  options.backoff_first_ms = options.backoff_max_ms = 300;
  instance =
      scene_worker_instance(scene_misbehaving("worker_poisoned"), &options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(instance);
  CU_ASSERT_EQUAL(hearth_instance_record_outcome(instance, NULL, text("o")),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(ask(instance, "crash", &answer), HEARTH_CRASHED);
  CU_ASSERT_EQUAL(ask(instance, "?", &answer), HEARTH_UNAVAILABLE);
  CU_ASSERT_EQUAL(hearth_instance_set_catalog(instance, NULL, text("c")),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_instance_record_outcome(instance, NULL, text("o")),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(
      hearth_instance_record_outcome(instance, NULL, text("poison")),
      HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_instance_record_outcome(instance, NULL, text("o")),
                  HEARTH_OK);
  /* The poison costs one start more. */
  CU_ASSERT(scene_await_starts(instance, 3));
  CU_ASSERT_EQUAL(told(instance), 3);
  hearth_instance_destroy(instance);
  hearth_output_free(&answer);
}

static void test_circuit_breaker(void) {
  hearth_worker_options options = scene_options();
  hearth_instance *instance;
  hearth_worker_info info = {0};
  hearth_output answer = {0};

  options.breaker_failures = 2;
  options.breaker_window_ms = 600000;
  options.breaker_open_ms = 300;
  instance =
      scene_worker_instance(scene_misbehaving("worker_poisoned"), &options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(instance);
  crash(instance, 2);
  CU_ASSERT_EQUAL(ask(instance, "crash", &answer), HEARTH_CRASHED);
  CU_ASSERT(scene_await(instance, HEARTH_WORKER_OPEN));
  CU_ASSERT_EQUAL(ask(instance, "?", &answer), HEARTH_UNAVAILABLE);
  /* The try after it fails: open again. */
  CU_ASSERT(scene_await(instance, HEARTH_WORKER_READY));
  CU_ASSERT_EQUAL(ask(instance, "crash", &answer), HEARTH_CRASHED);
  CU_ASSERT(scene_await(instance, HEARTH_WORKER_OPEN));
  /* The next succeeds, and one failure more does not open it. */
  CU_ASSERT(scene_await(instance, HEARTH_WORKER_READY));
  CU_ASSERT_EQUAL(told(instance), 0);
  (void)hearth_worker_get_info(instance, &info);
  CU_ASSERT_EQUAL(info.crashes, 3);
  CU_ASSERT(info.unavailable >= 1);
  crash(instance, info.starts + 1);
  CU_ASSERT_EQUAL(told(instance), 0);
  hearth_instance_destroy(instance);
  hearth_output_free(&answer);
}

static void *keep_asking(void *user) {
  hearth_instance *instance = user;
  hearth_output answer = {0};
  uintptr_t strange = 0;

  for (int i = 0; i < 200; ++i) {
    hearth_status status = ask(instance, i % 50 == 49 ? "crash" : "?", &answer);

    strange += status != HEARTH_OK && status != HEARTH_CRASHED &&
               status != HEARTH_UNAVAILABLE;
    strange +=
        hearth_instance_record_outcome(instance, NULL, text("o")) != HEARTH_OK;
  }
  hearth_output_free(&answer);
  return (void *)strange;
}

static void test_threads_of_the_host(void) {
  hearth_worker_options options = scene_options();
  hearth_instance *instance;
  pthread_t threads[4];
  void *strange = NULL;

  options.snapshot_every_outcomes = 20;
  instance =
      scene_worker_instance(scene_misbehaving("worker_poisoned"), &options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(instance);
  for (int i = 0; i < 4; ++i) {
    CU_ASSERT_EQUAL_FATAL(
        pthread_create(&threads[i], NULL, keep_asking, instance), 0);
  }
  for (int i = 0; i < 4; ++i) {
    pthread_join(threads[i], &strange);
    CU_ASSERT_PTR_NULL(strange);
  }
  CU_ASSERT(scene_await(instance, HEARTH_WORKER_READY));
  CU_ASSERT_EQUAL(told(instance), 800);
  hearth_instance_destroy(instance);
}

static void test_no_file_and_no_child_is_left(void) {
  hearth_output answer = {0};
  int before;

  hearth_instance_destroy(
      scene_worker_instance(scene_misbehaving("worker_poisoned"), NULL));
  before = open_files();
  for (int i = 0; i < 10; ++i) {
    hearth_instance *instance =
        scene_worker_instance(scene_misbehaving("worker_poisoned"), NULL);
    hearth_library *library =
        scene_worker(scene_misbehaving("worker_poisoned"), NULL);

    CU_ASSERT_PTR_NOT_NULL_FATAL(instance);
    if (i % 2) {
      crash(instance, 2);
    } else {
      CU_ASSERT_EQUAL(ask(instance, "crash", &answer), HEARTH_CRASHED);
    }
    hearth_instance_destroy(instance);
    hearth_library_close(library);
  }
  CU_ASSERT_EQUAL(open_files(), before);
  CU_ASSERT_EQUAL(waitpid(-1, NULL, WNOHANG), -1);
  hearth_output_free(&answer);
}

static void test_refusals(void) {
  hearth_worker_options options = scene_options();
  hearth_library *library = NULL;
  hearth_worker_info info;
  char err[512] = "";

  CU_ASSERT_EQUAL(hearth_worker_open("/nowhere/plugin.so", &options, &library,
                                     err, sizeof(err)),
                  HEARTH_BAD_ARG);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "/nowhere/plugin.so"));
  CU_ASSERT_EQUAL(hearth_worker_open(unit_build(scene_misbehaving("no_symbol")),
                                     &options, &library, err, sizeof(err)),
                  HEARTH_BAD_ARG);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "without the symbol hearth_plugin_v1"));
  CU_ASSERT_EQUAL(
      hearth_worker_open(unit_build(scene_misbehaving("unresolved")), &options,
                         &library, err, sizeof(err)),
      HEARTH_BAD_ARG);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "cannot be linked"));
  options.program = "/nowhere/hearth-worker";
  CU_ASSERT_EQUAL(hearth_worker_open(unit_build(scene_misbehaving("good")),
                                     &options, &library, err, sizeof(err)),
                  HEARTH_UNAVAILABLE);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "HEARTH_WORKER"));
  options.program = "/bin/true";
  CU_ASSERT_EQUAL(hearth_worker_open(unit_build(scene_misbehaving("good")),
                                     &options, &library, err, sizeof(err)),
                  HEARTH_CRASHED);
  CU_ASSERT_PTR_NULL(library);
  CU_ASSERT_EQUAL(hearth_worker_open(NULL, NULL, &library, NULL, 0),
                  HEARTH_BAD_ARG);
  library = scene_worker(scene_misbehaving("good"), NULL);
  CU_ASSERT_EQUAL(hearth_worker_library_info(library, &info), HEARTH_OK);
  hearth_library_close(library);
}

UNIT_MAIN("worker", UNIT(test_sandbox), UNIT(test_threads_if_allowed),
          UNIT(test_late_answers_are_discarded), UNIT(test_overdue_is_killed),
          UNIT(test_learned_survives),
          UNIT(test_outcomes_wait_while_it_is_down), UNIT(test_circuit_breaker),
          UNIT(test_threads_of_the_host),
          UNIT(test_no_file_and_no_child_is_left), UNIT(test_refusals))
