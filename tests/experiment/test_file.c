/* SPDX-License-Identifier: MIT
   An experiment's YAML file: what it says, and what is wrong with it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host-sdk/experiment/offline/file.h"
#include "tests/unit.h"

#define HEAD "experiment: e\nbudget_share: 0.2\n"
#define ARMS                                                                   \
  "arms:\n  - {name: a, plugin: hearth-lru.so}\n"                              \
  "  - {name: b, plugin: hearth-gdsf.so}\n"

static hearth__experiment_file file;

static hearth_status read_text(const char *text, char *err, uint64_t cap) {
  char path[] = "/tmp/hearth-experiment-XXXXXX";
  const int fd = mkstemp(path);
  CU_ASSERT_FATAL(fd >= 0);
  CU_ASSERT_EQUAL(write(fd, text, strlen(text)), (ssize_t)strlen(text));
  close(fd);
  err[0] = '\0';
  const hearth_status status =
      hearth__experiment_file_read(&file, path, err, cap);
  unlink(path);
  return status;
}

static void refuse(const char *text, int line, const char *words) {
  char err[700], where[16];
  CU_ASSERT_EQUAL(read_text(text, err, sizeof err), HEARTH_BAD_ARG);
  snprintf(where, sizeof where, ":%d: ", line);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, where));
  CU_ASSERT_PTR_NOT_NULL(strstr(err, words));
  if (strstr(err, where) == NULL || strstr(err, words) == NULL) {
    printf("# want %s%s, got %s\n", where, words, err);
  }
}

static void test_defaults(void) {
  char err[700];
  CU_ASSERT_EQUAL(read_text(HEAD ARMS, err, sizeof err), HEARTH_OK);
  CU_ASSERT_STRING_EQUAL(file.name, "e");
  CU_ASSERT_EQUAL(file.arm_count, 2);
  CU_ASSERT_EQUAL(file.champion_index, 0);
  CU_ASSERT_DOUBLE_EQUAL(file.arms[1].share, 0.5, 1e-12);
  CU_ASSERT_EQUAL(file.unit, HEARTH_UNIT_SESSION);
  CU_ASSERT_EQUAL(file.design, HEARTH_DESIGN_PAIRED);
  CU_ASSERT_EQUAL(file.workload.users, 40);
  CU_ASSERT_EQUAL(file.guardrails.least_calls, 200);
}

static void test_everything(void) {
  char err[700];
  CU_ASSERT_EQUAL(
      read_text("experiment: all\ntrace: t.csv\ncatalog: c.csv\n"
                "until_ms: 5\nidle_price: 100\nload_lanes: 3\nunit: user\n"
                "design: split\nsession_gap_s: 60\nwindow_s: 3600\n"
                "alpha: 0.01\ncap_s: 9.5\nafter_units: 7\npromote: true\n"
                "stop_worse: false\nchampion: y\nkeep_state: kept\n"
                "guardrails: {latency_p99_ms: 5, error_share: 0.5, "
                "wait_ratio: 3, after_calls: 9, after_units: 8}\n"
                "arms:\n- name: x\n  plugin: p.so\n  shadow: true\n"
                "  config:\n    learning_rate: 0.1\n"
                "    ablate: next,hour\n"
                "- {name: y, plugin: q.so, share: 0.75}\n"
                "- {name: z, plugin: q.so}\n",
                err, sizeof err),
      HEARTH_OK);
  CU_ASSERT_STRING_EQUAL(err, "");
  CU_ASSERT_EQUAL(file.until_ms, 5);
  CU_ASSERT_EQUAL(file.champion_index, 1);
  CU_ASSERT_EQUAL(file.unit, HEARTH_UNIT_USER);
  CU_ASSERT_EQUAL(file.design, HEARTH_DESIGN_SPLIT);
  CU_ASSERT_EQUAL(file.least_units, 7);
  CU_ASSERT(file.promote && !file.stop_worse);
  CU_ASSERT_EQUAL(file.guardrails.least_units, 8);
  CU_ASSERT_DOUBLE_EQUAL(file.guardrails.latency_p99_ms, 5, 0);
  CU_ASSERT_STRING_EQUAL(file.arms[0].config,
                         "learning_rate=0.1,ablate=\"next,hour\"");
  CU_ASSERT_DOUBLE_EQUAL(file.arms[0].share, 0, 0);
  CU_ASSERT_DOUBLE_EQUAL(file.arms[2].share, 0.25, 1e-12);
}

static void test_errors(void) {
  refuse("", 1, "empty");
  refuse("a: 1\n b: 2\n", 2, "");
  refuse("- a\n", 1, "want a map");
  refuse(HEAD "colour: red\n" ARMS, 3, "no key 'colour'");
  refuse(HEAD "budget_share: 0.3\n" ARMS, 3, "twice");
  refuse(HEAD "alpha: soon\n" ARMS, 3, "want a number");
  refuse(HEAD "alpha: 0.9\n" ARMS, 3, "want 1e-09 to 0.5");
  refuse(HEAD "after_units: 1.5\n" ARMS, 3, "whole number");
  refuse(HEAD "unit: team\n" ARMS, 3, "user, session, request");
  refuse(HEAD "promote: perhaps\n" ARMS, 3, "false, true");
  refuse(HEAD "champion: c\n" ARMS, 1, "no arm 'c'");
  refuse(HEAD "idle_price: 5\n" ARMS, 1, "one of budget_mb");
  refuse("experiment: e\n" ARMS, 1, "one of budget_mb");
  refuse("budget_mb: 5\n" ARMS, 1, "'experiment'");
  refuse(HEAD "catalog: x\n" ARMS, 1, "no trace");
  refuse(HEAD "trace: [a]\n" ARMS, 3, "one value");
  refuse(HEAD "workload: {users: 0}\n" ARMS, 3, "users");
  refuse(HEAD "guardrails:\n  speed: 1\n" ARMS, 4, "no key 'speed'");
  refuse(HEAD, 1, "two arms");
  refuse(HEAD "arms: 5\n", 3, "want a list");
  refuse(HEAD "arms:\n- {name: a}\n", 4, "a name and a plugin");
  refuse(HEAD ARMS "  - {name: a, plugin: x}\n", 6, "named 'a'");
  refuse(HEAD ARMS "  - {name: c, plugin: x, share: 2}\n", 6, "share");
  refuse(HEAD "arms:\n- {name: a, plugin: x, share: 0.3}\n"
              "- {name: b, plugin: y, share: 0.3}\n",
         1, "add up to 0.6");
  refuse(HEAD ARMS "  - name: c\n    plugin: x\n    config:\n"
                   "      speed: 3\n",
         9, "no such setting");
  refuse(HEAD ARMS "  - name: c\n    plugin: x\n    config:\n"
                   "      learning_rate: fast\n",
         9, "want a number");
}

static void test_paths(void) {
  char out[64];
  CU_ASSERT_EQUAL(hearth__beside("a/b.yaml", "c.csv", out, sizeof out),
                  HEARTH_OK);
  CU_ASSERT_STRING_EQUAL(out, "a/c.csv");
  CU_ASSERT_EQUAL(hearth__beside("b.yaml", "c.csv", out, sizeof out),
                  HEARTH_OK);
  CU_ASSERT_STRING_EQUAL(out, "c.csv");
  CU_ASSERT_EQUAL(hearth__beside("a/b.yaml", "/c.csv", out, sizeof out),
                  HEARTH_OK);
  CU_ASSERT_STRING_EQUAL(out, "/c.csv");
  CU_ASSERT_EQUAL(hearth__beside("a/b.yaml", "c.csv", out, 4), HEARTH_LIMIT);
}

UNIT_MAIN("experiment file", UNIT(test_defaults), UNIT(test_everything),
          UNIT(test_errors), UNIT(test_paths))
