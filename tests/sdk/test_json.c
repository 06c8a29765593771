/* SPDX-License-Identifier: MIT */
#include "host-sdk/json/message_json.h"

#include <stdlib.h>
#include <string.h>

#include "plugin/sdk/wire/messages.h"
#include "tests/unit.h"

static char err[256];

/* The message back as JSON text, with sorted keys; freed by the caller. */
static char *there_and_back(const hearth_schema *schema, const char *text,
                            void *message) {
  hearth_arena arena = {NULL};
  json_t *const in = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
  char *out = NULL;
  err[0] = '\0';
  if (hearth_message_from_json(schema, in, message, &arena, err, sizeof err) ==
      HEARTH_OK) {
    json_t *const back = hearth_message_to_json(schema, message);
    out = json_dumps(back, JSON_SORT_KEYS | JSON_COMPACT);
    json_decref(back);
  }
  json_decref(in);
  hearth_arena_free(&arena);
  return out;
}

static void check(const hearth_schema *schema, const char *text,
                  const char *want) {
  char message[2048];
  char *const got = there_and_back(schema, text, message);
  CU_ASSERT_PTR_NOT_NULL(got);
  if (got) {
    CU_ASSERT_STRING_EQUAL(got, want);
  }
  free(got);
}

static void refuse(const hearth_schema *schema, const char *text,
                   const char *sentence) {
  char message[2048];
  char *const got = there_and_back(schema, text, message);
  CU_ASSERT_PTR_NULL(got);
  CU_ASSERT_STRING_EQUAL(err, sentence);
  free(got);
}

static void test_there_and_back(void) {
  check(&hearth_config_schema, "{}", "{}");
  check(&hearth_config_schema,
        "{\"seed\": 7, \"decay_rate\": 1, \"learning_rate\": 1}",
        "{\"learning_rate\":1.0,\"seed\":7}");
  check(&hearth_metadata_query_schema, "{\"model\": \"a\\u0000b\"}",
        "{\"model\":\"a\\u0000b\"}");
  check(&hearth_model_set_schema,
        "{\"models\": [{\"model\": \"a\", \"reasons\": [{\"signal\": \"x\"}, "
        "{\"signal\": \"y\", \"weight\": 2}]}, {\"model\": \"b\"}]}",
        "{\"models\":[{\"model\":\"a\",\"reasons\":[{\"signal\":\"x\"},"
        "{\"signal\":\"y\",\"weight\":2.0}]},{\"model\":\"b\"}]}");
}

/* The sentences are the decoder's. */
static void test_refusals(void) {
  refuse(&hearth_outcome_schema, "[]", "Outcome: want a map, got an array");
  refuse(&hearth_outcome_schema, "{\"at_ms\": \"x\", \"phase\": \"failed\"}",
         "Outcome.at_ms: want an integer, got a string");
  refuse(&hearth_outcome_schema, "{\"at_ms\": 1.5, \"phase\": \"failed\"}",
         "Outcome.at_ms: want an integer, got a float with a fraction");
  refuse(&hearth_outcome_schema, "{\"at_ms\": null, \"phase\": \"failed\"}",
         "Outcome.at_ms: want an integer, got nil");
  refuse(&hearth_config_schema, "{\"background_warmup_enabled\": 1}",
         "Config.background_warmup_enabled: want a boolean, got an integer");
}

static void test_too_deep(void) {
  char text[2100];
  memset(text, '[', 1000);
  memset(text + 1000, ']', 1000);
  text[2000] = '\0';
  char whole[2200] = "{\"x\": ";
  strcat(strcat(whole, text), "}");
  refuse(&hearth_config_schema, whole, "Config.?: nested more than 16 deep");
}

/* Bytes that are not UTF-8 can be in a message, but not in JSON. */
static void test_not_utf8(void) {
  hearth_metadata_query query;
  hearth_message_init(&hearth_metadata_query_schema, &query);
  query.model = (hearth_str){"a\xff"
                             "b",
                             3};
  json_t *const json =
      hearth_message_to_json(&hearth_metadata_query_schema, &query);
  CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(json, "model")),
                         "a?b");
  json_decref(json);
}

static void test_impossible_members(void) {
  hearth_plan_model model;
  hearth_message_init(&hearth_plan_model_schema, &model);
  model.action = 9;
  CU_ASSERT_PTR_NULL(hearth_message_to_json(&hearth_plan_model_schema, &model));
  hearth_message_init(&hearth_plan_model_schema, &model);
  double zero = 0;
  model.p_next = zero / zero;
  CU_ASSERT_PTR_NULL(hearth_message_to_json(&hearth_plan_model_schema, &model));
}

static size_t fail_at, calls;

static void *failing_malloc(size_t len) {
  return ++calls >= fail_at ? NULL : malloc(len);
}

/* jansson's memory fails from its nth call on. */
static void test_no_memory(void) {
  hearth_str activities[2] = {{"a", 1}, {"\xff", 1}};
  hearth_pair preferences[1] = {{{"k", 1}, {"v", 1}}};
  hearth_resident resident[1] = {{{"m", 1}, HEARTH_STATE_WARM, 1}};
  hearth_context context;
  hearth_message_init(&hearth_context_schema, &context);
  context.user.recent_activities = (hearth_list){activities, 2, 2};
  context.user.preferences = (hearth_list){preferences, 1, 1};
  context.pool.resident = (hearth_list){resident, 1, 1};
  json_t *json = NULL;
  for (fail_at = 1; !json; fail_at++) {
    calls = 0;
    json_set_alloc_funcs(failing_malloc, free);
    json = hearth_message_to_json(&hearth_context_schema, &context);
    json_set_alloc_funcs(malloc, free);
  }
  CU_ASSERT(fail_at > 20);
  json_decref(json);
}

UNIT_MAIN("message json", UNIT(test_there_and_back), UNIT(test_refusals),
          UNIT(test_too_deep), UNIT(test_not_utf8),
          UNIT(test_impossible_members), UNIT(test_no_memory))
