/* SPDX-License-Identifier: MIT
   Each misbehaving plugin fails the check that it was written for, every check
   can be failed, and the project's own plugins pass them all. */
#include <stdlib.h>
#include <string.h>

#include "host-sdk/validate/job.h"
#include "tests/unit.h"

typedef struct expectation {
  const char *plugin, *check;
  validate_verdict verdict;
  /* Why a sanitizer hides it, or NULL: the row is then skipped there. */
  const char *hidden;
} expectation;

#define BY_ALLOCATOR "the sanitizer's allocator keeps what is freed"
#define BY_LIMITS "there is no limit of address space under a sanitizer"
#define BY_STACK "the stack is 1 MiB under a sanitizer"

static const expectation expectations[] = {
    {"no_symbol", "library-symbol", VALIDATE_FAIL, NULL},
    {"unresolved", "library-open", VALIDATE_FAIL, NULL},
    {"short_size", "library-entry-size", VALIDATE_FAIL, NULL},
    {"long_minor", "library-abi-minor", VALIDATE_FAIL, NULL},
    {"no_id", "library-negotiation", VALIDATE_FAIL, NULL},
    {"no_function", "library-functions", VALIDATE_FAIL, NULL},
    {"no_id", "library-identity", VALIDATE_FAIL, NULL},
    {"no_name", "library-identity", VALIDATE_FAIL, NULL},
    {"no_version", "library-identity", VALIDATE_FAIL, NULL},
    {"no_save", "library-state-functions", VALIDATE_FAIL, NULL},
    {"unknown_caps", "library-caps-known", VALIDATE_WARN, NULL},
    {"save_without_state", "library-caps-consistent", VALIDATE_FAIL, NULL},
    {"mutable_entry", "library-entry-constant", VALIDATE_FAIL, NULL},
    {"lonely", "library-two-copies", VALIDATE_FAIL, NULL},
    {"bad_utf8", "library-text", VALIDATE_FAIL, NULL},
    {"odd_id", "library-id-form", VALIDATE_WARN, NULL},
    {"odd_version", "library-version-form", VALIDATE_WARN, NULL},
    {"needs_unknown", "library-requires-known", VALIDATE_WARN, NULL},
    {"dishonest_requires", "library-requires-honest", VALIDATE_FAIL, NULL},
    {"extra_symbol", "library-exports", VALIDATE_WARN, NULL},
    {"imports_libm", "library-imports-libm", VALIDATE_WARN, NULL},
    {"imports_time", "library-imports-time", VALIDATE_WARN, NULL},
    {"imports_system", "library-imports-process", VALIDATE_WARN, NULL},
    {"ctor_thread", "library-load-threads", VALIDATE_FAIL, NULL},
    {"ctor_file", "library-load-files", VALIDATE_FAIL, NULL},
    {"ctor_signal", "library-load-signals", VALIDATE_FAIL, NULL},
    {"ctor_environment", "library-load-environment", VALIDATE_FAIL, NULL},
    {"ctor_locale", "library-load-locale", VALIDATE_FAIL, NULL},
    {"ctor_rounding", "library-load-floats", VALIDATE_FAIL, NULL},
    {"stays", "library-unload", VALIDATE_FAIL, NULL},
    {"unloadable", "answer-decodes", VALIDATE_FAIL, NULL},
    {"bad_destructor", "library-exit", VALIDATE_CRASH, NULL},
    {"any_extension", "extension-unknown", VALIDATE_FAIL, NULL},
    {"short_extension", "extension-size", VALIDATE_FAIL, NULL},
    {"endless_metrics", "extension-metrics", VALIDATE_FAIL, NULL},
    {"bad_signature", "extension-reflect", VALIDATE_FAIL, NULL},
    {"fails_create", "life-create-empty", VALIDATE_FAIL, NULL},
    {"no_instance", "life-create-empty", VALIDATE_FAIL, NULL},
    {"picky_config", "life-create-config", VALIDATE_FAIL, NULL},
    {"destroys_null", "life-destroy-null", VALIDATE_CRASH, NULL},
    {"leaks", "life-thousand", VALIDATE_FAIL, BY_ALLOCATOR},
    {"keeps_memory", "life-memory-freed", VALIDATE_FAIL, NULL},
    {"leaves_thread", "life-threads-left", VALIDATE_FAIL, NULL},
    {"leaves_file", "life-files-left", VALIDATE_FAIL, NULL},
    {"sets_signal", "life-signals", VALIDATE_FAIL, NULL},
    {"sets_environment", "life-environment", VALIDATE_FAIL, NULL},
    {"sets_umask", "life-locale", VALIDATE_FAIL, NULL},
    {"shared_static", "life-two-instances", VALIDATE_FAIL, NULL},
    {"needs_catalog", "life-no-catalog", VALIDATE_FAIL, NULL},
    {"exact_host", "host-newer", VALIDATE_FAIL, NULL},
    {"trusts_memory", "host-older", VALIDATE_CRASH, NULL},
    {"needs_call", "host-call-null", VALIDATE_CRASH, NULL},
    {"strict_flags", "host-call-newer", VALIDATE_FAIL, NULL},
    {"unended_message", "host-error-room", VALIDATE_FAIL, NULL},
    {"noisy_log", "host-log", VALIDATE_FAIL, NULL},
    {"ignores_config", "config-types", VALIDATE_FAIL, NULL},
    {"wide_ranges", "config-ranges", VALIDATE_FAIL, NULL},
    {"ignores_config", "config-truncated", VALIDATE_FAIL, NULL},
    {"touches_out", "config-truncated", VALIDATE_FAIL, NULL},
    {"huge_config", "config-huge", VALIDATE_FAIL, NULL},
    {"unchecked_create", "memory-create", VALIDATE_CRASH, NULL},
    {"unchecked_catalog", "memory-catalog", VALIDATE_CRASH, NULL},
    {"unchecked_prepare", "memory-prepare", VALIDATE_CRASH, NULL},
    {"unchecked_metadata", "memory-metadata", VALIDATE_CRASH, NULL},
    {"unchecked_record", "memory-outcome", VALIDATE_CRASH, NULL},
    {"unchecked_save", "memory-save", VALIDATE_CRASH, NULL},
    {"unchecked_load", "memory-load", VALIDATE_CRASH, NULL},
    {"strange_status", "answer-status", VALIDATE_FAIL, NULL},
    {"opinion_on_outcome", "answer-status", VALIDATE_FAIL, NULL},
    {"writes_then_fails", "answer-status", VALIDATE_FAIL, NULL},
    {"calls_exit", "answer-status", VALIDATE_CRASH, NULL},
    {"crashes", "answer-status", VALIDATE_CRASH, NULL},
    {"loops", "answer-status", VALIDATE_TIMEOUT, NULL},
    {"silent", "answer-present", VALIDATE_FAIL, NULL},
    {"null_data", "answer-present", VALIDATE_FAIL, NULL},
    {"huge_length", "answer-present", VALIDATE_FAIL, NULL},
    {"garbles", "answer-decodes", VALIDATE_FAIL, NULL},
    {"newer", "answer-decodes", VALIDATE_FAIL, NULL},
    {"good", "answer-decodes", VALIDATE_FAIL, NULL},
    {"wrong_echo", "answer-echo", VALIDATE_FAIL, NULL},
    {"same_model", "answer-models", VALIDATE_FAIL, NULL},
    {"stale_catalog", "catalog-changed", VALIDATE_FAIL, NULL},
    {"falling_horizons", "answer-horizons", VALIDATE_FAIL, NULL},
    {"late_warm", "answer-times", VALIDATE_FAIL, NULL},
    {"past_review", "answer-times", VALIDATE_WARN, NULL},
    {"wrong_metadata", "answer-metadata", VALIDATE_FAIL, NULL},
    {"predict_misses", "answer-predict", VALIDATE_FAIL, NULL},
    {"explain_fails", "answer-explain", VALIDATE_FAIL, NULL},
    {"lenient_record", "message-types", VALIDATE_FAIL, NULL},
    {"lenient_record", "message-ranges", VALIDATE_FAIL, NULL},
    {"lenient_record", "message-missing", VALIDATE_FAIL, NULL},
    {"lenient_record", "message-twice", VALIDATE_FAIL, NULL},
    {"lenient_record", "message-trailing", VALIDATE_FAIL, NULL},
    {"wants_all", "message-minimal", VALIDATE_FAIL, NULL},
    {"strict_keys", "message-unknown-keys", VALIDATE_FAIL, NULL},
    {"half_applied", "message-changes-nothing", VALIDATE_FAIL, NULL},
    {"overreads", "hostile-truncated", VALIDATE_CRASH, NULL},
    {"lenient_record", "hostile-truncated", VALIDATE_FAIL, NULL},
    {"fragile", "hostile-random", VALIDATE_CRASH, NULL},
    {"fragile", "hostile-flipped", VALIDATE_CRASH, NULL},
    {"deep", "hostile-depth", VALIDATE_CRASH, NULL},
    {"trusts_length", "hostile-lengths", VALIDATE_CRASH, BY_LIMITS},
    {"writes_input", "input-unmodified", VALIDATE_CRASH, NULL},
    {"keeps_pointer", "input-not-kept", VALIDATE_CRASH, NULL},
    {"keeps_config", "input-config-not-kept", VALIDATE_CRASH, NULL},
    {"ignores_sink", "sink-refuses", VALIDATE_FAIL, NULL},
    {"past_limit", "sink-refuses", VALIDATE_FAIL, NULL},
    {"hides_refusal", "sink-little-room", VALIDATE_FAIL, NULL},
    {"fears_deadlines", "call-deadline", VALIDATE_FAIL, NULL},
    {"deaf_shadow", "call-shadow", VALIDATE_FAIL, NULL},
    {"knows_requests", "outcome-unknown-request", VALIDATE_FAIL, NULL},
    {"knows_models", "outcome-unknown-model", VALIDATE_FAIL, NULL},
    {"counts_twice", "outcome-twice", VALIDATE_FAIL, NULL},
    {"learns_by_asking", "outcome-only", VALIDATE_FAIL, NULL},
    {"counts_questions", "outcome-only", VALIDATE_FAIL, NULL},
    {"by_address", "outcome-deterministic", VALIDATE_FAIL, NULL},
    {"fears_past", "outcome-times", VALIDATE_FAIL, NULL},
    {"fears_empty", "catalog-empty", VALIDATE_CRASH, NULL},
    {"forgets_by_catalog", "catalog-same-again", VALIDATE_FAIL, NULL},
    {"needs_two", "catalog-one", VALIDATE_FAIL, NULL},
    {"few_models", "catalog-large", VALIDATE_FAIL, NULL},
    {"eats_stack", "call-stack", VALIDATE_CRASH, BY_STACK},
    {"sets_rounding", "call-floats", VALIDATE_FAIL, NULL},
    {"chatty", "call-quiet", VALIDATE_WARN, NULL},
    {"state_forgets", "state-round-trip", VALIDATE_FAIL, NULL},
    {"state_forgets", "state-identical", VALIDATE_FAIL, NULL},
    {"state_empty", "state-empty", VALIDATE_FAIL, NULL},
    {"state_adds", "state-replaces", VALIDATE_FAIL, NULL},
    {"state_counts_saves", "state-still", VALIDATE_FAIL, NULL},
    {"state_one_read", "state-slow-source", VALIDATE_FAIL, NULL},
    {"state_ignores_sink", "state-sink-fails", VALIDATE_FAIL, NULL},
    {"state_takes_all", "state-truncated", VALIDATE_FAIL, NULL},
    {"state_half_loaded", "state-random", VALIDATE_FAIL, NULL},
    {"state_fragile", "state-truncated", VALIDATE_CRASH, NULL},
    {"state_takes_all", "state-random", VALIDATE_FAIL, NULL},
    {"state_fragile", "state-flipped", VALIDATE_CRASH, NULL},
    {"state_no_version", "state-foreign", VALIDATE_WARN, NULL},
    {"state_hides_source", "state-source-fails", VALIDATE_FAIL, NULL},
    {"shares_lock", "thread-instances", VALIDATE_FAIL, NULL},
    {"false_reentrant", "thread-reentrant", VALIDATE_FAIL, NULL},
    {"false_concurrent_save", "thread-concurrent-save", VALIDATE_FAIL, NULL},
    {"state_forgets", "swap-under-load", VALIDATE_FAIL, NULL},
    {"knows_process", "worker-same", VALIDATE_FAIL, NULL},
    {"state_forgets", "worker-killed", VALIDATE_FAIL, NULL},
};

enum { EXPECTATIONS = sizeof expectations / sizeof *expectations };

static validate_options quick(const char *only, unsigned timeout_ms) {
  static char program[4096];
  snprintf(program, sizeof program, "%s", unit_build("host-sdk/cli/hearth"));
  return (validate_options){.program = program,
                            .only = only,
                            .timeout_ms = timeout_ms,
                            .quick = getenv("HEARTH_LONG") == NULL ||
                                     *getenv("HEARTH_LONG") == '\0',
                            .seed = 1};
}

/* The thread sanitizer ends a process at a race, before a check can see what
   comes of it. */
static validate_verdict wanted(const expectation *e) {
#ifdef __SANITIZE_THREAD__
  if (strncmp(e->check, "thread-", 7) == 0) {
    return VALIDATE_CRASH;
  }
#endif
  return e->verdict;
}

static void expect(const expectation *e) {
  char path[128], err[300] = "";
  validate_result *results = calloc(validate_count(), sizeof *results);
  validate_options options =
      quick(e->check, e->verdict == VALIDATE_TIMEOUT ? 500 : 60000);
  size_t count = 0;
  options.quick = 1;
  snprintf(path, sizeof path, "tests/plugins/.libs/%s.so", e->plugin);
  CU_ASSERT_PTR_NOT_NULL_FATAL(results);
  CU_ASSERT_EQUAL(validate_run(unit_build(path), &options, results, &count, err,
                               sizeof err),
                  0);
  CU_ASSERT_EQUAL(count, 1);
  if (count != 1 || results[0].verdict != wanted(e)) {
    printf("# %s, %s: want %s, got %s %s%s\n", e->plugin, e->check,
           validate_verdict_text(wanted(e)),
           validate_verdict_text(results[0].verdict), results[0].sentence, err);
    CU_FAIL("another verdict");
  } else {
    CU_ASSERT(results[0].sentence[0] != '\0');
  }
  free(results);
}

static void test_misbehaving_plugins_are_caught(void) {
  for (size_t i = 0; i < EXPECTATIONS; i++) {
    const expectation *e = &expectations[i];
    if (VALIDATE__SANITIZED && e->hidden != NULL) {
      printf("# skip %s, %s: %s\n", e->plugin, e->check, e->hidden);
    } else {
      expect(e);
    }
  }
}

static void test_every_check_can_be_failed(void) {
  for (size_t i = 0; i < validate_count(); i++) {
    size_t found = 0;
    const char *name = validate_at(i)->name;
    while (found < EXPECTATIONS &&
           strcmp(expectations[found].check, name) != 0) {
      found++;
    }
    if (found == EXPECTATIONS && strcmp(name, "library-file") != 0) {
      printf("# nobody fails %s\n", name);
      CU_FAIL("a check that nothing fails");
    }
  }
}

static void conforms(const char *path) {
  char err[300] = "";
  validate_result *results = calloc(validate_count(), sizeof *results);
  const validate_options options = quick(NULL, 120000);
  size_t count = 0;
  CU_ASSERT_PTR_NOT_NULL_FATAL(results);
  CU_ASSERT_EQUAL(validate_run(unit_build(path), &options, results, &count, err,
                               sizeof err),
                  0);
  for (size_t i = 0; i < count; i++) {
    if (results[i].verdict != VALIDATE_PASS &&
        results[i].verdict != VALIDATE_SKIP) {
      printf("# %s: %s %s: %s\n", path,
             validate_verdict_text(results[i].verdict), results[i].check->name,
             results[i].sentence);
    }
  }
  CU_ASSERT_EQUAL(count, validate_count());
  CU_ASSERT(validate_conforms(results, count, 1));
  free(results);
}

static void test_a_conforming_plugin_passes(void) {
  conforms("tests/plugins/.libs/conforming.so");
}

static void test_the_minimal_plugin_passes(void) {
  conforms("tests/validate/.libs/last_by_task.so");
}

static void test_foresight_passes(void) {
  conforms("plugin/foresight/.libs/hearth-foresight.so");
}

static void test_references_pass(void) {
  static const char *const names[] = {"lru",
                                      "lfu",
                                      "gdsf",
                                      "gdsf-forgetful",
                                      "ttl",
                                      "breakeven",
                                      "hybrid-histogram",
                                      "exponential",
                                      "markov",
                                      "hazard",
                                      "clairvoyant-distance",
                                      "clairvoyant-cost",
                                      "clairvoyant",
                                      "echo"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char path[128];
    snprintf(path, sizeof path, "plugin/reference/.libs/hearth-%s.so",
             names[i]);
    conforms(path);
  }
}

static void test_what_is_no_library(void) {
  validate_result *results = calloc(validate_count(), sizeof *results);
  validate_options options = quick("library-file", 0);
  char err[300] = "";
  size_t count = 0;
  CU_ASSERT_PTR_NOT_NULL_FATAL(results);
  CU_ASSERT_EQUAL(validate_run(unit_source("tests/plugins/stub.h"), &options,
                               results, &count, err, sizeof err),
                  0);
  CU_ASSERT_EQUAL(results[0].verdict, VALIDATE_FAIL);
  CU_ASSERT_NOT_EQUAL(validate_run("/nonexistent.so", &options, results, &count,
                                   err, sizeof err),
                      0);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "/nonexistent.so"));
  options.only = "no-such-*";
  CU_ASSERT_NOT_EQUAL(validate_run(unit_source("tests/plugins/stub.h"),
                                   &options, results, &count, err, sizeof err),
                      0);
  free(results);
}

UNIT_MAIN("validate", UNIT(test_misbehaving_plugins_are_caught),
          UNIT(test_every_check_can_be_failed),
          UNIT(test_a_conforming_plugin_passes),
          UNIT(test_the_minimal_plugin_passes), UNIT(test_foresight_passes),
          UNIT(test_references_pass), UNIT(test_what_is_no_library))
