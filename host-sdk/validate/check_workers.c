/* SPDX-License-Identifier: MIT
   Checks of a plugin in a process of its own. */
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "hearth/worker.h"
#include "host-sdk/validate/checks.h"
#include "host-sdk/validate/view.h"

enum { LOOK_MS = 10, PATIENCE_MS = 20000, SAVE_MS = 1000, SNAPSHOT_EVERY = 16 };

static void pause_ms(long ms) {
  const struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
  nanosleep(&pause, NULL);
}

static hearth_library *open_worker(validate_job *job) {
  char err[400] = "";
  hearth_library *library = NULL;
  const hearth_worker_options options = {.deadline_ms = 10000,
                                         .control_ms = 20000,
                                         .backoff_first_ms = 1,
                                         .backoff_max_ms = 20,
                                         .breaker_failures = 1000,
                                         .snapshot_every_outcomes =
                                             SNAPSHOT_EVERY,
                                         .allow_threads = 1,
                                         .seed = 1};
  validate__doing(job, "opening it in a worker");
  const hearth_status status =
      hearth_worker_open(job->path, &options, &library, err, sizeof err);
  if (status == HEARTH_UNAVAILABLE) {
    validate__skip(job, "no worker can be had: %s", err);
  }
  if (status == HEARTH_BAD_ARG) {
    validate__skip(job, "a host refuses it: %s", err);
  }
  if (status != HEARTH_OK) {
    validate__fail(job, "expected it to open in a worker, got %s: %s",
                   validate__status(status), err);
  }
  return library;
}

static hearth_instance *open_instance(validate_job *job) {
  char err[400] = "";
  hearth_instance *instance = NULL;
  hearth_library *library = open_worker(job);
  const hearth_instance_options options = {.host = job->host};
  const hearth_status status =
      hearth_instance_create(library, &options, &instance, err, sizeof err);
  if (status == HEARTH_UNSUPPORTED) {
    validate__skip(job, "a worker has no such host extension: %s", err);
  }
  if (status != HEARTH_OK) {
    validate__fail(job, "expected an instance in a worker, got %s: %s",
                   validate__status(status), err);
  }
  hearth_library_close(library);
  return instance;
}

static void expect_step(validate_job *job, const validate__whom whom[2],
                        const validate__scene *scene, uint32_t step,
                        hearth_output out[2]) {
  hearth_status status[2];
  const validate__kind kind = scene->steps[step].kind;
  for (int i = 0; i < 2; i++) {
    out[i].len = 0;
    status[i] = validate__ask(whom[i], kind, validate__step_bytes(scene, step),
                              &out[i]);
  }
  if (status[0] != status[1]) {
    validate__fail(job,
                   "expected %s of %s for message %u as in the host's "
                   "process, got %s of the worker",
                   validate__status(status[0]), validate__function(kind), step,
                   validate__status(status[1]));
  }
  if (status[0] == HEARTH_OK &&
      (out[0].len != out[1].len ||
       (out[0].len > 0 &&
        memcmp(out[0].data, out[1].data, (size_t)out[0].len) != 0))) {
    validate__fail(job,
                   "expected %s to answer message %u with the same bytes "
                   "as in the host's process, got others of the worker",
                   validate__function(kind), step);
  }
}

static void same(validate_job *job) {
  validate__scene scene;
  validate__view want, got;
  hearth_output out[2] = {{0}, {0}};
  validate__open(job);
  validate__needs(job, HEARTH_CAP_DETERMINISTIC);
  validate__scene_make(job, &scene, 8, validate__times(job, 200, 25),
                       VALIDATE__START_MS);
  hearth_library *library = validate__file(job);
  const validate__whom whom[2] = {
      {.instance = validate__instance(job, library)},
      {.instance = open_instance(job)}};
  for (uint32_t i = 0; i < scene.count; i++) {
    validate__doing(job, "message %u in the host and in a worker", i);
    expect_step(job, whom, &scene, i, out);
  }
  validate__view_take(job, whom[0], &scene, &want);
  validate__view_take(job, whom[1], &scene, &got);
  validate__view_same(job, &want, &got, "to learn the same in a worker");
  for (int i = 0; i < 2; i++) {
    hearth_output_free(&out[i]);
    hearth_instance_destroy(whom[i].instance);
  }
  validate__view_free(&want);
  validate__view_free(&got);
  hearth_library_close(library);
}

/* A question to a process that does not run any more. */
typedef struct question {
  validate__whom whom;
  const validate__scene *scene;
  uint32_t step;
  hearth_status status;
} question;

static void *put(void *user) {
  question *q = user;
  hearth_output out = {0};
  q->status = validate__ask(q->whom, VALIDATE__CONTEXT,
                            validate__step_bytes(q->scene, q->step), &out);
  hearth_output_free(&out);
  return NULL;
}

static int is_about_a_process(hearth_status status) {
  return status == HEARTH_CRASHED || status == HEARTH_UNAVAILABLE ||
         status == HEARTH_DEADLINE;
}

/* What the worker says of itself, once what it learned is saved, if it can. */
static hearth_worker_info saved_info(const validate_job *job,
                                     validate__whom whom) {
  hearth_worker_info info = {0};
  for (int waited = 0; waited < SAVE_MS; waited++) {
    const hearth_status status = hearth_worker_get_info(whom.instance, &info);
    if (status != HEARTH_OK || info.outcomes_kept < SNAPSHOT_EVERY ||
        !(job->entry->caps & HEARTH_CAP_STATE)) {
      break;
    }
    pause_ms(1);
  }
  return info;
}

/* Stop the process, ask, and kill it while it owes the answer. */
static void kill_in_call(validate_job *job, question *q) {
  const hearth_worker_info info = saved_info(job, q->whom);
  pthread_t thread;
  if (info.pid <= 0 || kill(info.pid, SIGSTOP) != 0) {
    validate__skip(job, "the worker's process can't be stopped");
  }
  if (pthread_create(&thread, NULL, put, q) != 0) {
    validate__skip(job, "this system makes no more threads");
  }
  pause_ms(2 * LOOK_MS);
  kill(info.pid, SIGKILL);
  pthread_join(thread, NULL);
  if (!validate__good(VALIDATE__CONTEXT, q->status) &&
      !is_about_a_process(q->status)) {
    validate__fail(job,
                   "expected HEARTH_CRASHED, HEARTH_UNAVAILABLE or "
                   "HEARTH_DEADLINE of a killed process, got %s",
                   validate__status(q->status));
  }
}

/* Until the next process answers. */
static void wait_for_answer(validate_job *job, question *q) {
  for (int waited = 0; waited < PATIENCE_MS; waited += LOOK_MS) {
    put(q);
    if (validate__good(VALIDATE__CONTEXT, q->status)) {
      return;
    }
    if (!is_about_a_process(q->status)) {
      break;
    }
    pause_ms(LOOK_MS);
  }
  validate__fail(job, "expected answers again of the next process, got %s",
                 validate__status(q->status));
}

static void killed(validate_job *job) {
  validate__scene scene;
  validate__view want, got;
  validate__open(job);
  validate__scene_make(job, &scene, 8, validate__times(job, 60, 25),
                       VALIDATE__START_MS);
  hearth_library *library = validate__file(job);
  const validate__whom here = {.instance = validate__instance(job, library)};
  const validate__whom there = {.instance = open_instance(job)};
  question q = {.whom = there, .scene = &scene};
  q.step = validate__scene_next(&scene, 1, VALIDATE__CONTEXT);
  const uint32_t every = scene.count / validate__times(job, 5, 2);
  for (uint32_t i = 0; i < scene.count; i++) {
    if (i != 0 && scene.steps[i].kind != VALIDATE__OUTCOME) {
      continue;
    }
    validate__doing(job, "message %u of a worker that is killed", i);
    validate__ask_step(job, here, &scene, i, NULL);
    validate__ask_step(job, there, &scene, i, NULL);
    if (i / every != (i + 3) / every) {
      validate__doing(job, "the next process of a killed worker");
      kill_in_call(job, &q);
      wait_for_answer(job, &q);
    }
  }
  validate__view_take(job, here, &scene, &want);
  validate__view_take(job, there, &scene, &got);
  validate__view_same(job, &want, &got,
                      "the next process to know what the killed one knew");
  validate__view_free(&want);
  validate__view_free(&got);
  hearth_instance_destroy(there.instance);
  hearth_instance_destroy(here.instance);
  hearth_library_close(library);
}

static const validate_check checks[] = {
    {"worker-same", "DETERMINISTIC: the same answers in a process of its own",
     "worker.h, and plugin.h, HEARTH_CAP_DETERMINISTIC", same},
    {"worker-killed",
     "killed in mid-call, the next process goes on with what was learned",
     "worker.h", killed}};

VALIDATE__THEME(validate__workers, checks);
