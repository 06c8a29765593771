/* SPDX-License-Identifier: MIT
   What happens once in an instance's life: its start, its state, its size. */
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "host-sdk/bench/bench.h"
#include "host-sdk/bench/rig.h"

enum { REPEATS = 9 }; /* saves beside calls, of which the median is told */

static double ms_since(uint64_t began_ns) {
  return (double)(hearth_monotonic_ns() - began_ns) * 1e-6;
}

/* A scene, an instance with its catalog, and a rig. */
typedef struct trial {
  hearth_scene scene;
  hearth_host *host;
  hearth_instance *instance;
  hearth_rig rig;
} trial;

static hearth_status trial_init(trial *t, const hearth_bench_options *options,
                                uint32_t models, uint32_t users, char *err,
                                uint64_t err_cap) {
  const hearth_shape shape = {models, users, options->idle_price, 1};
  memset(t, 0, sizeof *t);
  hearth_status status = hearth_scene_init(&t->scene, &shape, 0);
  if (status == HEARTH_OK) {
    status = hearth__bench_instance(options->plugin, options->config, -1,
                                    &t->scene, &t->host, &t->instance, err,
                                    err_cap);
  }
  hearth_rig_init(&t->rig, t->instance);
  return status;
}

static void trial_free(trial *t) {
  hearth_rig_free(&t->rig);
  hearth_instance_destroy(t->instance);
  hearth_host_free(t->host);
  hearth_scene_free(&t->scene);
}

/* Every user and every model once. */
static hearth_status teach(trial *t, char *err, uint64_t err_cap) {
  const hearth_shape *shape = &t->scene.shape;
  const uint32_t most =
      shape->users > shape->models ? shape->users : shape->models;
  hearth_bench_request request;
  hearth_status status = HEARTH_OK;
  for (uint32_t i = 0; status == HEARTH_OK && i < most; i++) {
    hearth_scene_next(&t->scene, i % shape->users, &request);
    if (i < shape->models) {
      request.model = i;
    }
    status = i == 0 ? hearth_rig_request(&t->rig, &t->scene, &request)
                    : hearth_rig_teach(&t->rig, &t->scene, &request);
  }
  if (status != HEARTH_OK) {
    snprintf(err, err_cap, "%s", t->rig.err);
  }
  return status;
}

static hearth_status bytes_held(const hearth_bench_options *options,
                                uint32_t models, uint32_t users, double *bytes,
                                char *err, uint64_t err_cap) {
  trial t;
  hearth_status status =
      trial_init(&t, options, models, users, err, err_cap);
  if (status == HEARTH_OK) {
    status = teach(&t, err, err_cap);
    *bytes = (double)hearth_host_memory_used(t.host);
  }
  trial_free(&t);
  return status;
}

/* A caller that goes on while the state is saved. */
typedef struct caller {
  trial *t;
  atomic_int stop, running;
  uint64_t longest_ns;
} caller;

static uint64_t longest(const hearth_stopwatch *watch) {
  uint64_t most = 0;
  for (uint64_t i = 0; i < watch->count; i++) {
    most = watch->laps_ns[i] > most ? watch->laps_ns[i] : most;
  }
  return most;
}

static void *call_on(void *user) {
  caller *c = user;
  hearth_rig rig;
  hearth_bench_request request;
  hearth_rig_init(&rig, c->t->instance);
  hearth_status status = HEARTH_OK;
  while (!atomic_load(&c->stop) && status == HEARTH_OK) {
    hearth_scene_next(&c->t->scene, HEARTH_BENCH_NONE, &request);
    status = hearth_rig_request(&rig, &c->t->scene, &request);
    atomic_store(&c->running, 1);
    rig.timed = 1;
  }
  const uint64_t asked = longest(&rig.prepare);
  const uint64_t told = longest(&rig.outcome);
  c->longest_ns = asked > told ? asked : told;
  hearth_rig_free(&rig);
  return NULL;
}

/* The longest call while the state is saved, or for so long where `state` is
   NULL: a machine that does other things makes some wait as long. */
static hearth_status time_calls(trial *t, hearth_output *state, double ms,
                                double *longest_ms, char *err,
                                uint64_t err_cap) {
  hearth_call call = {.size = sizeof call, .err = err, .err_cap = err_cap};
  const struct timespec pause = {(time_t)(ms / 1000),
                                 (long)(fmod(ms, 1000) * 1e6)};
  caller c = {.t = t};
  pthread_t thread;
  hearth_status status = HEARTH_OK;
  if (pthread_create(&thread, NULL, call_on, &c) != 0) {
    return HEARTH_NO_MEMORY;
  }
  while (!atomic_load(&c.running)) {
    sched_yield(); /* or a small state is saved before the first call */
  }
  if (state != NULL) {
    status = hearth_instance_save_state(t->instance, &call, state);
  } else {
    nanosleep(&pause, NULL);
  }
  atomic_store(&c.stop, 1);
  pthread_join(thread, NULL);
  *longest_ms = (double)c.longest_ns * 1e-6;
  return status;
}

static hearth_status time_state(trial *t, const hearth_bench_options *options,
                                hearth_bench_life *life, char *err,
                                uint64_t err_cap) {
  hearth_output state = {.limit = (uint64_t)1 << 33};
  hearth_call call = {.size = sizeof call, .err = err, .err_cap = err_cap};
  double alone[REPEATS], beside[REPEATS];
  uint64_t began = hearth_monotonic_ns();
  hearth_status status = hearth_instance_save_state(t->instance, &call, &state);
  life->save_ms = ms_since(began);
  life->state_mb = (double)state.len / 1048576;
  trial fresh = {0};
  if (status == HEARTH_OK) {
    status = trial_init(&fresh, options, t->scene.shape.models,
                        t->scene.shape.users, err, err_cap);
  }
  if (status == HEARTH_OK) {
    began = hearth_monotonic_ns();
    status = hearth_instance_load_state(
        fresh.instance, &call, (hearth_bytes){state.data, state.len});
    life->load_ms = ms_since(began);
  }
  trial_free(&fresh);
  for (int i = 0; status == HEARTH_OK && i < REPEATS; i++) {
    status = time_calls(t, NULL, life->save_ms, &alone[i], err, err_cap);
    if (status == HEARTH_OK) {
      status = time_calls(t, &state, 0, &beside[i], err, err_cap);
    }
  }
  if (status == HEARTH_OK) {
    life->alone_wait_ms = hearth__bench_median(alone, REPEATS);
    life->save_wait_ms = hearth__bench_median(beside, REPEATS);
  }
  hearth_output_free(&state);
  return status;
}

hearth_status hearth__bench_life(const hearth_bench_options *options,
                                 hearth_bench_life *life, char *err,
                                 uint64_t err_cap) {
  *life = (hearth_bench_life){.state_mb = NAN,
                              .save_ms = NAN,
                              .load_ms = NAN,
                              .save_wait_ms = NAN,
                              .alone_wait_ms = NAN,
                              .users = options->users[0]};
  for (uint32_t i = 0; i < options->user_count; i++) {
    life->users =
        options->users[i] > life->users ? options->users[i] : life->users;
  }
  double few = 0, models = 0, users = 0;
  trial t;
  hearth__bench_start(options, life);
  hearth_status status =
      bytes_held(options, 100, 100, &few, err, err_cap);
  if (status == HEARTH_OK) {
    status = bytes_held(options, 1100, 100, &models, err, err_cap);
  }
  if (status != HEARTH_OK) {
    return status;
  }
  status = trial_init(&t, options, 100, life->users, err, err_cap);
  if (status == HEARTH_OK) {
    status = teach(&t, err, err_cap);
    users = (double)hearth_host_memory_used(t.host);
  }
  if (status == HEARTH_OK && hearth_library_entry(options->plugin)->caps &
                                 HEARTH_CAP_STATE) {
    status = time_state(&t, options, life, err, err_cap);
  }
  trial_free(&t);
  life->bytes_a_model = (models - few) / 1000;
  life->bytes_a_user =
      life->users > 100 ? (users - few) / (life->users - 100.0) : NAN;
  return status;
}
