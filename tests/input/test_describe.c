/* SPDX-License-Identifier: MIT */
#include "host-sdk/replay/input/describe.h"
#include "tests/input/files.h"
#include "tests/unit.h"

static void measure(const char *text, hearth_trace_figures *out) {
  hearth_trace t;
  hearth_models m;
  char err[600], warning[600];
  hearth_memory_user memory = files_memory(0);
  const char *path = files_write("t.csv", text, 0);
  CU_ASSERT_EQUAL_FATAL(
      hearth_trace_load(&t, &memory, path, NULL, err, sizeof err), HEARTH_OK);
  CU_ASSERT_EQUAL_FATAL(hearth_models_for_trace(&m, &t, path, NULL, warning,
                                                sizeof warning, err,
                                                sizeof err),
                        HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_trace_measure(&t, &m, out), HEARTH_OK);
  hearth_models_free(&m);
  hearth_trace_free(&t);
}

/* Worked by hand: gaps 1, 1, 2, 4 s. */
static void test_by_hand(void) {
  hearth_trace_figures f;
  (void)files_write("t.catalog.csv",
                    "model,memory_mb,load_ms\na,512,1000\nb,512,3000\n"
                    "never,1024,2000\n",
                    0);
  measure("ts_ms,user,task,model,duration_ms,input_len\n"
          "0,u,x,a,10,\n1000,v,x,b,20,\n2000,u,y,a,30,\n4000,v,x,a,,\n"
          "8000,,x,a,,\n",
          &f);
  CU_ASSERT_EQUAL(f.requests, 5);
  CU_ASSERT_EQUAL(f.users, 2);
  CU_ASSERT_EQUAL(f.tasks, 2);
  CU_ASSERT_EQUAL(f.projects, 0);
  CU_ASSERT_EQUAL(f.models, 3);
  CU_ASSERT_EQUAL(f.models_used, 2);
  CU_ASSERT_EQUAL(f.models_late, 0);
  CU_ASSERT_EQUAL(f.memory_gb, 2);
  CU_ASSERT_EQUAL(f.load_p50_s, 2);
  CU_ASSERT_EQUAL(f.load_max_s, 3);
  CU_ASSERT_EQUAL(f.top_1, 0.8);
  CU_ASSERT_EQUAL(f.top_5, 1);
  CU_ASSERT_EQUAL(f.models_90, 2);
  CU_ASSERT_EQUAL(f.overlap, 0.5); /* a, b; a, a, a */
  CU_ASSERT_EQUAL(f.same_user, 0.25);
  CU_ASSERT_EQUAL(f.same_global, 0.4);
  CU_ASSERT_EQUAL(f.recent_5, 0.6);
  CU_ASSERT_EQUAL(f.gap_p10_s, 1);
  CU_ASSERT_EQUAL(f.gap_p50_s, 2);
  CU_ASSERT_EQUAL(f.gap_p99_s, 4);
  CU_ASSERT_DOUBLE_EQUAL(f.gap_cv, 0.6124, 0.0001);
  CU_ASSERT_EQUAL(f.model_gap_p50_s, 2);
  CU_ASSERT_EQUAL(f.model_gap_p99_s, 4);
  CU_ASSERT_EQUAL(f.day_10h, -1);
  CU_ASSERT_EQUAL(f.duration_p50_s, 0.02);
  CU_ASSERT_EQUAL(f.input_p50, -1);
}

static void test_days(void) {
  hearth_trace_figures f;
  measure("ts_ms,model\n0,a\n36000000,a\n86400000,b\n604800000,a\n", &f);
  CU_ASSERT_EQUAL(f.days, 7);
  CU_ASSERT_EQUAL(f.day_10h, 0.75);
  CU_ASSERT_EQUAL(f.week_5d, 1);
  CU_ASSERT_EQUAL(f.models_late, 1);
}

static void test_one(void) {
  hearth_trace_figures f;
  measure("ts_ms,model\n5,a\n", &f);
  CU_ASSERT_EQUAL(f.requests, 1);
  CU_ASSERT_EQUAL(f.gap_p50_s, -1);
  CU_ASSERT_EQUAL(f.gap_cv, -1);
  CU_ASSERT_EQUAL(f.overlap, -1);
  CU_ASSERT_EQUAL(f.top_1, 1);
}

UNIT_MAIN("describe", UNIT(test_by_hand), UNIT(test_days), UNIT(test_one))
