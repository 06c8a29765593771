/* SPDX-License-Identifier: MIT
   A comparison: settings, yardsticks, gaps, the policy that failed. */
#include "host-sdk/replay/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/replay/present.h"
#include "tests/replay/setup.h"
#include "tests/unit.h"

static setup fixture;
static hearth_policies policies;
static hearth_comparison comparison;

static void begin(void) {
  recorder_reset();
  setup_begin(&fixture);
  policies = (hearth_policies){0};
}

static void end(void) {
  hearth_comparison_free(&comparison);
  hearth_policies_free(&policies);
  setup_end(&fixture);
}

static void test_settings(void) {
  char label[32];
  begin();
  setup_model(&fixture, "a", 1000, 1);
  setup_model(&fixture, "b", 4000.5, 1);
  setup_model(&fixture, "c", 11111, 1);
  comparison = (hearth_comparison){.models = &fixture.models};
  hearth_comparison_default_settings(&comparison);
  CU_ASSERT_EQUAL(comparison.setting_count, 6);
  for (uint32_t s = 0; s < 3; s++) { /* never under the largest */
    CU_ASSERT_EQUAL(comparison.settings[s].budget_mb, 11111);
    CU_ASSERT_EQUAL(comparison.settings[s].load_lanes, 2);
    CU_ASSERT(comparison.settings[s].idle_price < 0);
    CU_ASSERT(comparison.settings[s + 3].budget_mb < 0);
    CU_ASSERT_EQUAL(comparison.settings[s + 3].load_lanes, 0);
  }
  CU_ASSERT_EQUAL(comparison.settings[3].idle_price, 25);
  CU_ASSERT_EQUAL(comparison.settings[4].idle_price, 100);
  CU_ASSERT_EQUAL(comparison.settings[5].idle_price, 400);
  /* 0.9 * 16111.5 = 14500.35, rounded down. */
  CU_ASSERT_EQUAL(hearth_budget_of_share(&fixture.models, 0.9), 14500);
  hearth_setting_label(&comparison.settings[1], label, sizeof label);
  CU_ASSERT_STRING_EQUAL(label, "20%");
  hearth_setting_label(&comparison.settings[4], label, sizeof label);
  CU_ASSERT_STRING_EQUAL(label, "R100");
  const hearth_setting given = setup_budget(2000);
  hearth_setting_label(&given, label, sizeof label);
  CU_ASSERT_STRING_EQUAL(label, "2000MB");
  end();
}

static void add(const char *stem, unsigned roles) {
  char path[4096], err[4096];
  CU_ASSERT_EQUAL_FATAL(hearth_find_plugin(unit_build("plugin/reference/.libs"),
                                           stem, path, sizeof path, err,
                                           sizeof err),
                        HEARTH_OK);
  CU_ASSERT_EQUAL_FATAL(hearth_policies_add(&policies, path, NULL, NULL,
                                            HEARTH_POLICY_BUDGET | roles, err,
                                            sizeof err),
                        HEARTH_OK);
}

static void add_recorder(unsigned roles) {
  add("lru", roles); /* and then put the recorder in its place */
  hearth_policy *policy = &policies.items[policies.count - 1];
  hearth_library_close(policy->library);
  policy->library = recorder_library();
  strcpy(policy->name, "recorder");
}

/* One run over the fixture, in 2 GB. */
static hearth_status run(const char **failed, char *err, uint64_t err_cap,
                         unsigned threads) {
  const hearth_compare_options options = {.threads = threads};
  comparison = (hearth_comparison){.trace = &fixture.trace,
                                   .models = &fixture.models,
                                   .policies = &policies,
                                   .trace_name = "fixture",
                                   .settings = {setup_budget(2048)},
                                   .setting_count = 1};
  return hearth_compare(&comparison, &options, failed, err, err_cap);
}

/* a and b alternate with c passing through once: lru lets the wrong one go.
   In 2 GB, with loads of 1 s: a b c, then a and b. */
static void fill(void) {
  setup_model(&fixture, "a", 1024, 1000);
  setup_model(&fixture, "b", 1024, 1000);
  setup_model(&fixture, "c", 1024, 1000);
  setup_request(&fixture, 10000, "a", 0, NULL);
  setup_request(&fixture, 20000, "b", 0, NULL);
  setup_request(&fixture, 30000, "c", 0, NULL);
  setup_request(&fixture, 40000, "a", 0, NULL);
  setup_request(&fixture, 50000, "b", 0, NULL);
  setup_ready(&fixture);
}

static void test_gap_closed(void) {
  const char *failed = NULL;
  char err[256] = "";
  begin();
  fill();
  add("lru", HEARTH_POLICY_SIMPLE);
  add_recorder(0); /* no opinion: lru, the host's default */
  add("clairvoyant-distance", HEARTH_POLICY_CLAIRVOYANT);
  CU_ASSERT_EQUAL_FATAL(run(&failed, err, sizeof err, 1), HEARTH_OK);
  /* lru: every request is cold, 5 s.  Clairvoyant: c replaces b (a comes
     first), a is there, b replaces whichever: 4 s. */
  CU_ASSERT_DOUBLE_EQUAL(comparison.yardsticks[0].best, 5, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(comparison.yardsticks[0].clairvoyant, 4, 1e-12);
  CU_ASSERT_EQUAL(comparison.yardsticks[0].best_policy, 0);
  CU_ASSERT_EQUAL(comparison.yardsticks[0].clairvoyant_policy, 2);
  const hearth_cell *cells = hearth_comparison_cell(&comparison, 0, 0);
  CU_ASSERT_DOUBLE_EQUAL(cells[0].gap_closed, 0, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(cells[1].result.cold_wait_s, 5, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(cells[1].gap_closed, 0, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(cells[2].gap_closed, 1, 1e-12);
  end();
}

/* Where best and clairvoyant are within 0.5 %, there is no gap. */
static void test_no_gap(void) {
  const char *failed = NULL;
  char err[256] = "";
  begin();
  setup_model(&fixture, "a", 1024, 1000);
  setup_request(&fixture, 10000, "a", 0, NULL);
  setup_ready(&fixture);
  add("lru", HEARTH_POLICY_SIMPLE);
  add("lfu", HEARTH_POLICY_SIMPLE);
  add("clairvoyant-cost", HEARTH_POLICY_CLAIRVOYANT);
  CU_ASSERT_EQUAL_FATAL(run(&failed, err, sizeof err, 2), HEARTH_OK);
  CU_ASSERT_EQUAL(comparison.yardsticks[0].best_policy, 0); /* first of a tie */
  for (uint32_t p = 0; p < 3; p++) {
    CU_ASSERT(isnan(hearth_comparison_cell(&comparison, 0, p)->gap_closed));
  }
  end();
}

/* Without yardsticks they are null, and so is the gap. */
static void test_no_yardsticks(void) {
  const char *failed = NULL;
  char err[256] = "", text[8192] = "";
  begin();
  fill();
  add_recorder(0);
  strcpy(policies.items[0].name, "n\xc3"); /* cut within a character */
  CU_ASSERT_EQUAL_FATAL(run(&failed, err, sizeof err, 1), HEARTH_OK);
  comparison.trace_name = "\xff.csv";
  CU_ASSERT(isnan(comparison.yardsticks[0].best));
  CU_ASSERT(isnan(hearth_comparison_cell(&comparison, 0, 0)->gap_closed));
  FILE *out = fmemopen(text, sizeof text, "w");
  CU_ASSERT_EQUAL(hearth_present_json(&comparison, 0, out), HEARTH_OK);
  fclose(out);
  CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"trace\": \"?.csv\""));
  CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"policy\": \"n?\""));
  CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"best\": null"));
  CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"best_policy\": null"));
  CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"clairvoyant_policy\": null"));
  CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"gap_closed\": null"));
  CU_ASSERT_PTR_NULL(strstr(text, "timing"));
  end();
}

static void test_failed(void) {
  const char *failed = NULL;
  char err[256] = "";
  begin();
  fill();
  recorded.fail_call = 3;
  recorded.fail_status = HEARTH_BAD_ARG;
  recorded.fail_words = "it broke";
  add("lru", HEARTH_POLICY_SIMPLE);
  add_recorder(0);
  CU_ASSERT_EQUAL(run(&failed, err, sizeof err, 2), HEARTH_UNAVAILABLE);
  CU_ASSERT_STRING_EQUAL(failed, "recorder");
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "at 10000 ms, request 1 of 5"));
  end();
}

UNIT_MAIN("replay: comparison", UNIT(test_settings), UNIT(test_gap_closed),
          UNIT(test_no_gap), UNIT(test_no_yardsticks), UNIT(test_failed))
