/* SPDX-License-Identifier: MIT
   Made-up traffic of any size for a benchmark: who asks for what, and when. */
#include "host-sdk/bench/scene.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const int64_t first_ms = 1700000000000;

hearth_status hearth_scene_init(hearth_scene *scene, const hearth_shape *shape,
                                uint32_t stream) {
  const uint32_t n = shape->models;
  *scene = (hearth_scene){.shape = *shape,
                          .stream = stream,
                          .now_ms = first_ms,
                          .capacity = n / 5 > 0 ? n / 5 : 1};
  hearth__random_init(&scene->random, shape->seed, stream);
  scene->names = calloc(n, sizeof *scene->names);
  scene->newer = calloc((size_t)n + 1, sizeof *scene->newer);
  scene->older = calloc((size_t)n + 1, sizeof *scene->older);
  scene->warm = calloc(n, 1);
  if (scene->names == NULL || scene->newer == NULL || scene->older == NULL ||
      scene->warm == NULL) {
    return HEARTH_NO_MEMORY;
  }
  for (uint32_t i = 0; i < n; i++) {
    snprintf(scene->names[i], sizeof *scene->names, "model-%05u", i);
  }
  scene->newer[n] = scene->older[n] = n;
  return HEARTH_OK;
}

void hearth_scene_free(hearth_scene *scene) {
  free(scene->names);
  free(scene->newer);
  free(scene->older);
  free(scene->warm);
  *scene = (hearth_scene){0};
}

/* 0 to n - 1, the r-th about 1 / (r + 1) as often as the first (Zipf's law, by
   the inverse of its integral). */
static uint32_t skewed(hearth__random *random, uint32_t n) {
  const double u = hearth__random_unit(random);
  const uint32_t rank = (uint32_t)(exp(u * log((double)n + 1.0)) - 1.0);
  return rank < n ? rank : n - 1;
}

/* What user u is used to, one of three models. */
static uint32_t habit(const hearth_scene *scene, uint32_t user,
                      uint32_t which) {
  hearth__random random;
  hearth__random_init(&random, scene->shape.seed + 1, 3ull * user + which);
  return skewed(&random, scene->shape.models);
}

static void unlink_model(hearth_scene *scene, uint32_t model) {
  scene->older[scene->newer[model]] = scene->older[model];
  scene->newer[scene->older[model]] = scene->newer[model];
}

static void make_newest(hearth_scene *scene, uint32_t model) {
  const uint32_t anchor = scene->shape.models;
  scene->older[model] = scene->older[anchor];
  scene->newer[model] = anchor;
  scene->newer[scene->older[anchor]] = model;
  scene->older[anchor] = model;
}

static void use(hearth_scene *scene, hearth_bench_request *request) {
  const uint32_t anchor = scene->shape.models;
  request->cold = !scene->warm[request->model];
  request->evicted = HEARTH_BENCH_NONE;
  if (!request->cold) {
    unlink_model(scene, request->model);
  } else if (scene->resident < scene->capacity) {
    scene->resident++;
  } else {
    request->evicted = scene->newer[anchor]; /* the ring closes: the oldest */
    scene->warm[request->evicted] = 0;
    unlink_model(scene, request->evicted);
  }
  scene->warm[request->model] = 1;
  make_newest(scene, request->model);
}

void hearth_scene_next(hearth_scene *scene, uint32_t user,
                       hearth_bench_request *request) {
  static const char *const tasks[] = {"completion", "chat", "analysis",
                                      "generation", "refactoring"};
  hearth__random *random = &scene->random;
  if (user == HEARTH_BENCH_NONE) {
    user = skewed(random, scene->shape.users);
  }
  request->model = hearth__random_chance(random, 0.6)
                       ? habit(scene, user, hearth__random_below(random, 3))
                       : skewed(random, scene->shape.models);
  scene->now_ms += hearth__random_below(random, 400);
  request->at_ms = scene->now_ms;
  request->input_length = hearth__random_below(random, 4000);
  request->duration_ms = 200 + hearth__random_below(random, 5000);
  request->load_ms = hearth_scene_load_ms(request->model);
  request->task = tasks[(user + request->model) % 5];
  snprintf(request->id, sizeof request->id, "%u-%llu", scene->stream,
           (unsigned long long)++scene->requests);
  snprintf(request->user, sizeof request->user, "user-%07u", user);
  use(scene, request);
}

double hearth_scene_memory_mb(uint32_t model) {
  return 2000.0 + (double)(model * 7919u % 13u) * 1500.0;
}

int64_t hearth_scene_load_ms(uint32_t model) {
  return 3000 + (int64_t)(model * 104729u % 17u) * 2000;
}

static void fill_terms(const hearth_scene *scene, hearth_pool_info *pool) {
  pool->id = hearth_str_from("pool");
  pool->load_lanes = 2;
  pool->budget_mb = pool->idle_price = -1;
  if (scene->shape.idle_price > 0) {
    pool->idle_price = scene->shape.idle_price;
  } else {
    pool->budget_mb = 11000.0 * scene->capacity;
  }
}

void hearth_scene_context(const hearth_scene *scene,
                          const hearth_bench_request *request, int32_t reason,
                          hearth_context *context) {
  hearth_message_init(&hearth_context_schema, context);
  context->request_id = hearth_str_from(request->id);
  context->now_ms = request->at_ms;
  context->reason = reason;
  context->task = hearth_str_from(request->task);
  context->input_length = request->input_length;
  context->complexity = HEARTH_COMPLEXITY_MEDIUM;
  context->priority = HEARTH_PRIORITY_MEDIUM;
  context->user.id = hearth_str_from(request->user);
  context->user.session_id = hearth_str_from(request->user);
  context->user.session_ms = 600000;
  context->project.id = hearth_str_from("project");
  context->project.language = hearth_str_from("c");
  context->pool.used_mb = 8000.0 * scene->resident;
  fill_terms(scene, &context->pool);
}

void hearth_scene_outcome(const hearth_scene *scene,
                          const hearth_bench_request *request, int32_t phase,
                          hearth_outcome *outcome) {
  hearth_message_init(&hearth_outcome_schema, outcome);
  outcome->at_ms = request->at_ms;
  outcome->phase = phase;
  outcome->model = hearth_str_from(scene->names[request->model]);
  if (phase == HEARTH_PHASE_EVICTED) {
    outcome->model = hearth_str_from(scene->names[request->evicted]);
    return;
  }
  if (phase == HEARTH_PHASE_LOADED) {
    outcome->load = HEARTH_LOAD_DEMAND;
    outcome->load_ms = request->load_ms;
    return;
  }
  outcome->request_id = hearth_str_from(request->id);
  outcome->user.id = hearth_str_from(request->user);
  if (phase == HEARTH_PHASE_FINISHED) {
    outcome->wait_ms = request->cold ? request->load_ms : 0;
    outcome->duration_ms = request->duration_ms;
    return;
  }
  outcome->state = request->cold ? HEARTH_STATE_COLD : HEARTH_STATE_WARM;
  outcome->task = hearth_str_from(request->task);
  outcome->input_length = request->input_length;
  outcome->complexity = HEARTH_COMPLEXITY_MEDIUM;
  outcome->priority = HEARTH_PRIORITY_MEDIUM;
  outcome->user.session_id = hearth_str_from(request->user);
  outcome->user.session_ms = 600000;
  outcome->project.id = hearth_str_from("project");
  outcome->project.language = hearth_str_from("c");
  hearth_pool_info pool;
  fill_terms(scene, &pool);
  outcome->pool = hearth_pool_terms_of(&pool);
}

hearth_status hearth_scene_catalog(const hearth_scene *scene,
                                   hearth_catalog *catalog) {
  const uint32_t n = scene->shape.models;
  hearth_catalog_model *models = calloc(n, sizeof *models);
  if (models == NULL) {
    return HEARTH_NO_MEMORY;
  }
  for (uint32_t i = 0; i < n; i++) {
    hearth_message_init(&hearth_catalog_model_schema, &models[i]);
    models[i].model = hearth_str_from(scene->names[i]);
    models[i].memory_mb = hearth_scene_memory_mb(i);
    models[i].load_ms = hearth_scene_load_ms(i);
  }
  catalog->models = (hearth_list){models, n, n};
  return HEARTH_OK;
}
