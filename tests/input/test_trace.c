/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/replay/input/trace.h"
#include "plugin/sdk/wire/messages.h"
#include "tests/input/files.h"
#include "tests/unit.h"

static char err[600];

static hearth_status load(const char *path, int64_t until,
                          hearth_trace *trace) {
  hearth_memory_user memory = files_memory(0);
  hearth_trace_options options = {until};
  err[0] = '\0';
  return hearth_trace_load(trace, &memory, path, &options, err, sizeof err);
}

static int is_text(hearth_str a, const char *b) {
  return hearth_str_equal(a, hearth_str_from(b));
}

static const char full[] =
    "ts_ms,user,task,model,duration_ms,input_len,session,project,language,"
    "preferred_hardware,complexity,priority\n"
    "0,u1,chat,m1,1500,20,s1,p1,go,gpu,simple,low\n"
    "7,u2,chat,m2,,,s2,p1,go,cpu,complex,critical\n"
    "7,u1,,m1,0,0,,,,,,\n"
    "9007199254740992,,,\"m,3\",1,1,,,,,medium,high\n";

static void test_columns(void) {
  hearth_trace t;
  CU_ASSERT_EQUAL_FATAL(load(files_write("t.csv", full, 0), -1, &t), HEARTH_OK);
  CU_ASSERT_EQUAL(t.count, 4);
  CU_ASSERT_EQUAL(t.ts_ms[3], HEARTH_TRACE_MAX_MS);
  CU_ASSERT_EQUAL(t.duration_ms[0], 1500);
  CU_ASSERT_EQUAL(t.duration_ms[1], -1);
  CU_ASSERT_EQUAL(t.duration_ms[2], 0);
  CU_ASSERT_EQUAL(t.input_len[1], -1);
  CU_ASSERT_EQUAL(t.complexity[1], HEARTH_COMPLEXITY_COMPLEX);
  CU_ASSERT_EQUAL(t.complexity[2], HEARTH_COMPLEXITY_UNKNOWN);
  CU_ASSERT_EQUAL(t.priority[1], HEARTH_PRIORITY_CRITICAL);
  CU_ASSERT_EQUAL(t.priority[3], HEARTH_PRIORITY_HIGH);
  CU_ASSERT(is_text(hearth_trace_name(&t, HEARTH_TRACE_USER, 2), "u1"));
  CU_ASSERT_EQUAL(t.id[HEARTH_TRACE_USER][0], t.id[HEARTH_TRACE_USER][2]);
  CU_ASSERT_EQUAL(t.id[HEARTH_TRACE_USER][3], HEARTH_NO_NAME);
  CU_ASSERT_PTR_NULL(hearth_trace_name(&t, HEARTH_TRACE_TASK, 2).data);
  CU_ASSERT(is_text(hearth_trace_name(&t, HEARTH_TRACE_MODEL, 3), "m,3"));
  CU_ASSERT(is_text(hearth_trace_name(&t, HEARTH_TRACE_HARDWARE, 1), "cpu"));
  CU_ASSERT_EQUAL(hearth_trace_count(&t, HEARTH_TRACE_MODEL), 3);
  hearth_trace_free(&t);
  hearth_trace_free(NULL);
}

static void test_few_columns(void) {
  hearth_trace t;
  const char *path =
      files_write("t.csv", "extra,model,ts_ms\n,m,5\nx,m,5.9\n,n,1e3\n", 0);
  CU_ASSERT_EQUAL_FATAL(load(path, -1, &t), HEARTH_OK);
  CU_ASSERT_EQUAL(t.count, 3);
  CU_ASSERT_EQUAL(t.ts_ms[1], 5);
  CU_ASSERT_EQUAL(t.ts_ms[2], 1000);
  CU_ASSERT_EQUAL(t.duration_ms[2], -1);
  CU_ASSERT_EQUAL(t.id[HEARTH_TRACE_SESSION][0], HEARTH_NO_NAME);
  hearth_trace_free(&t);
}

static void test_until(void) {
  hearth_trace t;
  const char *path = files_write("t.csv", full, 0);
  CU_ASSERT_EQUAL_FATAL(load(path, 7, &t), HEARTH_OK);
  CU_ASSERT_EQUAL(t.count, 3);
  hearth_trace_free(&t);
  CU_ASSERT_EQUAL_FATAL(load(path, 6, &t), HEARTH_OK);
  CU_ASSERT_EQUAL(t.count, 1);
  hearth_trace_free(&t);
  path = files_write("t.csv", "ts_ms,model\n5,m\n", 0);
  CU_ASSERT_EQUAL(load(path, 4, &t), HEARTH_BAD_PAYLOAD);
  CU_ASSERT_STRING_EQUAL(strrchr(err, '/') + 1,
                         "t.csv: holds no request up to that time");
}

static const char *failure(const char *text) {
  hearth_trace t;
  memset(&t, 0x5a, sizeof t);
  hearth_status status = load(files_write("t.csv", text, 0), -1, &t);
  CU_ASSERT_EQUAL(status, HEARTH_BAD_PAYLOAD);
  CU_ASSERT_EQUAL(t.count, 0);
  CU_ASSERT_PTR_NULL(t.ts_ms);
  const char *slash = strrchr(err, '/');
  return slash ? slash + 1 : err;
}

static void test_bad(void) {
  CU_ASSERT_STRING_EQUAL(failure("ts_ms,model\n"), "t.csv: holds no request");
  CU_ASSERT_STRING_EQUAL(failure("ts,model\n1,m\n"),
                         "t.csv:1: the header has no column ts_ms; is it a "
                         "file of this kind?");
  CU_ASSERT_STRING_EQUAL(failure("ts_ms,user\n1,m\n"),
                         "t.csv:1: the header has no column model; is it a "
                         "file of this kind?");
  CU_ASSERT_STRING_EQUAL(failure("ts_ms,model\n1,m\n0,m\n"),
                         "t.csv:3: ts_ms is '0', which is earlier than the "
                         "request before it; sort the file by ts_ms");
  CU_ASSERT_STRING_EQUAL(failure("ts_ms,model\n1,\n"),
                         "t.csv:2: model is empty");
  CU_ASSERT_STRING_EQUAL(failure("ts_ms,model\n,m\n"),
                         "t.csv:2: ts_ms is empty");
  CU_ASSERT_STRING_EQUAL(failure("ts_ms,model\n-1,m\n"),
                         "t.csv:2: ts_ms is '-1', which is negative");
  CU_ASSERT_STRING_EQUAL(failure("ts_ms,model\n9007199254740993,m\n"),
                         "t.csv:2: ts_ms is '9007199254740993', which is more "
                         "than 9007199254740992");
  CU_ASSERT_STRING_EQUAL(failure("ts_ms,model,duration_ms\n1,m,1e13\n"),
                         "t.csv:2: duration_ms is '1e13', which is more than "
                         "1099511627776");
  CU_ASSERT_STRING_EQUAL(failure("ts_ms,model,input_len\n1,m,-2\n"),
                         "t.csv:2: input_len is '-2', which is negative");
  CU_ASSERT_STRING_EQUAL(failure("ts_ms,model,complexity\n1,m,hard\n"),
                         "t.csv:2: complexity is 'hard', which is none of "
                         "simple, medium and complex");
  CU_ASSERT_STRING_EQUAL(failure("ts_ms,model,priority\n1,m,1\n"),
                         "t.csv:2: priority is '1', which is none of low, "
                         "medium, high and critical");
  CU_ASSERT_STRING_EQUAL(failure("ts_ms,user,model\n1,\xff,m\n"),
                         "t.csv:2: user is '\xff', which is not UTF-8");
}

static void test_round_trip(void) {
  hearth_trace t;
  const char *out[] = {files_path("o.csv"), files_path("o.csv.gz")};
  CU_ASSERT_EQUAL_FATAL(load(files_write("t.csv", full, 0), -1, &t), HEARTH_OK);
  for (int i = 0; i < 2; i++) {
    CU_ASSERT_EQUAL(hearth_trace_save(&t, out[i], err, sizeof err), HEARTH_OK);
    char *text = files_read(out[i], NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    CU_ASSERT_STRING_EQUAL(text, full);
    free(text);
  }
  hearth_trace_free(&t);
}

static void test_unwritable(void) {
  hearth_trace t;
  CU_ASSERT_EQUAL_FATAL(load(files_write("t.csv", full, 0), -1, &t), HEARTH_OK);
  CU_ASSERT_EQUAL(
      hearth_trace_save(&t, files_path("none/o.csv"), err, sizeof err),
      HEARTH_BAD_PAYLOAD);
  CU_ASSERT_STRING_EQUAL(strrchr(err, '/') + 1,
                         "o.csv: can't be written: No such file or directory");
  unsigned before = files_count();
  CU_ASSERT_EQUAL(hearth_trace_save(&t, "/dev/null/o.csv", err, sizeof err),
                  HEARTH_BAD_PAYLOAD);
  CU_ASSERT_EQUAL(files_count(), before);
  hearth_trace_free(&t);
}

static void test_add(void) {
  hearth_trace t;
  hearth_trace_row row;
  hearth_memory_user memory = files_memory(0);
  CU_ASSERT_EQUAL_FATAL(hearth_trace_init(&t, &memory), HEARTH_OK);
  hearth_trace_row_init(&row);
  CU_ASSERT_EQUAL(hearth_trace_add(&t, &row), HEARTH_BAD_ARG);
  row.name[HEARTH_TRACE_MODEL] = hearth_str_from("m");
  row.ts_ms = 5;
  CU_ASSERT_EQUAL(hearth_trace_add(&t, &row), HEARTH_OK);
  row.ts_ms = 4;
  CU_ASSERT_EQUAL(hearth_trace_add(&t, &row), HEARTH_BAD_ARG);
  row.ts_ms = HEARTH_TRACE_MAX_MS + 1;
  CU_ASSERT_EQUAL(hearth_trace_add(&t, &row), HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(t.count, 1);
  hearth_trace_free(&t);
}

static void test_no_memory(void) {
  const char *path = files_write("t.csv", full, 0);
  hearth_status status = HEARTH_NO_MEMORY;
  unsigned n = 1;
  for (; status == HEARTH_NO_MEMORY && n < 200; n++) {
    hearth_memory_user memory = files_memory(n);
    hearth_trace t;
    err[0] = '\0';
    status = hearth_trace_load(&t, &memory, path, NULL, err, sizeof err);
    if (status == HEARTH_OK) {
      CU_ASSERT_EQUAL(t.count, 4);
      hearth_trace_free(&t);
    } else {
      CU_ASSERT_EQUAL(status, HEARTH_NO_MEMORY);
      CU_ASSERT_PTR_NOT_NULL(strstr(err, "memory"));
    }
    CU_ASSERT_EQUAL(files_held(), 0);
  }
  CU_ASSERT(n > 30);
  CU_ASSERT_EQUAL(status, HEARTH_OK);
}

UNIT_MAIN("trace", UNIT(test_columns), UNIT(test_few_columns), UNIT(test_until),
          UNIT(test_bad), UNIT(test_round_trip), UNIT(test_unwritable),
          UNIT(test_add), UNIT(test_no_memory))
