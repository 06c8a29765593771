/* SPDX-License-Identifier: MIT
   A traced library: what it records, and that it changes nothing. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host-sdk/library/library.h"
#include "host-sdk/reflect/trace.h"
#include "tests/reflect/setup.h"
#include "tests/unit.h"

enum { EVENTS = 64 };

/* A message that is no ExecutionContext; the plugin answers with it. */
static const hearth_bytes message = {(const uint8_t *)"\x81\xa1x\x01", 4};

/* What is kept of each event. */
static struct seen {
  char function[32], extension[32], err[128], id[32], line[600];
  uint64_t instance, in_len, out_len;
  int has_status, whole;
  hearth_status status;
  uint8_t out[64];
} seen[EVENTS];
static uint64_t calls;

static void keep(void *user, const hearth__trace_event *e) {
  struct seen *s = &seen[calls % EVENTS];
  FILE *line = user ? NULL : fmemopen(s->line, sizeof(s->line), "w");

  *s = (struct seen){.instance = e->instance,
                     .in_len = e->in_len,
                     .out_len = e->out_len,
                     .has_status = e->has_status,
                     .status = e->status,
                     .whole = e->call == ++calls};
  snprintf(s->function, sizeof(s->function), "%s", e->function);
  snprintf(s->extension, sizeof(s->extension), "%s",
           e->extension ? e->extension : "");
  snprintf(s->err, sizeof(s->err), "%s", e->err);
  snprintf(s->id, sizeof(s->id), "%s", e->id ? e->id : "");
  if (e->out.len && e->out.len < sizeof(s->out)) {
    memcpy(s->out, e->out.data, (size_t)e->out.len);
  }
  if (line) {
    hearth__trace_line(line, e);
    fclose(line);
  }
}

static hearth_library *inner, *traced;
static hearth__tracer *tracer;
static char err[512];

static void begin(int messages) {
  const hearth__trace_options options = {keep, NULL, messages};

  inner = setup_letters();
  calls = 0;
  CU_ASSERT_EQUAL_FATAL(hearth__traced_library(inner, &options, &tracer,
                                               &traced, err, sizeof(err)),
                        HEARTH_OK);
  hearth_library_close(inner); /* the tracer has a share */
}

static void end(void) {
  hearth_library_close(traced);
  hearth__tracer_free(tracer);
}

/* The last event is of that function and came to that. */
static const struct seen *last(const char *function, hearth_status status) {
  const struct seen *s = &seen[(calls - 1) % EVENTS];

  CU_ASSERT_STRING_EQUAL(s->function, function);
  CU_ASSERT_EQUAL(s->status, status);
  CU_ASSERT_TRUE(s->whole);
  return s;
}

static void test_answer(void) {
  hearth_instance *instance;
  hearth_output out = {0};
  hearth_call call = {.size = sizeof(call),
                      .flags = HEARTH_CALL_SHADOW,
                      .call_id = 7,
                      .deadline_ns = hearth_monotonic_ns() + 3600000000000u,
                      .err = err,
                      .err_cap = sizeof(err)};

  begin(1);
  CU_ASSERT_EQUAL_FATAL(
      hearth_instance_create(traced, NULL, &instance, NULL, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(
      hearth_instance_prepare_models(instance, &call, message, &out),
      HEARTH_OK);
  CU_ASSERT_EQUAL(out.len, 4);
  CU_ASSERT_EQUAL(last("prepare_models", HEARTH_OK)->out_len, 4);
  CU_ASSERT_EQUAL(memcmp(last("prepare_models", 0)->out, message.data, 4), 0);
  CU_ASSERT_PTR_NOT_NULL(strstr(last("prepare_models", 0)->line,
                                "\"call_id\": 7, \"shadow\": true"));
  CU_ASSERT_PTR_NOT_NULL(strstr(last("prepare_models", 0)->line,
                                "\"in\": {\"x\": 1}, \"in_fault\": \"Exec"));
  hearth_instance_destroy(instance);
  hearth_output_free(&out);
  end();
}

static void test_entry(void) {
  hearth_instance *instance;
  hearth_output out = {0};

  begin(1);
  CU_ASSERT_STRING_EQUAL(hearth_library_entry(traced)->id,
                         "org.hearth.tests.letters");
  CU_ASSERT_EQUAL_FATAL(
      hearth_instance_create(traced, NULL, &instance, NULL, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(last("create", HEARTH_OK)->instance, 1);
  CU_ASSERT_EQUAL(hearth_instance_set_catalog(instance, NULL, message),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(last("set_catalog", HEARTH_OK)->in_len, 4);
  CU_ASSERT_EQUAL(
      hearth_instance_get_model_metadata(instance, NULL, message, &out),
      HEARTH_OK);
  last("get_model_metadata", HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_instance_record_outcome(instance, NULL, message),
                  HEARTH_OK);
  last("record_outcome", HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_instance_save_state(instance, NULL, &out), HEARTH_OK);
  CU_ASSERT_EQUAL(last("save_state", HEARTH_OK)->out_len, 8);
  CU_ASSERT_PTR_NULL(strstr(last("save_state", 0)->line, "\"out\""));
  CU_ASSERT_EQUAL(hearth_instance_load_state(instance, NULL,
                                             (hearth_bytes){out.data, out.len}),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(last("load_state", HEARTH_OK)->in_len, 8);
  CU_ASSERT_EQUAL(hearth_instance_load_state(instance, NULL, message),
                  HEARTH_BAD_PAYLOAD);
  last("load_state", HEARTH_BAD_PAYLOAD);
  hearth_instance_destroy(instance);
  CU_ASSERT_EQUAL(last("destroy", HEARTH_OK)->instance, 1);
  CU_ASSERT_FALSE(last("destroy", HEARTH_OK)->has_status);
  CU_ASSERT_EQUAL(calls, 8);
  hearth_output_free(&out);
  end();
}

static void test_extensions(void) {
  hearth_instance *instance;
  hearth_output out = {0};
  hearth_metric metric;

  begin(1);
  CU_ASSERT_EQUAL_FATAL(
      hearth_instance_create(traced, NULL, &instance, NULL, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_instance_record_outcome(instance, NULL, message),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_instance_metric(instance, 0, &metric), HEARTH_OK);
  CU_ASSERT_DOUBLE_EQUAL(metric.value, 1, 0);
  CU_ASSERT_STRING_EQUAL(last("get", HEARTH_OK)->extension, HEARTH_EXT_METRICS);
  CU_ASSERT_EQUAL(hearth_instance_metric(instance, 1, &metric),
                  HEARTH_NO_OPINION);
  last("get", HEARTH_NO_OPINION);
  CU_ASSERT_EQUAL(hearth_instance_predict(instance, NULL, message, &out),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(last("predict", HEARTH_OK)->out_len, 4);
  CU_ASSERT_STRING_EQUAL(last("predict", 0)->extension, HEARTH_EXT_PREDICT);
  CU_ASSERT_EQUAL(hearth_instance_explain(instance, NULL, message, &out),
                  HEARTH_UNSUPPORTED);
  CU_ASSERT_STRING_EQUAL(last("get_extension", HEARTH_UNSUPPORTED)->id,
                         HEARTH_EXT_EXPLAIN);
  CU_ASSERT_PTR_NULL(hearth_instance_get_extension(instance, "zebra/1", 4));
  /* The same struct each time: it is the plugin's, and constant. */
  CU_ASSERT_PTR_EQUAL(
      hearth_instance_get_extension(instance, HEARTH_EXT_REFLECT, 4),
      hearth_instance_get_extension(instance, HEARTH_EXT_REFLECT, 4));
  hearth_instance_destroy(instance);
  hearth_output_free(&out);
  end();
}

static void test_reflected(void) {
  static const char *const texts[] = {"-7",       "20.5", "-30",
                                      "hex:0102", "40",   "xyz"};
  static const char *const status[] = {"-4"};
  hearth_instance *instance;
  hearth_output out = {0};
  hearth__answer answer;

  begin(1);
  CU_ASSERT_EQUAL_FATAL(
      hearth_instance_create(traced, NULL, &instance, NULL, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(
      setup_call(instance, "all", NULL, texts, 6, &out, &answer, err),
      HEARTH_OK);
  CU_ASSERT_EQUAL(answer.out.len, 15);
  CU_ASSERT_EQUAL(last("all", HEARTH_OK)->out_len, 15);
  CU_ASSERT_EQUAL(last("all", HEARTH_OK)->instance, 1);
  CU_ASSERT_PTR_NOT_NULL(
      strstr(last("all", 0)->line,
             "\"in\": [-7, 20.5, -30, \"0x0102\", 40, \"xyz\"]"));
  CU_ASSERT_PTR_NOT_NULL(
      strstr(last("all", 0)->line, "\"out\": [-7, 30, \"xyz\", \"0x0102\"]"));
  CU_ASSERT_EQUAL(
      setup_call(instance, "status_of", NULL, status, 1, &out, &answer, err),
      HEARTH_OK);
  CU_ASSERT_EQUAL(answer.status, HEARTH_DEADLINE);
  last("status_of", HEARTH_DEADLINE);
  CU_ASSERT_EQUAL(
      setup_call(instance, "echo_b", NULL, texts + 5, 1, &out, &answer, err),
      HEARTH_OK);
  CU_ASSERT_PTR_NOT_NULL(
      strstr(last("echo_b", 0)->line, "\"result\": \"0x78797a\""));
  CU_ASSERT_EQUAL(
      setup_call(instance, "echo_i", NULL, texts, 1, &out, &answer, err),
      HEARTH_OK);
  CU_ASSERT_PTR_NOT_NULL(strstr(last("echo_i", 0)->line, "\"result\": -7"));
  CU_ASSERT_EQUAL(
      setup_call(instance, "no_pointer", NULL, NULL, 0, &out, &answer, err),
      HEARTH_UNSUPPORTED);
  CU_ASSERT_EQUAL(
      setup_call(instance, "bad_signature", NULL, NULL, 0, &out, &answer, err),
      HEARTH_BAD_ARG);
  hearth_instance_destroy(instance);
  hearth_output_free(&out);
  end();
}

static void test_without_messages(void) {
  hearth_instance *instance;
  hearth_output out = {0};

  begin(0);
  CU_ASSERT_EQUAL_FATAL(
      hearth_instance_create(traced, NULL, &instance, NULL, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_instance_prepare_models(instance, NULL, message, &out),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(out.len, 4);
  CU_ASSERT_EQUAL(last("prepare_models", HEARTH_OK)->out_len, 4);
  CU_ASSERT_EQUAL(last("prepare_models", HEARTH_OK)->out[0], 0);
  hearth_instance_destroy(instance);
  hearth_output_free(&out);
  end();
}

/* A plugin that says why it fails. */
static hearth_status refuse(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in, hearth_sink *out) {
  (void)plugin, (void)in, (void)out;
  if (call && call->err) {
    snprintf(call->err, (size_t)call->err_cap, "not on a Monday");
  }
  return HEARTH_BUSY;
}

static void test_sentences(void) {
  const hearth__trace_options options = {keep, NULL, 1};
  hearth_plugin_entry entry;
  hearth_instance *instance;
  hearth_output out = {0};
  hearth_call call = {.size = sizeof(call), .err = err, .err_cap = sizeof(err)};
  hearth_library *letters = setup_letters();

  entry = *hearth__library_theirs(letters);
  entry.prepare_models = refuse;
  entry.get_extension = NULL;
  calls = 0;
  CU_ASSERT_EQUAL_FATAL(
      hearth_library_wrap(&entry, "refuses", NULL, &inner, NULL, 0), HEARTH_OK);
  CU_ASSERT_EQUAL_FATAL(hearth__traced_library(inner, &options, &tracer,
                                               &traced, err, sizeof(err)),
                        HEARTH_OK);
  CU_ASSERT_PTR_NULL(hearth_library_entry(traced)->get_extension);
  CU_ASSERT_EQUAL_FATAL(
      hearth_instance_create(traced, NULL, &instance, NULL, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(
      hearth_instance_prepare_models(instance, &call, message, &out),
      HEARTH_BUSY);
  CU_ASSERT_STRING_EQUAL(err, "not on a Monday");
  CU_ASSERT_STRING_EQUAL(last("prepare_models", HEARTH_BUSY)->err,
                         "not on a Monday");
  /* Called as a host may: without a hearth_call. */
  CU_ASSERT_EQUAL(
      hearth_library_entry(traced)->prepare_models(NULL, NULL, message, NULL),
      HEARTH_BUSY);
  CU_ASSERT_STRING_EQUAL(last("prepare_models", HEARTH_BUSY)->err, "");
  hearth_instance_destroy(instance);
  hearth_library_close(inner);
  hearth_library_close(letters);
  hearth_output_free(&out);
  end();
}

enum { THREADS = 4, ROUNDS = 200 };

/* Every thread on an instance of its own, and all on a shared one. */
static void *work(void *shared) {
  hearth_output out = {0};
  hearth_instance *own;
  hearth_metric metric;
  long wrong = 0;

  if (hearth_instance_create(traced, NULL, &own, NULL, 0) != HEARTH_OK) {
    return (void *)1;
  }
  for (int i = 0; i < ROUNDS; ++i) {
    wrong +=
        hearth_instance_prepare_models(own, NULL, message, &out) != HEARTH_OK ||
        out.len != 4;
    wrong += hearth_instance_record_outcome(shared, NULL, message) != HEARTH_OK;
    wrong += hearth_instance_metric(shared, 0, &metric) != HEARTH_OK;
    wrong += hearth_instance_predict(own, NULL, message, &out) != HEARTH_OK;
  }
  hearth_instance_destroy(own);
  hearth_output_free(&out);
  return (void *)wrong;
}

static void test_threads(void) {
  const hearth__trace_options options = {keep, (void *)1, 1};
  pthread_t threads[THREADS];
  hearth_instance *shared;
  hearth_metric metric;
  void *wrong;

  inner = setup_letters();
  calls = 0;
  CU_ASSERT_EQUAL_FATAL(hearth__traced_library(inner, &options, &tracer,
                                               &traced, err, sizeof(err)),
                        HEARTH_OK);
  hearth_library_close(inner);
  CU_ASSERT_EQUAL_FATAL(hearth_instance_create(traced, NULL, &shared, NULL, 0),
                        HEARTH_OK);
  for (int i = 0; i < THREADS; ++i) {
    CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, work, shared), 0);
  }
  for (int i = 0; i < THREADS; ++i) {
    pthread_join(threads[i], &wrong);
    CU_ASSERT_PTR_NULL(wrong);
  }
  CU_ASSERT_EQUAL(hearth_instance_metric(shared, 0, &metric), HEARTH_OK);
  CU_ASSERT_DOUBLE_EQUAL(metric.value, THREADS * ROUNDS, 0);
  hearth_instance_destroy(shared);
  /* create and destroy; 4 calls a round, two of them with get_extension. */
  CU_ASSERT_EQUAL(calls, 2 + 2 + THREADS * (2 + 6 * ROUNDS));
  end();
}

/* A system that makes no memory executable that was once writable. */
static void test_hardened(void) {
#ifndef PR_SET_MDWE
  enum { PR_SET_MDWE = 65 };
#endif
  const pid_t child = fork();
  int status;

  if (child == 0) {
    const hearth__trace_options options = {keep, (void *)1, 1};
    hearth_library *letters = setup_letters();
    hearth_instance *instance;
    hearth_output out = {0};
    hearth_status made;

    if (prctl(PR_SET_MDWE, 1, 0, 0, 0) != 0) {
      _exit(77);
    }
    made = hearth__traced_library(letters, &options, &tracer, &traced, err,
                                  sizeof(err));
    if (made == HEARTH_UNSUPPORTED) {
      _exit(strstr(err, "no closure") ? 0 : 1);
    }
    if (made != HEARTH_OK ||
        hearth_instance_create(traced, NULL, &instance, NULL, 0) != HEARTH_OK) {
      _exit(2);
    }
    _exit(hearth_instance_prepare_models(instance, NULL, message, &out) !=
          HEARTH_OK);
  }
  CU_ASSERT_EQUAL_FATAL(waitpid(child, &status, 0), child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
    unit_skip("this kernel has no PR_SET_MDWE");
    return;
  }
  CU_ASSERT_TRUE(WIFEXITED(status));
  CU_ASSERT_EQUAL(WEXITSTATUS(status), 0);
}

UNIT_MAIN("reflect trace", UNIT(test_answer), UNIT(test_entry),
          UNIT(test_extensions), UNIT(test_reflected),
          UNIT(test_without_messages), UNIT(test_sentences), UNIT(test_threads),
          UNIT(test_hardened))
