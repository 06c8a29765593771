/* SPDX-License-Identifier: MIT
   A stream of requests made in a test, and what a plugin makes of it. */
#include "tests/foresight/scene.h"

#include <stdio.h>

#include "plugin/sdk/wire/decode.h"
#include "plugin/sdk/wire/encode.h"
#include "tests/unit.h"

#define MODEL_MB 1024
#define LOAD_MS 10000

static hearth_str number(char *text, size_t cap, char letter, uint32_t n) {
  snprintf(text, cap, "%c%u", letter, (unsigned)n);
  return hearth_str_from(text);
}

void scene_begin(scene *s, uint32_t models) {
  const hearth_memory_user memory = hearth_memory_of(NULL);
  CU_ASSERT_EQUAL_FATAL(hearth_trace_init(&s->trace, &memory), HEARTH_OK);
  CU_ASSERT_EQUAL_FATAL(hearth_models_init(&s->models, &memory), HEARTH_OK);
  s->uses = (hearth_uses){0};
  hearth_message_init(&hearth_config_schema, &s->config);
  hearth__random_init(&s->random, 1, 0);
  for (uint32_t m = 0; m < models; m++) {
    char text[16];
    hearth_catalog_model item;
    hearth_message_init(&hearth_catalog_model_schema, &item);
    item.model = number(text, sizeof text, 'm', m);
    item.memory_mb = MODEL_MB;
    item.load_ms = LOAD_MS;
    CU_ASSERT_EQUAL_FATAL(hearth_models_add(&s->models, &item), HEARTH_OK);
  }
}

void scene_end(scene *s) {
  hearth_uses_free(&s->uses);
  hearth_models_free(&s->models);
  hearth_trace_free(&s->trace);
}

void scene_add(scene *s, int64_t at_ms, uint32_t model, int user, int project) {
  char model_text[16], user_text[16], project_text[16];
  hearth_trace_row row;
  hearth_trace_row_init(&row);
  row.ts_ms = at_ms;
  row.duration_ms = 1000;
  row.name[HEARTH_TRACE_MODEL] =
      number(model_text, sizeof model_text, 'm', model);
  if (user >= 0) {
    row.name[HEARTH_TRACE_USER] =
        number(user_text, sizeof user_text, 'u', (uint32_t)user);
  }
  if (project >= 0) {
    row.name[HEARTH_TRACE_PROJECT] =
        number(project_text, sizeof project_text, 'p', (uint32_t)project);
  }
  CU_ASSERT_EQUAL_FATAL(hearth_trace_add(&s->trace, &row), HEARTH_OK);
}

/* A plugin that passes everything on to Foresight, and looks at it. */
static scene_window *watched;
static char guessed[16]; /* the model that the last answer put first */
static int guessing;     /* the last question was before the model is known */

typedef struct tee {
  hearth_sink base; /* first: a tee is a sink */
  hearth_sink *to;
  hearth_buffer copy;
} tee;

static hearth_status write_both(hearth_sink *sink, const void *bytes,
                                uint64_t len) {
  tee *t = (tee *)sink;
  const hearth_status status = t->copy.sink.write(&t->copy.sink, bytes, len);
  return status == HEARTH_OK ? t->to->write(t->to, bytes, len) : status;
}

static int is_chance(double p) {
  return p == -1 || (p >= 0 && p <= 1);
}

static void look_at_answer(hearth_bytes answer) {
  static hearth_plan_model lines[64];
  hearth_model_set set;
  hearth_message_init(&hearth_model_set_schema, &set);
  set.models = (hearth_list){lines, 64, 0};
  CU_ASSERT_EQUAL(
      hearth_decode(&hearth_model_set_schema, answer, &set, NULL, 0),
      HEARTH_OK);
  const uint32_t count = set.models.count < 64 ? set.models.count : 64;
  for (uint32_t i = 0; i < count; i++) {
    watched->wrong += !is_chance(lines[i].confidence);
    watched->wrong += !is_chance(lines[i].p_next);
    for (int h = 0; h < HEARTH_HORIZONS; h++) {
      watched->wrong += !is_chance(lines[i].p_within.p[h]);
    }
  }
  if (set.models.count > watched->lines) {
    watched->lines = set.models.count;
  }
  if (guessing && count > 0) {
    snprintf(guessed, sizeof guessed, "%.*s", (int)lines[0].model.len,
             lines[0].model.data);
  }
}

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes bytes, hearth_sink *out) {
  tee t = {.base = {.size = sizeof t.base, .write = write_both}, .to = out};
  hearth_context context;
  hearth_message_init(&hearth_context_schema, &context);
  CU_ASSERT_EQUAL(
      hearth_decode(&hearth_context_schema, bytes, &context, NULL, 0),
      HEARTH_OK);
  guessing = context.reason == HEARTH_REASON_REQUEST;
  if (guessing) {
    guessed[0] = '\0';
  }
  hearth_buffer_init(&t.copy, 0);
  const hearth_status status =
      foresight_entry.prepare_models(plugin, call, bytes, &t.base);
  if (status == HEARTH_OK) {
    look_at_answer(hearth_buffer_bytes(&t.copy));
  }
  hearth_buffer_free(&t.copy);
  return status;
}

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes bytes) {
  hearth_outcome o;
  char text[16];
  hearth_message_init(&hearth_outcome_schema, &o);
  CU_ASSERT_EQUAL(hearth_decode(&hearth_outcome_schema, bytes, &o, NULL, 0),
                  HEARTH_OK);
  if (o.phase == HEARTH_PHASE_STARTED && o.at_ms >= watched->from_ms &&
      o.at_ms < watched->until_ms &&
      (watched->model == HEARTH_NO_NAME ||
       hearth_str_equal(o.model,
                        number(text, sizeof text, 'm', watched->model)))) {
    watched->requests++;
    watched->hits += hearth_str_equal(o.model, hearth_str_from(guessed)) != 0;
    watched->cold += o.state == HEARTH_STATE_COLD;
  }
  return foresight_entry.record_outcome(plugin, call, bytes);
}

hearth_result scene_run(scene *s, const hearth_plugin_entry *entry,
                        double share, scene_window *window) {
  hearth_plugin_entry witness = *entry;
  hearth_library *library = NULL;
  uint32_t missing;
  char err[256] = "";
  if (window != NULL) {
    watched = window;
    witness.prepare_models = prepare;
    witness.record_outcome = record;
  }
  if (s->uses.start == NULL) {
    CU_ASSERT_EQUAL_FATAL(hearth_models_match(&s->models, &s->trace, &missing),
                          HEARTH_OK);
    CU_ASSERT_EQUAL_FATAL(hearth_uses_init(&s->uses, &s->trace, &s->models),
                          HEARTH_OK);
  }
  CU_ASSERT_EQUAL_FATAL(hearth_library_wrap(&witness, entry->name, NULL,
                                            &library, err, sizeof err),
                        HEARTH_OK);
  const hearth_setting setting = {
      .budget_mb = share * hearth_models_total_mb(&s->models),
      .share = -1,
      .idle_price = -1,
      .load_lanes = 2};
  const hearth_replay_options options = {.trace = &s->trace,
                                         .models = &s->models,
                                         .uses = &s->uses,
                                         .setting = &setting,
                                         .config = &s->config};
  hearth_result result = {0};
  CU_ASSERT_EQUAL_FATAL(
      hearth_replay(library, &options, &result, err, sizeof err), HEARTH_OK);
  hearth_library_close(library);
  return result;
}

scene_waits scene_compare(scene *s, double share, scene_window *window) {
  hearth_result ours = scene_run(s, &foresight_entry, share, window);
  hearth_result lru = scene_run(s, &lru_entry, share, NULL);
  const scene_waits waits = {ours.cold_wait_s, lru.cold_wait_s};
  hearth_result_free(&ours);
  hearth_result_free(&lru);
  return waits;
}

double scene_hit(scene *s, double share, int64_t from_ms, int64_t until_ms) {
  scene_window window = {
      .from_ms = from_ms, .until_ms = until_ms, .model = HEARTH_NO_NAME};
  hearth_result result = scene_run(s, &foresight_entry, share, &window);
  hearth_result_free(&result);
  CU_ASSERT_EQUAL(window.wrong, 0);
  return (double)window.hits / (double)window.requests;
}
