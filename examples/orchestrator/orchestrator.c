/* SPDX-License-Identifier: MIT
   A tiny orchestrator that keeps its models warm with a Hearth plugin.

     orchestrator hearth-foresight.so
     orchestrator hearth-lru.so --swap hearth-markov.so

   Its models do nothing but take time to load, on a clock of its own.  With
   --swap, the plugin is replaced half way, while the requests go on. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "hearth/predictor.h"

/* The models, of which the budget holds two at a time. */
static const hearth_model models[] = {
    {.name = "coder-7b", .memory_mb = 4096, .load_ms = 3000},
    {.name = "talker-13b", .memory_mb = 8192, .load_ms = 6000},
    {.name = "reader-7b", .memory_mb = 4096, .load_ms = 3000},
    {.name = "painter-xl", .memory_mb = 6144, .load_ms = 9000}};
enum { MODELS = sizeof models / sizeof *models, BUDGET_MB = 12288 };

static int64_t clock_ms = 1767225600000; /* 2026-01-01 00:00 UTC */

static int64_t now_ms(void *user) {
  (void)user;
  return clock_ms;
}

static hearth_status load(void *user, const char *model) {
  (void)user;
  for (int i = 0; i < MODELS; ++i) {
    clock_ms += strcmp(models[i].name, model) ? 0 : models[i].load_ms;
  }
  printf("    load   %s\n", model);
  return HEARTH_OK;
}

static void unload(void *user, const char *model) {
  (void)user;
  printf("    unload %s\n", model);
}

/* The heart: the models that the request will want are warmed, it is executed,
   and what happened is recorded.  `choose` stands for the router that decides
   on the model when the request is looked at. */
static hearth_status execute_with_warmup(hearth_predictor *predictor,
                                         const hearth_request *request,
                                         const char *choose) {
  hearth_prediction prediction;
  const char *id = prediction.prediction_id;
  int32_t found = 0;
  int64_t began = clock_ms, wait_ms;
  hearth_status status =
      hearth_predict_and_warm(predictor, request, &prediction);

  if (status != HEARTH_OK) {
    return status;
  }
  status = hearth_predictor_started(predictor, id, request, choose, &found);
  if (status == HEARTH_OK) {
    status = hearth_predictor_wait(predictor, id, -1);
  }
  wait_ms = clock_ms - began;
  if (status != HEARTH_OK) {
    (void)hearth_predictor_finished(predictor, id, HEARTH_REQUEST_FAILED,
                                    wait_ms, -1);
    return status;
  }
  clock_ms += 2000; /* a real one would serve the request here */
  printf("%-10s -> %-10s %s, waited %" PRId64 " ms\n", request->task, choose,
         found == HEARTH_MODEL_WARM ? "warm" : "cold", wait_ms);
  return hearth_predictor_finished(predictor, id, HEARTH_REQUEST_DONE, wait_ms,
                                   clock_ms - began - wait_ms);
}

/* Another plugin takes over; if it can't, the old one goes on. */
static void swap(hearth_predictor *predictor, const char *path) {
  hearth_library *library = NULL;
  hearth_swap_report done;
  char text[256];
  hearth_status status =
      hearth_library_open(path, NULL, &library, text, sizeof text);

  if (status == HEARTH_OK) {
    status = hearth_predictor_swap(predictor, library, NULL, &done, text,
                                   sizeof text);
  }
  if (status == HEARTH_OK) {
    hearth_swap_report_text(&done, text, sizeof text);
  }
  hearth_library_close(library);
  printf("--- %s: %s\n", status == HEARTH_OK ? "swapped" : "not swapped", text);
}

/* A morning of one developer, who does the same things over and over. */
static hearth_status morning(hearth_predictor *predictor, const char *later) {
  static const struct {
    const char *task;
    int model;
  } habit[] = {{"completion", 0}, {"completion", 0}, {"chat", 1},
               {"completion", 0}, {"analysis", 2},   {"generation", 3}};
  hearth_status status = HEARTH_OK;

  for (int i = 0; i < 60 && status == HEARTH_OK; ++i) {
    hearth_request request;

    if (i == 30 && later) {
      swap(predictor, later);
    }
    hearth_request_init(&request);
    request.task = habit[i % 6].task;
    request.input_length = 200;
    request.user.id = "ann";
    request.project.id = "compiler";
    status = execute_with_warmup(predictor, &request,
                                 models[habit[i % 6].model].name);
    clock_ms += 30000; /* she thinks */
    hearth_predictor_tick(predictor);
  }
  return status;
}

static void report(hearth_predictor *predictor) {
  hearth_predictor_metrics metrics;
  hearth_model_metadata metadata;
  hearth_health health;

  hearth_predictor_get_metrics(predictor, &metrics);
  hearth_predictor_get_health(predictor, &health);
  printf("\n%" PRIu64 " requests: %" PRIu64 " warm, %" PRIu64 " cold; %s\n",
         metrics.requests, metrics.warm, metrics.cold, health.status);
  for (int i = 0; i < MODELS; ++i) {
    if (hearth_predictor_get_model_metadata(predictor, models[i].name,
                                            &metadata) == HEARTH_OK) {
      printf("%-10s loads in %" PRId64 " ms\n", models[i].name,
             metadata.load_p50_ms);
    }
  }
}

int main(int argc, char **argv) {
  hearth_predictor_options options = {
      .models = models,
      .model_count = MODELS,
      .budget_mb = BUDGET_MB,
      .orchestrator = {.load = load, .unload = unload},
      .load_lanes = 1,
      .now_ms = now_ms};
  hearth_predictor *predictor = NULL;
  char err[256];
  hearth_status status;

  if (argc != 2 && (argc != 4 || strcmp(argv[2], "--swap") != 0)) {
    fprintf(stderr, "usage: orchestrator PLUGIN.so [--swap PLUGIN.so]\n");
    return 2;
  }
  (void)hearth_settings_init(&options.settings, "development");
  status =
      hearth_library_open(argv[1], NULL, &options.library, err, sizeof err);
  if (status == HEARTH_OK) {
    status = hearth_predictor_create(&options, &predictor, err, sizeof err);
  }
  hearth_library_close(options.library);
  if (status != HEARTH_OK) {
    fprintf(stderr, "orchestrator: %s\n", err);
    return 2;
  }
  status = morning(predictor, argc == 4 ? argv[3] : NULL);
  report(predictor);
  hearth_predictor_destroy(predictor);
  return status == HEARTH_OK ? 0 : 3;
}
