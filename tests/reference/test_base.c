/* SPDX-License-Identifier: MIT
   What every reference does alike, seen through lfu. */
#define HEARTH_STATIC_PLUGIN plugin_under_test
#include "plugin/reference/lfu.c"

#include <string.h>

#include "plugin/sdk/wire/decode.h"
#include "tests/reference/stage.h"
#include "tests/sdk/mend.h"
#include "tests/unit.h"

static const stage_model models[] = {{10, 100}, {20, 200}, {30, 300}};

static void test_null_arguments(void) {
  const hearth_bytes none = {NULL, 0};
  hearth_buffer buffer;
  hearth_buffer_init(&buffer, 0);
  CU_ASSERT_EQUAL(
      plugin_under_test.prepare_models(NULL, NULL, none, &buffer.sink),
      HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(
      plugin_under_test.get_model_metadata(NULL, NULL, none, &buffer.sink),
      HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(plugin_under_test.record_outcome(NULL, NULL, none),
                  HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(plugin_under_test.set_catalog(NULL, NULL, none),
                  HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(plugin_under_test.save_state(NULL, NULL, &buffer.sink),
                  HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(plugin_under_test.load_state(NULL, NULL, NULL),
                  HEARTH_BAD_ARG);
  plugin_under_test.destroy(NULL);
  hearth_buffer_free(&buffer);
}

/* Broken messages name the key and change nothing. */
static void test_bad_messages(void) {
  static const uint8_t bytes[] = {0x81, 0xa5, 'p', 'h', 'a', 's', 'e', 0x07};
  const hearth_bytes bad = {bytes, sizeof bytes};
  char err[128] = "";
  const hearth_call call = {
      .size = sizeof call, .err = err, .err_cap = sizeof err};
  hearth_plugin *plugin = NULL;
  stage s;
  stage_begin(&s, &plugin_under_test, models, 3);
  CU_ASSERT_EQUAL(plugin_under_test.record_outcome(s.plugin, &call, bad),
                  HEARTH_BAD_PAYLOAD);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "phase"));
  CU_ASSERT_EQUAL(plugin_under_test.set_catalog(s.plugin, NULL, bad),
                  HEARTH_BAD_PAYLOAD);
  CU_ASSERT_EQUAL(
      plugin_under_test.prepare_models(s.plugin, NULL, bad, &s.answer.sink),
      HEARTH_BAD_PAYLOAD);
  CU_ASSERT_EQUAL(plugin_under_test.create(&plugin_under_test, &s.host, NULL,
                                           (hearth_bytes){bytes, 3}, &plugin),
                  HEARTH_BAD_PAYLOAD);
  CU_ASSERT_PTR_NULL(plugin);
  stage_use(&s, 1000, 1, 'a');
  CU_ASSERT(stage_plan_is(&s, "a"));
  stage_end(&s);
}

/* The same start twice teaches once; ends of unknown requests do nothing. */
static void test_repeated_outcomes(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 3);
  stage_use(&s, 1000, 1, 'b');
  stage_use(&s, 1000, 2, 'b');
  stage_use(&s, 1000, 3, 'a');
  stage_finish(&s, 1000, 3);
  stage_finish(&s, 1000, 99);
  stage_request(&s, 1000, 3, "u", 'a');
  CU_ASSERT(stage_plan_is(&s, "ba"));
  stage_end(&s);
}

/* What has left is ranked no more; what is back is. */
static void test_only_what_is_present(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 3);
  stage_use(&s, 1000, 1, 'b');
  stage_use(&s, 1000, 2, 'b');
  stage_tell(&s, 1500, HEARTH_PHASE_EVICTED, 'b');
  stage_use(&s, 2000, 3, 'a');
  CU_ASSERT(stage_plan_is(&s, "a"));
  stage_tell(&s, 2500, HEARTH_PHASE_LOADED, 'b');
  stage_use(&s, 3000, 4, 'c');
  CU_ASSERT(stage_plan_is(&s, "bc"));
  stage_end(&s);
}

/* A resync is the whole truth, and the next plan lists all of it. */
static void test_resync(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 3);
  stage_use(&s, 1000, 1, 'a');
  stage_use(&s, 1000, 2, 'a');
  stage_use(&s, 1000, 3, 'b');
  stage_resync(&s, 1500, "cb");
  CU_ASSERT(stage_plan_is(&s, ""));
  stage_use(&s, 2000, 4, 'b');
  CU_ASSERT(stage_plan_is(&s, "bc"));
  stage_use(&s, 3000, 5, 'b');
  CU_ASSERT(stage_plan_is(&s, "b"));
  stage_end(&s);
}

/* A model that a later catalog lacks is no candidate, but stays known. */
static void test_later_catalog(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 3);
  stage_use(&s, 1000, 1, 'c');
  CU_ASSERT_EQUAL(stage_catalog(&s, models, 2), HEARTH_OK);
  stage_use(&s, 1000, 2, 'b');
  stage_ask(&s, 1000, HEARTH_REASON_REQUEST, "u");
  CU_ASSERT(stage_plan_is(&s, "ba"));
  CU_ASSERT_EQUAL(stage_catalog(&s, models, 3), HEARTH_OK);
  stage_ask(&s, 1000, HEARTH_REASON_REQUEST, "u");
  CU_ASSERT(stage_plan_is(&s, "bca"));
  stage_end(&s);
}

static void test_without_a_catalog(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, NULL, 0);
  stage_use(&s, 1000, 1, 'c');
  CU_ASSERT(stage_plan_is(&s, "c"));
  stage_end(&s);
}

static hearth_metadata metadata_of(stage *s, const char *model) {
  hearth_metadata_query query;
  hearth_metadata metadata;
  hearth_message_init(&hearth_metadata_query_schema, &query);
  hearth_message_init(&hearth_metadata_schema, &metadata);
  query.model = hearth_str_from(model);
  s->message.len = s->answer.len = 0;
  CU_ASSERT_EQUAL(
      hearth_encode(&hearth_metadata_query_schema, &query, &s->message.sink),
      HEARTH_OK);
  s->status = plugin_under_test.get_model_metadata(
      s->plugin, NULL, hearth_buffer_bytes(&s->message), &s->answer.sink);
  if (s->status == HEARTH_OK) {
    CU_ASSERT_EQUAL(hearth_decode(&hearth_metadata_schema,
                                  hearth_buffer_bytes(&s->answer), &metadata,
                                  NULL, 0),
                    HEARTH_OK);
  }
  return metadata;
}

static void test_metadata(void) {
  stage s;
  stage_begin(&s, &plugin_under_test, models, 3);
  stage_use(&s, 1000, 1, 'b');
  stage_use(&s, 2000, 2, 'b');
  const hearth_metadata known = metadata_of(&s, "b");
  CU_ASSERT_EQUAL(known.expected_load_ms.p50, 200);
  CU_ASSERT_EQUAL(known.resource_requirements.memory_mb, 20);
  CU_ASSERT_EQUAL(known.usage.requests, 2);
  CU_ASSERT_EQUAL(known.usage.last_used_ms, 2000);
  CU_ASSERT_EQUAL(known.estimated, 1);
  metadata_of(&s, "z");
  CU_ASSERT_EQUAL(s.status, HEARTH_NO_OPINION);
  stage_end(&s);
}

static void learn(stage *s) {
  stage_use(s, 1000, 1, 'a');
  stage_use(s, 1000, 2, 'b');
  stage_use(s, 1000, 3, 'b');
  stage_tell(s, 1000, HEARTH_PHASE_LOADED, 'a');
}

/* Another instance with the same state gives the same answers. */
static void test_state_goes_over(void) {
  stage from;
  stage to;
  stage_source source;
  hearth_buffer state;
  hearth_buffer_init(&state, 0);
  stage_begin(&from, &plugin_under_test, models, 3);
  stage_begin(&to, &plugin_under_test, models, 3);
  learn(&from);
  CU_ASSERT_EQUAL(plugin_under_test.save_state(from.plugin, NULL, &state.sink),
                  HEARTH_OK);
  stage_source_init(&source, hearth_buffer_bytes(&state));
  CU_ASSERT_EQUAL(plugin_under_test.load_state(to.plugin, NULL, &source.source),
                  HEARTH_OK);
  stage_use(&from, 2000, 4, 'a');
  stage_use(&to, 2000, 4, 'a');
  CU_ASSERT(stage_plan_is(&from, "a"));
  CU_ASSERT(stage_plan_is(&to, "ab")); /* all, the first time */
  stage_ask(&from, 3000, HEARTH_REASON_REQUEST, "u");
  stage_ask(&to, 3000, HEARTH_REASON_REQUEST, "u");
  CU_ASSERT_EQUAL(from.answer.len, to.answer.len);
  CU_ASSERT_EQUAL(
      memcmp(from.answer.data, to.answer.data, (size_t)to.answer.len), 0);
  stage_end(&from);
  stage_end(&to);
  hearth_buffer_free(&state);
}

/* Cut off anywhere, or another plugin's, a state changes nothing. */
static void test_bad_state(void) {
  stage s;
  stage_source source;
  hearth_buffer state;
  hearth_buffer_init(&state, 0);
  stage_begin(&s, &plugin_under_test, models, 3);
  learn(&s);
  CU_ASSERT_EQUAL(plugin_under_test.save_state(s.plugin, NULL, &state.sink),
                  HEARTH_OK);
  for (uint64_t len = 0; len < state.len; len++) {
    stage_source_init(&source, (hearth_bytes){state.data, len});
    CU_ASSERT_EQUAL(
        plugin_under_test.load_state(s.plugin, NULL, &source.source),
        HEARTH_BAD_PAYLOAD);
  }
  state.data[0] ^= 1;
  stage_source_init(&source, hearth_buffer_bytes(&state));
  CU_ASSERT_EQUAL(plugin_under_test.load_state(s.plugin, NULL, &source.source),
                  HEARTH_STATE_VERSION);
  state.data[0] ^= 1;
  state.data[17] ^= 1; /* within the plugin's id */
  stage_source_init(&source, hearth_buffer_bytes(&state));
  CU_ASSERT_EQUAL(plugin_under_test.load_state(s.plugin, NULL, &source.source),
                  HEARTH_STATE_VERSION);
  stage_use(&s, 1000, 4, 'a');
  stage_use(&s, 1000, 5, 'c');
  CU_ASSERT(stage_plan_is(&s, "bac"));
  stage_end(&s);
  hearth_buffer_free(&state);
}

/* An outcome that was told before the state was saved is known after. */
static void test_state_knows_outcomes(void) {
  stage from;
  stage to;
  stage_source source;
  hearth_buffer before;
  hearth_buffer after;
  hearth_buffer_init(&before, 0);
  hearth_buffer_init(&after, 0);
  stage_begin(&from, &plugin_under_test, models, 3);
  stage_begin(&to, &plugin_under_test, models, 3);
  learn(&from);
  CU_ASSERT_EQUAL(plugin_under_test.save_state(from.plugin, NULL, &before.sink),
                  HEARTH_OK);
  stage_source_init(&source, hearth_buffer_bytes(&before));
  CU_ASSERT_EQUAL(plugin_under_test.load_state(to.plugin, NULL, &source.source),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(stage_started(&to, 5000, 2, "u", 'b'), HEARTH_OK);
  CU_ASSERT_EQUAL(plugin_under_test.save_state(to.plugin, NULL, &after.sink),
                  HEARTH_OK);
  CU_ASSERT(before.len == after.len &&
            memcmp(before.data, after.data, (size_t)after.len) == 0);
  stage_end(&from);
  stage_end(&to);
  hearth_buffer_free(&before);
  hearth_buffer_free(&after);
}

/* Whatever bytes a state of this plugin holds, the plugin lives on. */
static void test_strange_state(void) {
  stage s;
  stage first;
  int taken = 0;
  stage_source source;
  hearth_buffer state;
  hearth_buffer_init(&state, 0);
  stage_begin(&s, &plugin_under_test, models, 3);
  stage_begin(&first, &plugin_under_test, models, 3);
  learn(&first);
  CU_ASSERT_EQUAL(plugin_under_test.save_state(first.plugin, NULL, &state.sink),
                  HEARTH_OK);
  for (uint64_t at = 0; at < state.len; at++) {
    state.data[at] ^= 0xff;
    mend_walk(state.data, (size_t)state.len, 1, NULL, NULL);
    stage_source_init(&source, hearth_buffer_bytes(&state));
    taken += plugin_under_test.load_state(s.plugin, NULL, &source.source) ==
             HEARTH_OK;
    hearth_buffer_free(&state);
    CU_ASSERT_EQUAL(
        plugin_under_test.save_state(first.plugin, NULL, &state.sink),
        HEARTH_OK);
    stage_use(&s, 2000, (int)at + 10, 'a');
    stage_ask(&s, 3000, HEARTH_REASON_REQUEST, "u");
    CU_ASSERT_EQUAL(s.status, HEARTH_OK);
  }
  CU_ASSERT(taken > 0);
  stage_end(&first);
  stage_end(&s);
  hearth_buffer_free(&state);
}

/* Every allocation fails once: a status, no leak, and the next call works. */
static void test_no_memory(void) {
  int64_t n = 0;
  for (int done = 0; !done && n < 500; n++) {
    stage s;
    stage_begin(&s, &plugin_under_test, NULL, 0);
    s.allocations_left = n;
    hearth_status status = stage_catalog(&s, models, 3);
    if (status == HEARTH_OK) {
      status = stage_started(&s, 1000, 1, "u", 'h');
    }
    if (status == HEARTH_OK) {
      stage_resync(&s, 2000, "abc");
      status = s.status;
    }
    CU_ASSERT(status == HEARTH_OK || status == HEARTH_NO_MEMORY);
    done = status == HEARTH_OK;
    s.allocations_left = -1;
    CU_ASSERT_EQUAL(stage_catalog(&s, models, 3), HEARTH_OK);
    stage_use(&s, 3000, 2, 'a');
    CU_ASSERT_EQUAL(s.status, HEARTH_OK);
    stage_end(&s);
  }
  CU_ASSERT(n > 5 && n < 500);
}

static void test_no_memory_for_create(void) {
  const hearth_bytes none = {NULL, 0};
  stage s;
  hearth_plugin *plugin = NULL;
  int64_t n = 0;
  stage_begin(&s, &plugin_under_test, NULL, 0);
  const int64_t before = s.blocks;
  for (; n < 100 && !plugin; n++) {
    s.allocations_left = n;
    const hearth_status status = plugin_under_test.create(
        &plugin_under_test, &s.host, NULL, none, &plugin);
    CU_ASSERT(status == HEARTH_OK || status == HEARTH_NO_MEMORY);
    CU_ASSERT(plugin || s.blocks == before);
  }
  CU_ASSERT(n > 2 && n < 100);
  plugin_under_test.destroy(plugin);
  stage_end(&s);
}

UNIT_MAIN("reference base", UNIT(test_null_arguments), UNIT(test_bad_messages),
          UNIT(test_repeated_outcomes), UNIT(test_only_what_is_present),
          UNIT(test_resync), UNIT(test_later_catalog),
          UNIT(test_without_a_catalog), UNIT(test_metadata),
          UNIT(test_state_goes_over), UNIT(test_bad_state),
          UNIT(test_state_knows_outcomes), UNIT(test_strange_state), UNIT(test_no_memory),
          UNIT(test_no_memory_for_create))
