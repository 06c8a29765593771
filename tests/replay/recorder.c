/* SPDX-License-Identifier: MIT
   A plugin that writes down what it is told. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "hearth/ext/predict.h"
#include "plugin/sdk/wire/decode.h"
#include "plugin/sdk/wire/encode.h"
#include "tests/replay/setup.h"
#include "tests/unit.h"

recorder recorded;

struct hearth_plugin {
  int unused;
};

static hearth_plugin instance;

void recorder_reset(void) {
  recorded = (recorder){0};
}

static void write_down(const char *format, ...) {
  const size_t len = strlen(recorded.told);
  va_list args;
  va_start(args, format);
  vsnprintf(recorded.told + len, sizeof recorded.told - len, format, args);
  va_end(args);
}

/* The status of this message: the n-th may have to fail. */
static hearth_status count(const hearth_call *call) {
  if (++recorded.calls != recorded.fail_call) {
    return HEARTH_OK;
  }
  if (recorded.fail_words != NULL && call->err != NULL) {
    snprintf(call->err, call->err_cap, "%s", recorded.fail_words);
  }
  return recorded.fail_status;
}

static hearth_status create(const hearth_plugin_entry *self,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes config, hearth_plugin **out) {
  (void)self, (void)host, (void)config;
  const hearth_status status = count(call);
  if (status == HEARTH_OK) {
    *out = &instance;
  }
  return status;
}

static void destroy(hearth_plugin *plugin) {
  (void)plugin;
}

static hearth_status set_catalog(hearth_plugin *plugin, const hearth_call *call,
                                 hearth_bytes bytes) {
  hearth_catalog_model models[8];
  hearth_catalog catalog;
  (void)plugin;
  hearth_message_init(&hearth_catalog_schema, &catalog);
  catalog.models = (hearth_list){models, 8, 0};
  CU_ASSERT_EQUAL(
      hearth_decode(&hearth_catalog_schema, bytes, &catalog, NULL, 0),
      HEARTH_OK);
  write_down("catalog");
  for (uint32_t i = 0; i < catalog.models.count && i < 8; i++) {
    write_down(":%.*s", (int)models[i].model.len, models[i].model.data);
  }
  return count(call);
}

static hearth_status answer(const hearth_context *context, hearth_sink *out) {
  hearth_plan_model models[8];
  hearth_model_set set;
  if (recorded.answer == NULL) {
    return HEARTH_NO_OPINION;
  }
  hearth_message_init(&hearth_model_set_schema, &set);
  set.models = (hearth_list){models, 8, 0};
  const hearth_status status = recorded.answer(context, &set);
  return status == HEARTH_OK
             ? hearth_encode(&hearth_model_set_schema, &set, out)
             : status;
}

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes bytes, hearth_sink *out) {
  static const char *const reasons[] = {"request", "settled", "tick"};
  hearth_context context;
  (void)plugin;
  hearth_message_init(&hearth_context_schema, &context);
  CU_ASSERT_EQUAL(
      hearth_decode(&hearth_context_schema, bytes, &context, NULL, 0),
      HEARTH_OK);
  if (recorded.calls <= 2) {
    recorded.first = context;
  }
  write_down(" %s", reasons[context.reason]);
  if (context.request_id.len > 0) {
    write_down("#%.*s", (int)context.request_id.len, context.request_id.data);
  }
  write_down("@%" PRId64, context.now_ms);
  const hearth_status status = count(call);
  return status == HEARTH_OK ? answer(&context, out) : status;
}

static hearth_status predict(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes bytes, hearth_sink *out) {
  hearth_context context;
  (void)plugin;
  hearth_message_init(&hearth_context_schema, &context);
  CU_ASSERT_EQUAL(
      hearth_decode(&hearth_context_schema, bytes, &context, NULL, 0),
      HEARTH_OK);
  write_down(" predict@%" PRId64, context.now_ms);
  const hearth_status status = count(call);
  return status == HEARTH_OK ? answer(&context, out) : status;
}

static void write_phase(const hearth_outcome *o) {
  static const char *const phases[] = {
      "started", "finished",       "failed",  "cancelled",
      "loaded",  "load_cancelled", "evicted", "feedback"};
  static const char *const states[] = {"?", "cold", "loading", "warm"};
  static const char *const loads[] = {"?", "demand", "prewarm"};
  write_down(" %s", phases[o->phase]);
  if (o->request_id.len > 0) {
    write_down("#%.*s", (int)o->request_id.len, o->request_id.data);
  }
  write_down("@%" PRId64, o->at_ms);
  if (o->phase == HEARTH_PHASE_FINISHED) {
    write_down(":+%" PRId64 ":%" PRId64, o->wait_ms, o->duration_ms);
    return;
  }
  write_down(":%.*s", (int)o->model.len, o->model.data);
  if (o->phase == HEARTH_PHASE_STARTED) {
    write_down(":%s", states[o->state]);
  } else if (o->phase == HEARTH_PHASE_LOADED) {
    write_down(":%s", loads[o->load]);
  }
}

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes bytes) {
  hearth_outcome outcome;
  (void)plugin;
  hearth_message_init(&hearth_outcome_schema, &outcome);
  CU_ASSERT_EQUAL(
      hearth_decode(&hearth_outcome_schema, bytes, &outcome, NULL, 0),
      HEARTH_OK);
  write_phase(&outcome);
  return count(call);
}

static const void *get_extension(hearth_plugin *plugin, const char *id) {
  static const hearth_predict extension = {.size = sizeof extension,
                                           .predict = predict};
  (void)plugin;
  return recorded.predicts && strcmp(id, HEARTH_EXT_PREDICT) == 0 ? &extension
                                                                  : NULL;
}

static hearth_status metadata(hearth_plugin *plugin, const hearth_call *call,
                              hearth_bytes query, hearth_sink *out) {
  (void)plugin, (void)call, (void)query, (void)out;
  return HEARTH_UNSUPPORTED;
}

static const hearth_plugin_entry entry = {.size = sizeof entry,
                                          .abi_minor = HEARTH_ABI_MINOR,
                                          .id = "org.hearth.tests.recorder",
                                          .name = "recorder",
                                          .version = "1.0.0",
                                          .create = create,
                                          .destroy = destroy,
                                          .set_catalog = set_catalog,
                                          .prepare_models = prepare,
                                          .get_model_metadata = metadata,
                                          .record_outcome = record,
                                          .get_extension = get_extension};

hearth_library *recorder_library(void) {
  hearth_library *library = NULL;
  char err[256] = "";
  CU_ASSERT_EQUAL_FATAL(
      hearth_library_wrap(&entry, "recorder", NULL, &library, err, sizeof err),
      HEARTH_OK);
  return library;
}

hearth_plan_model *recorder_add(hearth_model_set *set, const char *model,
                                int32_t action) {
  hearth_plan_model *line =
      (hearth_plan_model *)set->models.items + set->models.count++;
  hearth_message_init(&hearth_plan_model_schema, line);
  line->model = hearth_str_from(model);
  line->action = action;
  return line;
}
