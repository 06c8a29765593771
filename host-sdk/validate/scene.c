/* SPDX-License-Identifier: MIT
   A made-up day at a host: requests, loads, evictions, reviews. */
#include "host-sdk/validate/scene.h"

#include <stdlib.h>
#include <string.h>

#include "plugin/sdk/wire/messages.h"

enum { USERS = 5, WARM = 4, TEXT = 32, HABITS = 3 };

const char *const validate__kind_text[VALIDATE__KINDS] = {
    "Config", "Catalog", "ExecutionContext", "MetadataQuery", "Outcome"};

uint64_t validate__random(uint64_t *state) {
  uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

const char *validate__model(uint32_t number, char name[32]) {
  snprintf(name, TEXT, "model-%u-q4", number);
  return name;
}

/* What a request looks like, with the room that its lists need. */
typedef struct asking {
  char id[TEXT], user[TEXT], session[TEXT], project[TEXT], model[TEXT];
  hearth_str activities[2], changes[1];
  hearth_pair preferences[1];
  hearth_resident resident[WARM];
  char resident_name[WARM][TEXT];
  hearth_user who;
  hearth_project where;
  hearth_str task;
  int64_t input_length;
  int32_t complexity, priority;
  uint32_t user_number, model_number;
} asking;

static void add_step(validate_job *job, validate__scene *scene,
                     validate__kind kind, const hearth_schema *schema,
                     const void *message) {
  if (scene->count == scene->cap) {
    scene->cap = 2 * scene->cap + 64;
    scene->steps = validate__need(
        job, realloc(scene->steps, scene->cap * sizeof *scene->steps));
  }
  const uint64_t at = scene->bytes.len;
  if (hearth_encode(schema, message, &scene->bytes.sink) != HEARTH_OK) {
    validate__skip(job, "the scene can't be encoded");
  }
  scene->steps[scene->count++] =
      (validate__step){kind, at, scene->bytes.len - at};
}

static uint32_t pick(validate__scene *scene, uint32_t below) {
  return (uint32_t)(validate__random(&scene->random) % below);
}

/* A user has three models; which one follows from the task, mostly. */
static void invent(validate__scene *scene, asking *a) {
  static const char *const tasks[] = {"completion", "chat", "analysis"};
  const uint32_t user = pick(scene, USERS), task = pick(scene, HABITS);
  const uint32_t habit = pick(scene, 8) != 0 ? task : pick(scene, HABITS);
  memset(a, 0, sizeof *a);
  a->user_number = user;
  a->model_number = (user * 2 + habit) % scene->models;
  snprintf(a->id, TEXT, "request-%u", scene->request);
  snprintf(a->user, TEXT, "user-%u", user);
  snprintf(a->session, TEXT, "session-%u-%u", user, scene->request / 50);
  snprintf(a->project, TEXT, "project-%u", user % 2);
  validate__model(a->model_number, a->model);
  a->activities[0] = hearth_str_from("opened a file");
  a->activities[1] = hearth_str_from("ran the tests");
  a->changes[0] = hearth_str_from("src/main.c");
  a->preferences[0] =
      (hearth_pair){hearth_str_from("tone"), hearth_str_from("brief")};
  a->who = (hearth_user){hearth_str_from(a->user),
                         hearth_str_from(a->session),
                         60000 * (int64_t)(1 + scene->request % 50),
                         {a->activities, 2, 2},
                         {a->preferences, 1, 1}};
  a->where = (hearth_project){hearth_str_from(a->project),
                              hearth_str_from("c"), 12000 + 500 * (int64_t)user,
                              0.25 * (double)(user % 4),
                              {a->changes, 1, 1}};
  a->task = hearth_str_from(tasks[task]);
  a->input_length = 100 + pick(scene, 4000);
  a->complexity = (int32_t)pick(scene, 4);
  a->priority = (int32_t)pick(scene, 5);
}

static void add_context(validate_job *job, validate__scene *scene, asking *a,
                        int32_t reason) {
  hearth_context context;
  hearth_message_init(&hearth_context_schema, &context);
  context.request_id = hearth_str_from(a->id);
  context.now_ms = scene->now_ms;
  context.reason = reason;
  context.task = a->task;
  context.input_length = a->input_length;
  context.complexity = a->complexity;
  context.priority = a->priority;
  context.acceptable_latency_ms = 2000;
  context.max_models = 1 + scene->request % 8;
  context.want_reasons = scene->request % 3 == 0;
  context.user = a->who;
  context.project = a->where;
  context.pool.id = hearth_str_from("main");
  context.pool.budget_mb = 16384;
  context.pool.used_mb = 4096.0 * scene->warm_count;
  context.pool.load_lanes = 1;
  if (scene->request % 40 == 0 && reason == HEARTH_REASON_REQUEST) {
    context.pool.resync = 1;
    for (uint32_t i = 0; i < scene->warm_count; i++) {
      validate__model(scene->warm[i], a->resident_name[i]);
      a->resident[i] = (hearth_resident){
          hearth_str_from(a->resident_name[i]), HEARTH_STATE_WARM, 0};
    }
    context.pool.resident =
        (hearth_list){a->resident, scene->warm_count, scene->warm_count};
  }
  add_step(job, scene, VALIDATE__CONTEXT, &hearth_context_schema, &context);
}

static hearth_outcome outcome_of(const validate__scene *scene, int32_t phase,
                                 const char *model) {
  hearth_outcome outcome;
  hearth_message_init(&hearth_outcome_schema, &outcome);
  outcome.at_ms = scene->now_ms;
  outcome.phase = phase;
  if (model != NULL) {
    outcome.model = hearth_str_from(model);
  }
  return outcome;
}

static void add_outcome(validate_job *job, validate__scene *scene,
                        const hearth_outcome *outcome) {
  add_step(job, scene, VALIDATE__OUTCOME, &hearth_outcome_schema, outcome);
}

static void add_loaded(validate_job *job, validate__scene *scene,
                       const char *model, int32_t load) {
  hearth_outcome outcome = outcome_of(scene, HEARTH_PHASE_LOADED, model);
  outcome.load = load;
  outcome.load_ms = 3000 + pick(scene, 500);
  add_outcome(job, scene, &outcome);
}

/* The model becomes the newest of the warm ones; whether it was one. */
static int touch(validate_job *job, validate__scene *scene, uint32_t model) {
  uint32_t at = 0;
  while (at < scene->warm_count && scene->warm[at] != model) {
    at++;
  }
  const int found = at < scene->warm_count;
  if (!found && scene->warm_count < WARM) {
    scene->warm_count++;
  } else if (!found) {
    char name[TEXT];
    validate__model(scene->warm[--at], name);
    const hearth_outcome evicted =
        outcome_of(scene, HEARTH_PHASE_EVICTED, name);
    add_outcome(job, scene, &evicted);
  }
  memmove(&scene->warm[1], &scene->warm[0], at * sizeof *scene->warm);
  scene->warm[0] = model;
  return found;
}

static void add_started(validate_job *job, validate__scene *scene,
                        const asking *a) {
  uint32_t at = 0;
  while (at < scene->warm_count && scene->warm[at] != a->model_number) {
    at++;
  }
  hearth_outcome outcome = outcome_of(scene, HEARTH_PHASE_STARTED, a->model);
  outcome.request_id = hearth_str_from(a->id);
  outcome.state =
      at < scene->warm_count ? HEARTH_STATE_WARM : HEARTH_STATE_COLD;
  outcome.task = a->task;
  outcome.input_length = a->input_length;
  outcome.complexity = a->complexity;
  outcome.priority = a->priority;
  outcome.user = a->who;
  outcome.project = a->where;
  add_outcome(job, scene, &outcome);
}

static void add_end(validate_job *job, validate__scene *scene, const asking *a,
                    int64_t wait_ms) {
  const uint32_t r = scene->request;
  hearth_outcome outcome =
      outcome_of(scene,
                 r % 19 == 18   ? HEARTH_PHASE_FAILED
                 : r % 23 == 22 ? HEARTH_PHASE_CANCELLED
                                : HEARTH_PHASE_FINISHED,
                 NULL);
  outcome.request_id = hearth_str_from(a->id);
  outcome.wait_ms = wait_ms;
  outcome.duration_ms = 800 + pick(scene, 700);
  add_outcome(job, scene, &outcome);
  if (r % 13 == 5) {
    outcome = outcome_of(scene, HEARTH_PHASE_FEEDBACK, NULL);
    outcome.request_id = hearth_str_from(a->id);
    outcome.actual_usage = 1;
    outcome.actual_model = hearth_str_from(a->model);
    add_outcome(job, scene, &outcome);
  }
}

static void add_query(validate_job *job, validate__scene *scene,
                      const char *model) {
  hearth_metadata_query query;
  hearth_message_init(&hearth_metadata_query_schema, &query);
  query.model = hearth_str_from(model);
  query.now_ms = scene->now_ms;
  add_step(job, scene, VALIDATE__QUERY, &hearth_metadata_query_schema, &query);
}

/* One request from its coming to its end, and what happens beside it. */
static void add_request(validate_job *job, validate__scene *scene) {
  asking a;
  invent(scene, &a);
  scene->now_ms += 1000 + pick(scene, 90000);
  if (scene->request % 17 == 3) {
    add_context(job, scene, &a, HEARTH_REASON_INTENT);
    scene->now_ms += 500;
  }
  add_context(job, scene, &a, HEARTH_REASON_REQUEST);
  add_started(job, scene, &a);
  add_context(job, scene, &a, HEARTH_REASON_SETTLED);
  int64_t wait_ms = 0;
  if (!touch(job, scene, a.model_number)) {
    wait_ms = 3200;
    scene->now_ms += wait_ms;
    add_loaded(job, scene, a.model, HEARTH_LOAD_DEMAND);
  }
  scene->now_ms += 1500;
  add_end(job, scene, &a, wait_ms);
  if (scene->request % 5 == 1) {
    add_query(job, scene, a.model);
  }
  if (scene->request % 7 == 2) {
    add_context(job, scene, &a, HEARTH_REASON_TICK);
  }
  scene->request++;
}

void validate__scene_make(validate_job *job, validate__scene *scene,
                          uint32_t models, uint32_t requests,
                          int64_t start_ms) {
  memset(scene, 0, sizeof *scene);
  hearth_buffer_init(&scene->bytes, 0);
  scene->random = job->seed ^ 0x5ce9e;
  scene->models = models;
  scene->now_ms = scene->start_ms = start_ms;
  validate__catalog(job, 0, models, &scene->bytes);
  scene->cap = 64;
  scene->steps = validate__need(job, calloc(64, sizeof *scene->steps));
  scene->steps[0] = (validate__step){VALIDATE__CATALOG, 0, scene->bytes.len};
  scene->count = 1;
  for (uint32_t i = 0; i < requests; i++) {
    add_request(job, scene);
  }
}

void validate__scene_free(validate__scene *scene) {
  hearth_buffer_free(&scene->bytes);
  free(scene->steps);
}

hearth_bytes validate__step_bytes(const validate__scene *scene, uint32_t step) {
  return (hearth_bytes){scene->bytes.data + scene->steps[step].at,
                        scene->steps[step].len};
}

uint32_t validate__scene_next(const validate__scene *scene, uint32_t from,
                              validate__kind kind) {
  while (from < scene->count && scene->steps[from].kind != kind) {
    from++;
  }
  return from;
}
