/* SPDX-License-Identifier: MIT */
#include "plugin/sdk/wire/decode.h"

#include <stdlib.h>
#include <string.h>

#include "plugin/sdk/wire/messages.h"
#include "tests/unit.h"

#define BYTES(literal)                                                         \
  (hearth_bytes) {                                                             \
    (const uint8_t *)literal, sizeof literal - 1                               \
  }

static char err[256];

static hearth_status decode(const hearth_schema *schema, hearth_bytes bytes,
                            void *message) {
  err[0] = '\0';
  return hearth_decode(schema, bytes, message, err, sizeof err);
}

/* {"now_ms": 5, "reason": "tick", "user": {"recent_activities": [a, b, c],
   "preferences": {k: v, l: w}}} */
#define LISTS                                                                  \
  "\x83\xa6now_ms\x05\xa6reason\xa4tick\xa4user\x82\xb1recent_activities"      \
  "\x93\xa1"                                                                   \
  "a\xa1"                                                                      \
  "b\xa1"                                                                      \
  "c\xabpreferences\x82\xa1k\xa1v\xa1l\xa1w"

/* The first `cap` items are kept, the count says how many there were. */
static void test_lists_in_their_room(void) {
  for (uint32_t cap = 0; cap <= 4; cap++) {
    hearth_context context;
    hearth_str activities[4] = {{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};
    hearth_pair preferences[4];
    memset(preferences, 0, sizeof preferences);
    hearth_message_init(&hearth_context_schema, &context);
    context.user.recent_activities = (hearth_list){activities, cap, 0};
    context.user.preferences = (hearth_list){preferences, cap, 0};
    CU_ASSERT_EQUAL(decode(&hearth_context_schema, BYTES(LISTS), &context),
                    HEARTH_OK);
    CU_ASSERT_STRING_EQUAL(err, "");
    CU_ASSERT_EQUAL(context.user.recent_activities.count, 3);
    CU_ASSERT_EQUAL(context.user.preferences.count, 2);
    for (uint32_t i = 0; i < 4; i++) {
      const int kept = i < cap && i < 3;
      CU_ASSERT_EQUAL(activities[i].len, kept ? 1 : 0);
      CU_ASSERT(!kept || activities[i].data[0] == "abc"[i]);
      CU_ASSERT_EQUAL(preferences[i].key.len, i < cap && i < 2 ? 1 : 0);
    }
  }
}

static void test_strings_point_into_the_input(void) {
  static const uint8_t text[] = "\x81\xa5model\xa4phi3";
  hearth_metadata_query query;
  const hearth_bytes bytes = {text, sizeof text - 1};
  CU_ASSERT_EQUAL(decode(&hearth_metadata_query_schema, bytes, &query),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(query.model.len, 4);
  CU_ASSERT_EQUAL(query.now_ms, -1);
  CU_ASSERT_PTR_EQUAL(query.model.data, (const char *)text + 8);
}

/* What one message said must not show in the next. */
static void test_a_struct_used_again(void) {
  hearth_context context;
  hearth_str activities[3];
  hearth_message_init(&hearth_context_schema, &context);
  context.user.recent_activities = (hearth_list){activities, 3, 0};
  CU_ASSERT_EQUAL(decode(&hearth_context_schema, BYTES(LISTS), &context),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(decode(&hearth_context_schema,
                         BYTES("\x82\xa6now_ms\x06\xa6reason\xa7request"),
                         &context),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(context.user.recent_activities.count, 0);
  CU_ASSERT_EQUAL(context.user.recent_activities.cap, 3);
  CU_ASSERT_EQUAL(context.now_ms, 6);
  CU_ASSERT_EQUAL(context.reason, HEARTH_REASON_REQUEST);
}

/* Elements keep the room of their own lists, and get defaults for the rest. */
static void test_lists_within_elements(void) {
  static const char text[] =
      "\x81\xa6models\x92\x82\xa5model\xa1"
      "a\xa7reasons\x92\x81\xa6signal\xa1x\x81\xa6signal\xa1y"
      "\x82\xa5model\xa1"
      "b\xa7reasons\x91\x81\xa6signal\xa1z";
  hearth_model_set set;
  hearth_plan_model models[2];
  hearth_reason reasons[2];
  hearth_message_init(&hearth_model_set_schema, &set);
  for (int i = 0; i < 2; i++) {
    hearth_message_init(&hearth_plan_model_schema, &models[i]);
    models[i].p_next = 7;
  }
  models[0].reasons = (hearth_list){reasons, 2, 0};
  set.models = (hearth_list){models, 2, 0};
  CU_ASSERT_EQUAL(decode(&hearth_model_set_schema, BYTES(text), &set),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(models[0].reasons.count, 2);
  CU_ASSERT_EQUAL(reasons[1].signal.data[0], 'y');
  CU_ASSERT_EQUAL(models[1].reasons.count, 1);
  CU_ASSERT_EQUAL(models[1].reasons.cap, 0);
  CU_ASSERT_EQUAL(models[0].p_next, -1);
  CU_ASSERT_EQUAL(models[1].p_within.p[2], -1);
}

/* A known key with a NUL behind it, or cut short, is another key. */
static void test_keys_match_whole(void) {
  hearth_metadata_query query;
  CU_ASSERT_EQUAL(decode(&hearth_metadata_query_schema,
                         BYTES("\x83\xa5model\xa1"
                               "a\xa6model\0\x01\xa4mode\x02"),
                         &query),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(query.model.len, 1);
}

static void test_an_empty_string_is_not_null(void) {
  hearth_outcome outcome;
  CU_ASSERT_EQUAL(decode(&hearth_outcome_schema,
                         BYTES("\x83\xa5"
                               "at_ms\x01\xa5phase\xa6"
                               "failed\xa4task\xa0"),
                         &outcome),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(outcome.task.len, 0);
  CU_ASSERT_PTR_NOT_NULL(outcome.task.data);
  CU_ASSERT_PTR_NULL(outcome.request_id.data);
}

/* The sentence is cut to the room that it has, always with its NUL. */
static void test_room_for_the_error(void) {
  static const char sentence[] = "MetadataQuery.model: missing";
  hearth_metadata_query query;
  for (uint64_t cap = 0; cap < 40; cap++) {
    char *const text = malloc(cap + 1);
    text[0] = 'x';
    text[cap] = 'x';
    CU_ASSERT_EQUAL(hearth_decode(&hearth_metadata_query_schema, BYTES("\x80"),
                                  &query, text, cap),
                    HEARTH_BAD_PAYLOAD);
    CU_ASSERT_EQUAL(text[cap], 'x');
    if (cap > 0) {
      const size_t len = cap < sizeof sentence ? cap - 1 : strlen(sentence);
      CU_ASSERT_EQUAL(strlen(text), len);
      CU_ASSERT_EQUAL(strncmp(text, sentence, len), 0);
    }
    free(text);
  }
  CU_ASSERT_EQUAL(hearth_decode(&hearth_metadata_query_schema, BYTES("\x80"),
                                &query, NULL, 100),
                  HEARTH_BAD_PAYLOAD);
}

static void test_too_many_bytes(void) {
  hearth_metadata_query query;
  const hearth_bytes bytes = {(const uint8_t *)"\x80",
                              HEARTH_WIRE_MAX_BYTES + 1};
  CU_ASSERT_EQUAL(decode(&hearth_metadata_query_schema, bytes, &query),
                  HEARTH_BAD_PAYLOAD);
  CU_ASSERT_STRING_EQUAL(err, "MetadataQuery: more than 268435456 bytes");
}

/* {"model": a string of so many bytes} */
static hearth_status decode_long(size_t len) {
  uint8_t *const bytes = malloc(12 + len);
  memcpy(bytes, "\x81\xa5model\xdb\0", 9);
  bytes[9] = (uint8_t)(len >> 16);
  bytes[10] = (uint8_t)(len >> 8);
  bytes[11] = (uint8_t)len;
  memset(bytes + 12, 'm', len);
  hearth_metadata_query query;
  const hearth_status status = decode(&hearth_metadata_query_schema,
                                      (hearth_bytes){bytes, 12 + len}, &query);
  free(bytes);
  return status;
}

static void test_long_strings(void) {
  CU_ASSERT_EQUAL(decode_long(65536), HEARTH_OK);
  CU_ASSERT_EQUAL(decode_long(65537), HEARTH_BAD_PAYLOAD);
  CU_ASSERT_STRING_EQUAL(
      err, "MetadataQuery.model: a string of more than 65536 bytes");
}

UNIT_MAIN("wire decode", UNIT(test_lists_in_their_room),
          UNIT(test_strings_point_into_the_input),
          UNIT(test_a_struct_used_again), UNIT(test_lists_within_elements),
          UNIT(test_keys_match_whole), UNIT(test_an_empty_string_is_not_null),
          UNIT(test_room_for_the_error), UNIT(test_too_many_bytes),
          UNIT(test_long_strings))
