/* SPDX-License-Identifier: MIT */
#include "plugin/sdk/wire/encode.h"

#include <stdlib.h>
#include <string.h>

#include "plugin/sdk/wire/decode.h"
#include "plugin/sdk/wire/messages.h"
#include "tests/unit.h"

static int holds(const hearth_buffer *buffer, const char *bytes, size_t len) {
  return buffer->len == len && memcmp(buffer->data, bytes, len) == 0;
}

#define HOLDS(buffer, literal) holds(buffer, literal, sizeof literal - 1)

static void test_defaults_are_left_out(void) {
  hearth_config config;
  hearth_buffer buffer;
  hearth_buffer_init(&buffer, 0);
  hearth_message_init(&hearth_config_schema, &config);
  CU_ASSERT_EQUAL(hearth_encode(&hearth_config_schema, &config, &buffer.sink),
                  HEARTH_OK);
  CU_ASSERT(HOLDS(&buffer, "\x80"));
  buffer.len = 0;
  config.seed = 300;
  config.background_warmup_enabled = 0;
  CU_ASSERT_EQUAL(hearth_encode(&hearth_config_schema, &config, &buffer.sink),
                  HEARTH_OK);
  CU_ASSERT(HOLDS(&buffer,
                  "\x82\xb9"
                  "background_warmup_enabled\xc2\xa4seed\xcd\x01\x2c"));
  hearth_buffer_free(&buffer);
}

/* A required member is written whatever it holds, a list with fewer items than
   its count says as far as it goes. */
static void test_required_and_short_lists(void) {
  hearth_model_set set;
  hearth_plan_model model;
  hearth_buffer buffer;
  hearth_buffer_init(&buffer, 0);
  hearth_message_init(&hearth_model_set_schema, &set);
  hearth_message_init(&hearth_plan_model_schema, &model);
  CU_ASSERT_EQUAL(hearth_encode(&hearth_model_set_schema, &set, &buffer.sink),
                  HEARTH_OK);
  CU_ASSERT(HOLDS(&buffer, "\x81\xa6models\x90"));
  buffer.len = 0;
  model.model = hearth_str_from("m");
  set.models = (hearth_list){&model, 1, 5};
  CU_ASSERT_EQUAL(hearth_encode(&hearth_model_set_schema, &set, &buffer.sink),
                  HEARTH_OK);
  CU_ASSERT(HOLDS(&buffer, "\x81\xa6models\x91\x81\xa5model\xa1m"));
  hearth_buffer_free(&buffer);
}

/* A message of some kilobytes, so that the small buffer runs over. */
static void big_context(hearth_context *context, char *text, size_t len) {
  static hearth_str activities[40];
  hearth_message_init(&hearth_context_schema, context);
  memset(text, 'a', len);
  context->now_ms = 1;
  context->preferred_hardware = (hearth_str){text, len};
  for (int i = 0; i < 40; i++) {
    activities[i] = (hearth_str){text, 90};
  }
  context->user.recent_activities = (hearth_list){activities, 40, 40};
  context->project.id = (hearth_str){text, 30};
}

/* A sink that fails at its nth write. */
typedef struct failing_sink {
  hearth_sink sink;
  unsigned writes, fail_at;
  hearth_status status;
} failing_sink;

static hearth_status fail_later(hearth_sink *sink, const void *data,
                                uint64_t len) {
  failing_sink *const f = (failing_sink *)(void *)sink;
  CU_ASSERT(data && len);
  CU_ASSERT(f->writes < f->fail_at); /* none after the failure */
  return ++f->writes == f->fail_at ? f->status : HEARTH_OK;
}

static void test_failing_sinks(void) {
  static char text[5000];
  hearth_context context;
  big_context(&context, text, sizeof text);
  unsigned fail_at = 1;
  for (;; fail_at++) {
    failing_sink f = {{sizeof(hearth_sink), 0, fail_later},
                      0,
                      fail_at,
                      fail_at % 2 ? HEARTH_LIMIT : HEARTH_NO_MEMORY};
    const hearth_status status =
        hearth_encode(&hearth_context_schema, &context, &f.sink);
    if (status == HEARTH_OK) {
      CU_ASSERT_EQUAL(f.writes, fail_at - 1);
      break;
    }
    CU_ASSERT_EQUAL(status, f.status);
  }
  CU_ASSERT(fail_at > 5);
}

static void test_a_buffers_limit(void) {
  static char text[5000];
  hearth_context context;
  hearth_buffer buffer;
  big_context(&context, text, sizeof text);
  hearth_buffer_init(&buffer, 0);
  CU_ASSERT_EQUAL(hearth_encode(&hearth_context_schema, &context, &buffer.sink),
                  HEARTH_OK);
  const uint64_t len = buffer.len;
  const uint8_t *const data = buffer.data;
  buffer.len = 0; /* its room is used again */
  CU_ASSERT_EQUAL(hearth_encode(&hearth_context_schema, &context, &buffer.sink),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(buffer.len, len);
  CU_ASSERT_PTR_EQUAL(buffer.data, data);
  CU_ASSERT_EQUAL(hearth_buffer_bytes(&buffer).len, len);
  hearth_buffer_free(&buffer);
  CU_ASSERT_PTR_NULL(buffer.data);
  for (uint64_t limit = len - 2; limit <= len; limit++) {
    hearth_buffer_init(&buffer, limit);
    CU_ASSERT_EQUAL(
        hearth_encode(&hearth_context_schema, &context, &buffer.sink),
        limit < len ? HEARTH_LIMIT : HEARTH_OK);
    CU_ASSERT(buffer.len <= limit);
    CU_ASSERT(buffer.cap <= limit);
    hearth_buffer_free(&buffer);
  }
  hearth_buffer_free(NULL);
}

/* What no decoder would take is not written. */
static void test_impossible_members(void) {
  static char text[HEARTH_WIRE_MAX_STRING + 1];
  hearth_buffer buffer;
  hearth_buffer_init(&buffer, 0);
  hearth_plan_model model;
  for (int what = 0; what < 6; what++) {
    hearth_message_init(&hearth_plan_model_schema, &model);
    model.model = hearth_str_from("m");
    const hearth_status want = what == 0 ? HEARTH_OK : HEARTH_BAD_ARG;
    double zero = 0;
    switch (what) {
    case 1:
      model.action = 2;
      break;
    case 2:
      model.action = -1;
      break;
    case 3:
      model.p_next = zero / zero;
      break;
    case 4:
      model.p_within.p[1] = 1 / zero;
      break;
    case 5:
      model.model = (hearth_str){text, sizeof text};
      break;
    default:
      break;
    }
    buffer.len = 0;
    CU_ASSERT_EQUAL(
        hearth_encode(&hearth_plan_model_schema, &model, &buffer.sink), want);
  }
  hearth_buffer_free(&buffer);
}

/* Every length of an integer, there and back. */
static void test_integers(void) {
  hearth_buffer buffer;
  hearth_buffer_init(&buffer, 0);
  for (unsigned bits = 0; bits < 64; bits++) {
    for (int64_t near = -2; near <= 2; near++) {
      for (int sign = -1; sign <= 1; sign += 2) {
        hearth_config config, back;
        hearth_message_init(&hearth_config_schema, &config);
        hearth_message_init(&hearth_config_schema, &back);
        const uint64_t magnitude = ((uint64_t)1 << bits) + (uint64_t)near;
        config.seed = (int64_t)(sign < 0 ? 0 - magnitude : magnitude);
        buffer.len = 0;
        CU_ASSERT_EQUAL(
            hearth_encode(&hearth_config_schema, &config, &buffer.sink),
            HEARTH_OK);
        CU_ASSERT_EQUAL(hearth_decode(&hearth_config_schema,
                                      hearth_buffer_bytes(&buffer), &back, NULL,
                                      0),
                        HEARTH_OK);
        CU_ASSERT_EQUAL(back.seed, config.seed);
      }
    }
  }
  hearth_buffer_free(&buffer);
}

UNIT_MAIN("wire encode", UNIT(test_defaults_are_left_out),
          UNIT(test_required_and_short_lists), UNIT(test_failing_sinks),
          UNIT(test_a_buffers_limit), UNIT(test_impossible_members),
          UNIT(test_integers))
