/* SPDX-License-Identifier: MIT
   A trace changes nothing: the logs of a replay with and without it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host-sdk/reflect/trace.h"
#include "host-sdk/replay/compare.h"
#include "host-sdk/replay/input/workload.h"
#include "host-sdk/replay/replay.h"
#include "tests/unit.h"

enum { REQUESTS = 3000 };

static hearth_trace trace;
static hearth_models models;
static hearth_uses uses;
static uint64_t prepared;

static void count(void *user, const hearth__trace_event *event) {
  FILE *nowhere = user;

  prepared += strcmp(event->function, "prepare_models") == 0;
  hearth__trace_line(nowhere, event);
}

static hearth_result replay(hearth_library *library, const char *plans,
                            const char *events) {
  hearth_config config;
  hearth_setting setting = {.idle_price = -1, .share = 0.2, .load_lanes = 2};
  hearth_result result;
  char err[512] = "";

  setting.budget_mb = hearth_budget_of_share(&models, 0.2);
  hearth_message_init(&hearth_config_schema, &config);
  const hearth_replay_options options = {.trace = &trace,
                                         .models = &models,
                                         .uses = &uses,
                                         .setting = &setting,
                                         .config = &config,
                                         .horizons = 1,
                                         .log_path = events,
                                         .plan_path = plans};
  CU_ASSERT_EQUAL_FATAL(
      hearth_replay(library, &options, &result, err, sizeof(err)), HEARTH_OK);
  return result;
}

static int same_bytes(const char *a, const char *b) {
  FILE *one = fopen(a, "rb"), *two = fopen(b, "rb");
  long len = 0;
  int c = 0, same = one && two;

  while (same && (c = getc(one)) != EOF) {
    same = c == getc(two);
    ++len;
  }
  same = same && getc(two) == EOF && len > 1000;
  if (one) {
    fclose(one);
  }
  if (two) {
    fclose(two);
  }
  return same;
}

static void test_same(void) {
  static const char *const names[] = {
      "reflect-plans-a.csv", "reflect-plans-b.csv", "reflect-events-a.csv",
      "reflect-events-b.csv"};
  const hearth_memory_user memory = hearth_memory_of(NULL);
  FILE *nowhere = fopen("/dev/null", "w");
  const hearth__trace_options options = {count, nowhere, 1};
  hearth_library *plain, *traced;
  hearth__tracer *tracer;
  hearth_result first, second;

  CU_ASSERT_EQUAL_FATAL(hearth_workload_make(NULL, &memory, &trace, &models),
                        HEARTH_OK);
  trace.count = REQUESTS;
  CU_ASSERT_EQUAL_FATAL(hearth_uses_init(&uses, &trace, &models), HEARTH_OK);
  CU_ASSERT_EQUAL_FATAL(
      hearth_library_open(
          unit_build("plugin/foresight/.libs/hearth-foresight.so"), NULL,
          &plain, NULL, 0),
      HEARTH_OK);
  CU_ASSERT_EQUAL_FATAL(
      hearth__traced_library(plain, &options, &tracer, &traced, NULL, 0),
      HEARTH_OK);
  first = replay(plain, names[0], names[2]);
  second = replay(traced, names[1], names[3]);
  CU_ASSERT_TRUE(same_bytes(names[0], names[1]));
  CU_ASSERT_TRUE(same_bytes(names[2], names[3]));
  CU_ASSERT(prepared >= REQUESTS);
  hearth_result_free(&first);
  hearth_result_free(&second);
  hearth_library_close(plain);
  hearth_library_close(traced);
  hearth__tracer_free(tracer);
  for (int i = 0; i < 4; ++i) {
    unlink(names[i]);
  }
  hearth_uses_free(&uses);
  hearth_models_free(&models);
  hearth_trace_free(&trace);
  fclose(nowhere);
}

UNIT_MAIN("reflect replay", UNIT(test_same))
