/* SPDX-License-Identifier: MIT
   A plugin in a worker and the same in process, and messages for both. */
#include "tests/worker/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host-sdk/predictor/convert.h"
#include "tests/unit.h"

static const int64_t day_ms = 1700000000000;

hearth_bytes scene_bytes(const hearth_output *output) {
  hearth_bytes bytes = {output->data, output->len};

  return bytes;
}

/* What the bench uses may not assert: it is no suite. */
static void must(hearth_status status) {
  if (status != HEARTH_OK) {
    abort();
  }
}

static void fill(hearth_catalog_model *models, char names[][16],
                 uint32_t count) {
  for (uint32_t i = 0; i < count; ++i) {
    (void)snprintf(names[i], 16, "m%03u", i);
    hearth_message_init(&hearth_catalog_model_schema, &models[i]);
    models[i].model = hearth_str_from(names[i]);
    models[i].memory_mb = 1000 + 137 * (i % 17);
    models[i].load_ms = 2000 + 311 * (int64_t)(i % 13);
  }
}

void scene_catalog(hearth_output *out, uint32_t count) {
  static hearth_catalog_model models[SCENE_MODELS];
  static char names[SCENE_MODELS][16];
  hearth_catalog catalog;

  fill(models, names, count);
  hearth_message_init(&hearth_catalog_schema, &catalog);
  catalog.models.items = models;
  catalog.models.count = count;
  must(hearth__encode(&hearth_catalog_schema, &catalog, out));
}

void scene_config(hearth_output *out) {
  static hearth_catalog_model models[SCENE_MODELS];
  static char names[SCENE_MODELS][16];
  hearth_config config;

  fill(models, names, SCENE_MODELS);
  hearth_message_init(&hearth_config_schema, &config);
  config.seed = 7;
  config.models.items = models;
  config.models.count = SCENE_MODELS;
  must(hearth__encode(&hearth_config_schema, &config, out));
}

/* Whose request it is, and for which model. */
static void who(uint32_t number, char id[16], char user[16], char model[16]) {
  uint32_t mixed = number * 2654435761u >> 16;

  (void)snprintf(id, 16, "r%u", number);
  (void)snprintf(user, 16, "u%u", mixed % 23);
  (void)snprintf(model, 16, "m%03u", (mixed % 23 * 4 + number % 3) % 100);
}

void scene_context(uint32_t number, hearth_output *out) {
  hearth_context context;
  char id[16], user[16], model[16];

  who(number, id, user, model);
  hearth_message_init(&hearth_context_schema, &context);
  context.request_id = hearth_str_from(id);
  context.now_ms = day_ms + (int64_t)number * 5000;
  context.reason = number % 5 == 4 ? HEARTH_REASON_TICK : HEARTH_REASON_REQUEST;
  context.task = hearth_str_from(number % 2 ? "chat" : "completion");
  context.input_length = 100 + number % 900;
  context.user.id = hearth_str_from(user);
  context.user.session_id = hearth_str_from(user);
  context.project.id = hearth_str_from("p1");
  context.project.language = hearth_str_from("c");
  context.pool.id = hearth_str_from("default");
  context.pool.budget_mb = 24000;
  context.pool.used_mb = 20000;
  must(hearth__encode(&hearth_context_schema, &context, out));
}

/* started, loaded, finished, in turn. */
void scene_outcome(uint32_t number, hearth_output *out) {
  static const int32_t phases[] = {HEARTH_PHASE_STARTED, HEARTH_PHASE_LOADED,
                                   HEARTH_PHASE_FINISHED};
  hearth_outcome outcome;
  char id[16], user[16], model[16];

  who(number / 3, id, user, model);
  hearth_message_init(&hearth_outcome_schema, &outcome);
  outcome.phase = phases[number % 3];
  outcome.request_id = hearth_str_from(id);
  outcome.at_ms = day_ms + (int64_t)(number / 3) * 5000 + number % 3 * 700;
  outcome.model = hearth_str_from(model);
  if (outcome.phase == HEARTH_PHASE_STARTED) {
    outcome.state = HEARTH_STATE_COLD;
    outcome.task = hearth_str_from("chat");
    outcome.user.id = hearth_str_from(user);
  } else if (outcome.phase == HEARTH_PHASE_LOADED) {
    outcome.load = HEARTH_LOAD_DEMAND;
    outcome.load_ms = 2500;
  } else {
    outcome.wait_ms = 2500;
    outcome.duration_ms = 900;
  }
  must(hearth__encode(&hearth_outcome_schema, &outcome, out));
}

void scene_query(uint32_t number, hearth_output *out) {
  hearth_metadata_query query;
  char name[16];

  (void)snprintf(name, sizeof(name), "m%03u", number % SCENE_MODELS);
  hearth_message_init(&hearth_metadata_query_schema, &query);
  query.model = hearth_str_from(name);
  query.now_ms = day_ms + (int64_t)number * 5000;
  must(hearth__encode(&hearth_metadata_query_schema, &query, out));
}

hearth_worker_options scene_options(void) {
  hearth_worker_options options = {0};

  options.deadline_ms = 5000; /* a slow machine is no failure */
  options.control_ms = 60000;
  options.grace_ms = 20;
  options.backoff_first_ms = 1;
  options.backoff_max_ms = 8;
  options.breaker_failures = 60;
  options.breaker_window_ms = 20; /* a failure is soon forgotten */
  options.seed = 1;
  return options;
}

const char *scene_misbehaving(const char *name) {
  static char path[128];

  (void)snprintf(path, sizeof(path), "tests/plugins/.libs/%s.so", name);
  return path;
}

hearth_library *scene_worker(const char *path,
                             const hearth_worker_options *options) {
  hearth_worker_options standard = scene_options();
  hearth_library *library = NULL;
  char err[512] = "";

  if (hearth_worker_open(unit_build(path), options ? options : &standard,
                         &library, err, sizeof(err)) != HEARTH_OK) {
    printf("# %s\n", err);
  }
  return library;
}

hearth_instance *scene_instance(hearth_library *library) {
  hearth_output config = {0};
  hearth_instance_options options = {NULL, {NULL, 0}};
  hearth_instance *instance = NULL;
  char err[512] = "";

  if (!library) {
    return NULL;
  }
  scene_config(&config);
  options.config = scene_bytes(&config);
  if (hearth_instance_create(library, &options, &instance, err, sizeof(err)) !=
      HEARTH_OK) {
    printf("# %s\n", err);
  }
  hearth_output_free(&config);
  hearth_library_close(library);
  return instance;
}

hearth_instance *scene_worker_instance(const char *path,
                                       const hearth_worker_options *options) {
  return scene_instance(scene_worker(path, options));
}

void scene_pause(uint32_t ms) {
  struct timespec time = {ms / 1000, (long)(ms % 1000) * 1000000};

  (void)nanosleep(&time, NULL);
}

int scene_await(hearth_instance *instance, int32_t state) {
  hearth_worker_info info = {0};

  for (int i = 0; i < 60000; ++i) {
    if (hearth_worker_get_info(instance, &info) != HEARTH_OK) {
      return 0;
    }
    if (info.state == state) {
      return 1;
    }
    scene_pause(1);
  }
  return 0;
}

int scene_await_starts(hearth_instance *instance, uint64_t starts) {
  hearth_worker_info info = {0};

  for (int i = 0; i < 60000; ++i) {
    (void)hearth_worker_get_info(instance, &info);
    if (info.starts >= starts && info.state == HEARTH_WORKER_READY) {
      return 1;
    }
    scene_pause(1);
  }
  return 0;
}
