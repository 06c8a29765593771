/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "host-sdk/replay/input/describe.h"
#include "host-sdk/replay/input/random.h"
#include "host-sdk/replay/input/workload.h"
#include "plugin/sdk/math.h"
#include "tests/input/files.h"
#include "tests/unit.h"

static void make(const hearth_workload_options *options, hearth_trace *trace,
                 hearth_models *models) {
  hearth_memory_user memory = files_memory(0);
  CU_ASSERT_EQUAL_FATAL(hearth_workload_make(options, &memory, trace, models),
                        HEARTH_OK);
}

static uint64_t hash_of(const char *path) {
  size_t len = 0;
  char *text = files_read(path, &len);
  uint64_t hash = text ? hearth_hash(0, text, len) : 0;
  free(text);
  return hash;
}

/* Of the default workload's files.  A change of the generator changes them, and
   then the table in docs/workload.md too. */
#define TRACE_HASH UINT64_C(0x2a7b2e0de8b0534a)
#define CATALOG_HASH UINT64_C(0xddaed7e150b29542)

/* The default workload, byte by byte, on every machine. */
static void test_pinned(void) {
  hearth_trace t;
  hearth_models m;
  char err[600];
  const char *trace = files_path("w.csv"), *catalog = files_path("c.csv");
  make(NULL, &t, &m);
  CU_ASSERT_EQUAL(hearth_trace_save(&t, trace, err, sizeof err), HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_models_save(&m, catalog, err, sizeof err), HEARTH_OK);
  CU_ASSERT_EQUAL(hash_of(trace), TRACE_HASH);
  CU_ASSERT_EQUAL(hash_of(catalog), CATALOG_HASH);
  hearth_models_free(&m);
  hearth_trace_free(&t);
}

static void test_every_column(void) {
  hearth_trace t;
  hearth_models m;
  make(NULL, &t, &m);
  CU_ASSERT_EQUAL(m.count, 24);
  CU_ASSERT_EQUAL(hearth_trace_count(&t, HEARTH_TRACE_TASK), 7);
  CU_ASSERT_EQUAL(hearth_trace_count(&t, HEARTH_TRACE_USER), 44);
  int bad = 0;
  for (uint32_t i = 0; i < t.count; i++) {
    for (int kind = 0; kind < HEARTH_TRACE_NAMES; kind++) {
      bad += t.id[kind][i] == HEARTH_NO_NAME;
    }
    bad += t.duration_ms[i] < 20 || t.duration_ms[i] > 600000;
    bad += t.input_len[i] < 1 || !t.complexity[i] || !t.priority[i];
    bad += i && t.ts_ms[i] < t.ts_ms[i - 1];
    bad += t.id[HEARTH_TRACE_MODEL][i] >= m.count;
  }
  CU_ASSERT_EQUAL(bad, 0);
  for (uint32_t i = 0; i < m.count; i++) {
    CU_ASSERT(m.items[i].memory_mb >= 1024);
    CU_ASSERT(m.items[i].memory_mb <= 48 * 1024);
    CU_ASSERT(m.items[i].load_ms >= 1000);
    CU_ASSERT(m.items[i].load_ms <= 60000);
  }
  hearth_models_free(&m);
  hearth_trace_free(&t);
}

static void test_sizes(void) {
  static const hearth_workload_options sizes[] = {
      {1, 1, 1, 4}, {2, 1, 30, 4}, {3, 120, 2, 64}, {UINT64_MAX, 7, 8, 25}};
  for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    hearth_trace t;
    hearth_models m;
    hearth_trace_figures f;
    make(&sizes[i], &t, &m);
    CU_ASSERT_EQUAL(m.count, sizes[i].models);
    CU_ASSERT(t.count > 10);
    CU_ASSERT_EQUAL(hearth_trace_measure(&t, &m, &f), HEARTH_OK);
    CU_ASSERT_EQUAL(f.requests, t.count);
    CU_ASSERT(f.models_used <= sizes[i].models);
    hearth_models_free(&m);
    hearth_trace_free(&t);
  }
}

static void test_bad_sizes(void) {
  static const hearth_workload_options sizes[] = {
      {1, 0, 1, 4},     {1, 1, 0, 4},   {1, 1, 1, 3},
      {1, 10001, 1, 4}, {1, 1, 401, 4}, {1, 1, 1, 65}};
  hearth_memory_user memory = files_memory(0);
  for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    hearth_trace t;
    hearth_models m;
    CU_ASSERT_EQUAL(hearth_workload_make(&sizes[i], &memory, &t, &m),
                    HEARTH_BAD_ARG);
    CU_ASSERT_EQUAL(t.count, 0);
    CU_ASSERT_EQUAL(files_held(), 0);
  }
}

/* More users make more requests, and another seed another workload. */
static void test_streams(void) {
  hearth_workload_options few = {5, 5, 3, 12}, more = {5, 9, 3, 12};
  hearth_workload_options other = {6, 5, 3, 12};
  hearth_trace a, b;
  hearth_models m;
  hearth__random x, y;
  make(&few, &a, &m);
  hearth_models_free(&m);
  make(&other, &b, &m);
  hearth_models_free(&m);
  CU_ASSERT_NOT_EQUAL(a.count, b.count);
  hearth_trace_free(&b);
  make(&more, &b, &m);
  CU_ASSERT(b.count > a.count);
  hearth_models_free(&m);
  hearth_trace_free(&a);
  hearth_trace_free(&b);
  hearth__random_init(&x, 1, 1);
  hearth__random_init(&y, 1, 2);
  CU_ASSERT_NOT_EQUAL(hearth__random_next(&x), hearth__random_next(&y));
}

static void test_random(void) {
  hearth__random r;
  static const double weights[] = {0, 3, 0, 1, 0};
  static const double none[] = {0, 0};
  uint32_t picked[6] = {0}, below[5] = {0};
  double sum = 0, squares = 0, log_sum = 0;
  hearth__random_init(&r, 1, 0);
  for (int i = 0; i < 40000; i++) {
    double x = hearth__random_normal(&r);
    sum += x;
    squares += x * x;
    log_sum += hearth_log(hearth__random_lognormal(&r, 100, 0.5));
    picked[hearth__random_pick(&r, weights, 5)]++;
    below[hearth__random_below(&r, 5)]++;
    uint32_t run = hearth__random_run(&r, 0.9, 3);
    CU_ASSERT(run >= 1 && run <= 3);
  }
  CU_ASSERT_DOUBLE_EQUAL(sum / 40000, 0, 0.02);
  CU_ASSERT_DOUBLE_EQUAL(squares / 40000, 1, 0.03);
  CU_ASSERT_DOUBLE_EQUAL(log_sum / 40000, 4.60517, 0.02);
  CU_ASSERT_EQUAL(picked[0] + picked[2] + picked[4] + picked[5], 0);
  CU_ASSERT_DOUBLE_EQUAL(picked[1] / 40000.0, 0.75, 0.02);
  for (int i = 0; i < 5; i++) {
    CU_ASSERT_DOUBLE_EQUAL(below[i] / 40000.0, 0.2, 0.02);
  }
  CU_ASSERT_EQUAL(hearth__random_pick(&r, none, 2), 2);
}

static void test_no_memory(void) {
  hearth_workload_options options = {1, 2, 1, 8};
  hearth_status status = HEARTH_NO_MEMORY;
  unsigned n = 1;
  for (; status == HEARTH_NO_MEMORY && n < 1000; n++) {
    hearth_memory_user memory = files_memory(n);
    hearth_trace t;
    hearth_models m;
    hearth_trace_figures f;
    status = hearth_workload_make(&options, &memory, &t, &m);
    if (status == HEARTH_OK) {
      status = hearth_trace_measure(&t, &m, &f);
    }
    hearth_models_free(&m);
    hearth_trace_free(&t);
    CU_ASSERT_EQUAL(files_held(), 0);
  }
  CU_ASSERT(n > 60);
  CU_ASSERT_EQUAL(status, HEARTH_OK);
}

UNIT_MAIN("workload", UNIT(test_pinned), UNIT(test_every_column),
          UNIT(test_sizes), UNIT(test_bad_sizes), UNIT(test_streams),
          UNIT(test_random), UNIT(test_no_memory))
