/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "hearth/host.h"
#include "tests/host/plugins.h"
#include "tests/unit.h"

static char err[512];

/* Ask a plugin with a message and a limit; err gets what it said. */
static hearth_status ask(const char *name, const char *question,
                         hearth_output *output) {
  hearth_instance *instance = plugin_instance(name, NULL);
  hearth_call call = {(uint32_t)sizeof(call), 0, 1, 0, err, sizeof(err)};
  hearth_status status;

  CU_ASSERT_PTR_NOT_NULL_FATAL(instance);
  err[0] = 0;
  status = hearth_instance_prepare_models(instance, &call, bytes_of(question),
                                          output);
  hearth_instance_destroy(instance);
  return status;
}

/* The plugin's answer must come to `status`, with nothing in the output. */
static void discarded(const char *name, hearth_status status, const char *why) {
  hearth_output output = {0};

  output.limit = 100;
  CU_ASSERT_EQUAL(ask(name, "\x05question", &output), status);
  CU_ASSERT_EQUAL(output.len, 0);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, why));
  hearth_output_free(&output);
}

static void test_misbehaving_answers_are_discarded(void) {
  discarded("huge_length", HEARTH_LIMIT, "wrote more than the host takes");
  discarded("past_limit", HEARTH_LIMIT, "wrote more than the host takes");
  discarded("null_data", HEARTH_BAD_ARG, "bad argument");
  discarded("writes_then_fails", HEARTH_INTERNAL, "internal error");
  discarded("silent", HEARTH_INTERNAL,
            "stub: prepare_models returned ok and wrote nothing");
  discarded("strange_status", HEARTH_INTERNAL,
            "prepare_models returned the status -123, which it may not");
}

static void test_every_strange_status_is_internal(void) {
  hearth_output output = {0};

  for (int byte = 1; byte < 256; ++byte) {
    char question[2] = {(char)byte, 0};
    hearth_status given = byte - 128, got;

    got = ask("strange_status", question, &output);
    if (given == HEARTH_OK || given == HEARTH_NO_OPINION ||
        (given >= HEARTH_INTERNAL && given < 0)) {
      CU_ASSERT_EQUAL(got, given)
    } else {
      CU_ASSERT_EQUAL(got, HEARTH_INTERNAL)
    }
    CU_ASSERT_EQUAL(output.len, given == HEARTH_OK ? 1 : 0);
  }
  hearth_output_free(&output);
}

static void test_message_is_ended_and_plain(void) {
  hearth_output output = {0};

  CU_ASSERT_EQUAL(ask("unended_message", "x", &output), HEARTH_INTERNAL);
  CU_ASSERT(strlen(err) > 0 && strlen(err) < sizeof(err));
  CU_ASSERT_EQUAL(strspn(err, " "), strlen(err));
}

static void test_limit_is_exact(void) {
  hearth_output output = {0};

  output.limit = 8;
  CU_ASSERT_EQUAL(ask("good", "12345678", &output), HEARTH_OK);
  CU_ASSERT_EQUAL(output.len, 8);
  CU_ASSERT_EQUAL(memcmp(output.data, "12345678", 8), 0);
  CU_ASSERT_EQUAL(ask("good", "123456789", &output), HEARTH_LIMIT);
  CU_ASSERT_EQUAL(output.len, 0);
  hearth_output_free(&output);
  CU_ASSERT_PTR_NULL(output.data);
  hearth_output_free(NULL);
}

static void create_refused(const char *name, hearth_status status,
                           const char *why) {
  hearth_library *library = plugin_open(name);
  hearth_instance *instance = NULL;

  CU_ASSERT_PTR_NOT_NULL_FATAL(library);
  err[0] = 0;
  CU_ASSERT_EQUAL(
      hearth_instance_create(library, NULL, &instance, err, sizeof(err)),
      status);
  CU_ASSERT_PTR_NULL(instance);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, why));
  hearth_library_close(library);
}

static void test_create_refusals(void) {
  hearth_instance *instance = NULL;

  create_refused("fails_create", HEARTH_UNSUPPORTED,
                 "the moon is in the wrong phase");
  create_refused("no_instance", HEARTH_INTERNAL,
                 "create returned ok and no instance");
  create_refused("needs_unknown", HEARTH_UNSUPPORTED,
                 "requires the host extension hearth.telepathy/1");
  CU_ASSERT_EQUAL(hearth_instance_create(NULL, NULL, &instance, NULL, 0),
                  HEARTH_BAD_ARG);
}

static const void *telepathy(void *user, const char *id) {
  return strcmp(id, "hearth.telepathy/1") == 0 ? user : NULL;
}

static void test_host_extension_satisfies(void) {
  hearth_host_options options = {0};
  hearth_host *host = NULL;
  hearth_instance *instance;
  uint32_t extension = sizeof(extension);

  options.extension = telepathy;
  options.user = &extension;
  CU_ASSERT_EQUAL_FATAL(hearth_host_new(&options, &host), HEARTH_OK);
  instance = plugin_instance("needs_unknown", host);
  CU_ASSERT_PTR_NOT_NULL(instance);
  hearth_instance_destroy(instance);
  hearth_host_free(host);
}

static void test_outcomes_state_and_metric(void) {
  hearth_instance *a = plugin_instance("good", NULL);
  hearth_instance *b = plugin_instance("good", NULL);
  hearth_output state = {0};
  hearth_metric metric = {0};

  CU_ASSERT_PTR_NOT_NULL_FATAL(a);
  CU_ASSERT_PTR_NOT_NULL_FATAL(b);
  for (int i = 0; i < 3; ++i) {
    CU_ASSERT_EQUAL(hearth_instance_record_outcome(a, NULL, bytes_of("x")),
                    HEARTH_OK);
  }
  CU_ASSERT_EQUAL(hearth_instance_save_state(a, NULL, &state), HEARTH_OK);
  CU_ASSERT_EQUAL(state.len, 8);
  CU_ASSERT_EQUAL(hearth_instance_load_state(b, NULL, bytes_of("xyz")),
                  HEARTH_BAD_PAYLOAD);
  CU_ASSERT_EQUAL(hearth_instance_load_state(
                      b, NULL, (hearth_bytes){state.data, state.len}),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_instance_metric(b, 0, &metric), HEARTH_OK);
  CU_ASSERT_EQUAL(metric.value, 3.0);
  CU_ASSERT_EQUAL(hearth_instance_metric(b, 1, &metric), HEARTH_NO_OPINION);
  CU_ASSERT_EQUAL(hearth_instance_set_catalog(b, NULL, bytes_of("x")),
                  HEARTH_OK);
  hearth_output_free(&state);
  hearth_instance_destroy(a);
  hearth_instance_destroy(b);
  hearth_instance_destroy(NULL);
}

static void test_what_a_plugin_has_not(void) {
  hearth_instance *instance = plugin_instance("silent", NULL);
  hearth_call call = {(uint32_t)sizeof(call), 0, 0, 0, err, sizeof(err)};
  hearth_output output = {0};
  hearth_metric metric;

  CU_ASSERT_PTR_NOT_NULL_FATAL(instance);
  CU_ASSERT_EQUAL(hearth_instance_save_state(instance, &call, &output),
                  HEARTH_UNSUPPORTED);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "no state to save"));
  CU_ASSERT_EQUAL(hearth_instance_load_state(instance, NULL, bytes_of("x")),
                  HEARTH_UNSUPPORTED);
  CU_ASSERT_EQUAL(
      hearth_instance_predict(instance, &call, bytes_of("x"), &output),
      HEARTH_UNSUPPORTED);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "hearth.predict/1"));
  CU_ASSERT_EQUAL(
      hearth_instance_explain(instance, NULL, bytes_of("x"), &output),
      HEARTH_UNSUPPORTED);
  CU_ASSERT_EQUAL(hearth_instance_metric(instance, 0, &metric),
                  HEARTH_UNSUPPORTED);
  hearth_instance_destroy(instance);
}

static void test_short_extension_is_none(void) {
  hearth_instance *instance = plugin_instance("short_extension", NULL);
  hearth_metric metric;

  CU_ASSERT_PTR_NOT_NULL_FATAL(instance);
  CU_ASSERT_PTR_NULL(
      hearth_instance_get_extension(instance, HEARTH_EXT_METRICS, 8));
  CU_ASSERT_PTR_NOT_NULL(
      hearth_instance_get_extension(instance, HEARTH_EXT_METRICS, 4));
  CU_ASSERT_EQUAL(hearth_instance_metric(instance, 0, &metric),
                  HEARTH_UNSUPPORTED);
  hearth_instance_destroy(instance);
}

static void test_no_opinion_on_an_outcome_is_internal(void) {
  hearth_instance *instance = plugin_instance("opinion_on_outcome", NULL);

  CU_ASSERT_PTR_NOT_NULL_FATAL(instance);
  CU_ASSERT_EQUAL(hearth_instance_record_outcome(instance, NULL, bytes_of("x")),
                  HEARTH_INTERNAL);
  hearth_instance_destroy(instance);
}

static void test_stats_count(void) {
  hearth_instance *instance = plugin_instance("good", NULL);
  hearth_call late = {(uint32_t)sizeof(late), 0, 0, 1, NULL, 0};
  hearth_call easy = {(uint32_t)sizeof(easy), 0, 0, UINT64_MAX, NULL, 0};
  hearth_instance_stats stats;
  hearth_output output = {0};

  CU_ASSERT_PTR_NOT_NULL_FATAL(instance);
  output.limit = 2;
  (void)hearth_instance_prepare_models(instance, &late, bytes_of("x"), &output);
  (void)hearth_instance_prepare_models(instance, &easy, bytes_of("xx"),
                                       &output);
  (void)hearth_instance_prepare_models(instance, NULL, bytes_of("xxx"),
                                       &output);
  (void)hearth_instance_get_model_metadata(instance, NULL, bytes_of("x"),
                                           &output);
  hearth_instance_get_stats(instance, &stats);
  CU_ASSERT_EQUAL(stats.prepare_models.calls, 3);
  CU_ASSERT_EQUAL(stats.prepare_models.failures, 1);
  CU_ASSERT(stats.prepare_models.max_ns >= stats.prepare_models.last_ns);
  CU_ASSERT(stats.prepare_models.total_ns >= stats.prepare_models.max_ns);
  CU_ASSERT_EQUAL(stats.get_model_metadata.calls, 1);
  CU_ASSERT_EQUAL(stats.record_outcome.calls, 0);
  CU_ASSERT_EQUAL(stats.other.calls, 1);
  CU_ASSERT_EQUAL(stats.deadline_misses, 1);
  CU_ASSERT_EQUAL(stats.no_opinions, 0);
  hearth_output_free(&output);
  hearth_instance_destroy(instance);
}

static void test_status_texts(void) {
  CU_ASSERT_STRING_EQUAL(hearth_status_text(HEARTH_OK), "ok");
  CU_ASSERT_STRING_EQUAL(hearth_status_text(HEARTH_CRASHED),
                         "the plugin crashed");
  CU_ASSERT_STRING_EQUAL(hearth_status_text(-12345), "unknown status");
  CU_ASSERT(strlen(hearth_version()) > 0);
}

UNIT_MAIN("host instance", UNIT(test_misbehaving_answers_are_discarded),
          UNIT(test_every_strange_status_is_internal),
          UNIT(test_message_is_ended_and_plain), UNIT(test_limit_is_exact),
          UNIT(test_create_refusals), UNIT(test_host_extension_satisfies),
          UNIT(test_outcomes_state_and_metric),
          UNIT(test_what_a_plugin_has_not), UNIT(test_short_extension_is_none),
          UNIT(test_no_opinion_on_an_outcome_is_internal),
          UNIT(test_stats_count), UNIT(test_status_texts))
