/* SPDX-License-Identifier: MIT
   A plugin that says what a test wants, and an orchestrator that writes down
   what it is asked for. */
#include "tests/host/scripted.h"

#include <stdio.h>
#include <string.h>

#include "plugin/sdk/memory.h"
#include "plugin/sdk/wire/decode.h"
#include "plugin/sdk/wire/encode.h"
#include "tests/unit.h"

scripted_plugin scripted;
scripted_orchestrator orchestrator;

struct hearth_plugin {
  hearth_memory_user memory;
};

void scripted_reset(void) {
  memset(&scripted, 0, sizeof(scripted));
  for (int i = 0; i < 4; ++i) {
    scripted.answers[i].status = HEARTH_NO_OPINION;
    scripted.answers[i].review_at_ms = -1;
    scripted.answers[i].confidence = -1;
  }
  memset(&orchestrator, 0, sizeof(orchestrator));
  orchestrator.now_ms = 1000000;
}

void scripted_plan(int reason, const char *model, int action,
                   double confidence) {
  scripted_answer *answer = &scripted.answers[reason];
  hearth_plan_model *line = &answer->models[answer->count++];

  answer->status = HEARTH_OK;
  hearth_message_init(&hearth_plan_model_schema, line);
  line->model = hearth_str_from(model);
  line->action = action;
  line->confidence = confidence;
}

static hearth_status create(const hearth_plugin_entry *self,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes config, hearth_plugin **out) {
  hearth_memory_user memory = hearth_memory_of(host);
  hearth_catalog_model models[16];
  hearth_plugin *plugin;
  hearth_config got;

  (void)self;
  hearth_message_init(&hearth_config_schema, &got);
  got.models.items = models;
  got.models.cap = 16;
  if (hearth_decode(&hearth_config_schema, config, &got, call->err,
                    call->err_cap) != HEARTH_OK) {
    return HEARTH_BAD_PAYLOAD;
  }
  scripted.threshold = got.prediction_threshold;
  scripted.catalog_models = got.models.count;
  plugin = hearth_zalloc(&memory, 1, sizeof(*plugin) + scripted.wants_bytes);
  if (!plugin) {
    return HEARTH_NO_MEMORY;
  }
  plugin->memory = memory;
  *out = plugin;
  return HEARTH_OK;
}

static void destroy(hearth_plugin *plugin) {
  hearth_memory_user memory;

  if (plugin) {
    memory = plugin->memory;
    hearth_release(&memory, plugin);
  }
}

static hearth_status set_catalog(hearth_plugin *plugin, const hearth_call *call,
                                 hearth_bytes bytes) {
  hearth_catalog_model models[16];
  hearth_catalog got;

  (void)plugin;
  (void)call;
  hearth_message_init(&hearth_catalog_schema, &got);
  got.models.items = models;
  got.models.cap = 16;
  if (hearth_decode(&hearth_catalog_schema, bytes, &got, NULL, 0) !=
      HEARTH_OK) {
    return HEARTH_BAD_PAYLOAD;
  }
  scripted.catalog_models = got.models.count;
  return HEARTH_OK;
}

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes bytes, hearth_sink *out) {
  hearth_resident residents[16];
  hearth_context context;
  scripted_answer *answer;
  hearth_model_set set;

  (void)plugin;
  (void)call;
  hearth_message_init(&hearth_context_schema, &context);
  context.pool.resident.items = residents;
  context.pool.resident.cap = 16;
  if (hearth_decode(&hearth_context_schema, bytes, &context, NULL, 0) !=
      HEARTH_OK) {
    return HEARTH_BAD_PAYLOAD;
  }
  scripted.pool = context.pool;
  scripted.residents = context.pool.resident.count;
  answer = &scripted.answers[context.reason];
  ++scripted.asked[context.reason];
  if (answer->raw) {
    return out->write(out, answer->raw, strlen(answer->raw));
  }
  if (answer->status != HEARTH_OK) {
    return answer->status;
  }
  hearth_message_init(&hearth_model_set_schema, &set);
  set.request_id = context.request_id;
  set.now_ms = context.now_ms;
  set.confidence = answer->confidence;
  set.review_at_ms = answer->review_at_ms;
  set.models.items = answer->models;
  set.models.cap = set.models.count = answer->count;
  return hearth_encode(&hearth_model_set_schema, &set, out);
}

static hearth_status metadata(hearth_plugin *plugin, const hearth_call *call,
                              hearth_bytes bytes, hearth_sink *out) {
  hearth_metadata_query query;
  hearth_metadata answer;

  (void)plugin;
  (void)call;
  hearth_message_init(&hearth_metadata_query_schema, &query);
  if (hearth_decode(&hearth_metadata_query_schema, bytes, &query, NULL, 0) !=
      HEARTH_OK) {
    return HEARTH_BAD_PAYLOAD;
  }
  hearth_message_init(&hearth_metadata_schema, &answer);
  answer.model = query.model;
  answer.expected_load_ms.p50 = 2000;
  answer.expected_load_ms.p90 = 3000;
  answer.resource_requirements.memory_mb = 100;
  answer.usage.requests = 7;
  return hearth_encode(&hearth_metadata_schema, &answer, out);
}

static void write_outcome(const hearth_outcome *outcome) {
  static const char *const phases[] = {
      "started", "finished",       "failed",  "cancelled",
      "loaded",  "load_cancelled", "evicted", "feedback"};
  static const char *const states[] = {"", ":cold", ":loading", ":warm"};
  static const char *const loads[] = {"", ":demand", ":prewarm"};
  hearth_str model =
      outcome->model.len ? outcome->model : outcome->actual_model;
  size_t len = strlen(scripted.told);

  (void)snprintf(scripted.told + len, sizeof(scripted.told) - len,
                 "%s:%.*s%s%s ", phases[outcome->phase], (int)model.len,
                 model.data ? model.data : "", states[outcome->state],
                 loads[outcome->load]);
}

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes bytes) {
  hearth_outcome outcome;

  (void)plugin;
  (void)call;
  hearth_message_init(&hearth_outcome_schema, &outcome);
  if (hearth_decode(&hearth_outcome_schema, bytes, &outcome, NULL, 0) !=
      HEARTH_OK) {
    return HEARTH_BAD_PAYLOAD;
  }
  write_outcome(&outcome);
  return scripted.record_status;
}

static const hearth_plugin_entry entry = {.size = sizeof(entry),
                                          .abi_minor = HEARTH_ABI_MINOR,
                                          .id = "org.hearth.tests.scripted",
                                          .name = "scripted",
                                          .version = "1.0.0",
                                          .create = create,
                                          .destroy = destroy,
                                          .set_catalog = set_catalog,
                                          .prepare_models = prepare,
                                          .get_model_metadata = metadata,
                                          .record_outcome = record};

hearth_library *scripted_library(void) {
  hearth_library *library = NULL;

  CU_ASSERT_EQUAL_FATAL(
      hearth_library_wrap(&entry, "scripted", NULL, &library, NULL, 0),
      HEARTH_OK);
  return library;
}

static void write_call(const char *what, const char *model) {
  size_t len = strlen(orchestrator.calls);

  (void)snprintf(orchestrator.calls + len, sizeof(orchestrator.calls) - len,
                 "%s:%s ", what, model);
}

static hearth_status load(void *user, const char *model) {
  (void)user;
  write_call("load", model);
  return orchestrator.load_status;
}

static void unload(void *user, const char *model) {
  (void)user;
  write_call("unload", model);
}

static void list(void *user, void (*found)(void *context, const char *model),
                 void *context) {
  (void)user;
  for (size_t i = 0; orchestrator.listed[i]; ++i) {
    found(context, orchestrator.listed[i]);
  }
}

static int64_t now_ms(void *user) {
  (void)user;
  return orchestrator.now_ms;
}

static uint64_t monotonic_ns(void *user) {
  (void)user;
  return orchestrator.monotonic_ns += orchestrator.monotonic_step;
}

static double cpu_percent(void *user) {
  (void)user;
  return orchestrator.cpu_percent;
}

void scripted_options(hearth_predictor_options *options, const char *profile,
                      double budget_mb) {
  static const hearth_model models[] = {{"a", 100, 1000, 0, NULL, NULL},
                                        {"b", 100, 1000, 0, NULL, NULL},
                                        {"c", 100, 1000, 0, NULL, NULL},
                                        {"d", 100, 1000, 0, NULL, NULL}};

  memset(options, 0, sizeof(*options));
  options->models = models;
  options->model_count = 4;
  options->orchestrator.load = load;
  options->orchestrator.unload = unload;
  options->orchestrator.list = list;
  CU_ASSERT_EQUAL_FATAL(hearth_settings_init(&options->settings, profile),
                        HEARTH_OK);
  options->budget_mb = budget_mb;
  options->load_lanes = 2;
  options->now_ms = now_ms;
  options->monotonic_ns = monotonic_ns;
  options->cpu_percent = cpu_percent;
}

hearth_predictor *scripted_create(const hearth_predictor_options *options) {
  hearth_predictor_options with = *options;
  hearth_predictor *predictor = NULL;
  char err[256] = "";

  with.library = scripted_library();
  CU_ASSERT_EQUAL(hearth_predictor_create(&with, &predictor, err, sizeof(err)),
                  HEARTH_OK);
  if (!predictor) {
    printf("# %s\n", err);
  }
  hearth_library_close(with.library);
  return predictor;
}

hearth_request scripted_request(const char *id, const char *task,
                                const char *user) {
  hearth_request request;

  hearth_request_init(&request);
  request.id = id;
  request.task = task;
  request.user.id = user;
  return request;
}

void scripted_serve(hearth_predictor *predictor, const char *id,
                    const char *user, const char *model) {
  hearth_request request = scripted_request(id, "chat", user);
  hearth_prediction prediction;

  CU_ASSERT_EQUAL(hearth_predict_and_warm(predictor, &request, &prediction),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(
      hearth_predictor_started(predictor, id, &request, model, NULL),
      HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_predictor_wait(predictor, id, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(
      hearth_predictor_finished(predictor, id, HEARTH_REQUEST_DONE, 0, 10),
      HEARTH_OK);
}
