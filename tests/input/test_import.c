/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/replay/input/import.h"
#include "tests/input/files.h"
#include "tests/unit.h"

static char err[600];
static uint64_t skipped;

typedef struct read {
  hearth_trace trace;
  hearth_models models;
} read;

static hearth_status import_with(const char *format, const char *path,
                                 hearth_import_options options, read *out) {
  hearth_memory_user memory = files_memory(0);
  err[0] = '\0';
  return hearth_import(format, &path, 1, &options, &memory, &out->trace,
                       &out->models, &skipped, err, sizeof err);
}

static hearth_status import(const char *format, const char *path, read *out) {
  return import_with(format, path, (hearth_import_options){1, 0}, out);
}

static void release(read *r) {
  hearth_models_free(&r->models);
  hearth_trace_free(&r->trace);
}

/* Request i as "ts user task model duration input session". */
static const char *row(const read *r, uint32_t i) {
  static char texts[4][300];
  static unsigned next;
  static const int kinds[] = {HEARTH_TRACE_USER, HEARTH_TRACE_TASK,
                              HEARTH_TRACE_MODEL};
  char *text = texts[next++ % 4];
  const hearth_trace *t = &r->trace;
  int at = snprintf(text, 300, "%lld", (long long)t->ts_ms[i]);
  for (int k = 0; k < 3; k++) {
    hearth_str name = hearth_trace_name(t, kinds[k], i);
    at += snprintf(text + at, 300 - (size_t)at, " %.*s", (int)name.len,
                   name.len ? name.data : "");
  }
  hearth_str session = hearth_trace_name(t, HEARTH_TRACE_SESSION, i);
  snprintf(text + at, 300 - (size_t)at, " %lld %lld %.*s",
           (long long)t->duration_ms[i], (long long)t->input_len[i],
           (int)session.len, session.len ? session.data : "");
  return text;
}

static void test_gentd26(void) {
  read r;
  CU_ASSERT_EQUAL_FATAL(
      import("gentd26", unit_source("tests/data/gentd26.csv"), &r), HEARTH_OK);
  CU_ASSERT_EQUAL(r.trace.count, 3);
  CU_ASSERT_EQUAL(skipped, 1);
  CU_ASSERT_STRING_EQUAL(row(&r, 0), "0 G1 TXT_2_IMG MA 12500 40 ");
  CU_ASSERT_STRING_EQUAL(row(&r, 1), "20000 G2 IMG_2_IMG MB 600000 -1 ");
  CU_ASSERT_STRING_EQUAL(row(&r, 2), "43210000 G1 TXT_2_IMG MA -1 41 ");
  CU_ASSERT_EQUAL(r.models.count, 2);
  CU_ASSERT(r.models.items[0].memory_mb >= 2048);
  CU_ASSERT(r.models.items[0].load_ms >= 1500);
  release(&r);
}

static void test_azure2021(void) {
  read r;
  CU_ASSERT_EQUAL_FATAL(
      import("azure2021", unit_source("tests/data/azure2021.csv"), &r),
      HEARTH_OK);
  CU_ASSERT_EQUAL(r.trace.count, 3);
  /* The first began 0.357 s before the time's origin. */
  CU_ASSERT_STRING_EQUAL(row(&r, 0), "0   appA 10500 -1 ");
  CU_ASSERT_STRING_EQUAL(row(&r, 1), "20607   appB 250 -1 ");
  CU_ASSERT_STRING_EQUAL(row(&r, 2), "30257   appA 100 -1 ");
  release(&r);
}

static void test_burstgpt(void) {
  read r;
  CU_ASSERT_EQUAL_FATAL(
      import("burstgpt", unit_source("tests/data/burstgpt.csv"), &r),
      HEARTH_OK);
  CU_ASSERT_EQUAL(r.trace.count, 3);
  CU_ASSERT_STRING_EQUAL(row(&r, 0), "5000  Conversation log ChatGPT -1 472 ");
  CU_ASSERT_STRING_EQUAL(row(&r, 1), "45500  API log GPT-4 -1 1087 ");
  release(&r);
  CU_ASSERT_EQUAL_FATAL(
      import("burstgpt", unit_source("tests/data/burstgpt-sessions.csv"), &r),
      HEARTH_OK);
  CU_ASSERT_STRING_EQUAL(row(&r, 0),
                         "5000  Conversation log ChatGPT 2500 472 17");
  release(&r);
}

static void test_llama_swap(void) {
  read r;
  CU_ASSERT_EQUAL_FATAL(
      import("llama-swap", unit_source("tests/data/llama-swap.json"), &r),
      HEARTH_OK);
  CU_ASSERT_EQUAL(r.trace.count, 2);
  CU_ASSERT_EQUAL(skipped, 1);
  CU_ASSERT_STRING_EQUAL(row(&r, 0), "1767603600250  chat qwen-7b 10000 120 ");
  CU_ASSERT_STRING_EQUAL(row(&r, 1), "1767603604990  embedding embed 10 -1 ");
  release(&r);
  CU_ASSERT_EQUAL_FATAL(
      import("llama-swap", unit_source("tests/data/llama-swap.jsonl"), &r),
      HEARTH_OK);
  CU_ASSERT_STRING_EQUAL(row(&r, 0), "1755288870000   big 1397 7495 ");
  CU_ASSERT_STRING_EQUAL(row(&r, 1), "1755288960000  /custom small 0 10 ");
  release(&r);
}

/* Two functions of one application, and one of another. */
static const char *azure2019_file(const char *name) {
  char *text = malloc(60000);
  CU_ASSERT_PTR_NOT_NULL_FATAL(text);
  int at = sprintf(text, "HashOwner,HashApp,HashFunction,Trigger");
  for (int i = 1; i <= 1440; i++) {
    at += sprintf(text + at, ",%d", i);
  }
  static const char *const functions[] = {"o1,a1,f1,timer", "o1,a1,f2,http",
                                          "o2,a2,f3,queue"};
  for (int f = 0; f < 3; f++) {
    at += sprintf(text + at, "\n%s", functions[f]);
    for (int i = 0; i < 1440; i++) {
      at += sprintf(text + at, ",%d", i % 700 == f ? f + 1 : 0);
    }
  }
  const char *path = files_gzip(name, text);
  free(text);
  return path;
}

static void test_azure2019(void) {
  read r, again;
  const char *path = azure2019_file("d01.csv.gz");
  CU_ASSERT_EQUAL_FATAL(import("azure2019", path, &r), HEARTH_OK);
  CU_ASSERT_EQUAL(r.trace.count, 9);
  CU_ASSERT_EQUAL(r.models.count, 2);
  static const int64_t minutes[] = {0, 1, 2, 700, 701, 702, 1400, 1401, 1402};
  for (uint32_t i = 0; i < 9; i++) {
    CU_ASSERT_EQUAL(r.trace.ts_ms[i] / 60000, minutes[i]);
  }
  CU_ASSERT_EQUAL(strncmp(strchr(row(&r, 2), ' '), " o2 queue a2 -1 -1", 18),
                  0);
  CU_ASSERT_EQUAL_FATAL(import("azure2019", path, &again), HEARTH_OK);
  CU_ASSERT_EQUAL(memcmp(r.trace.ts_ms, again.trace.ts_ms, 9 * 8), 0);
  release(&again);
  CU_ASSERT_EQUAL_FATAL(
      import_with("azure2019", path, (hearth_import_options){2, 1}, &again),
      HEARTH_OK);
  CU_ASSERT_EQUAL(again.trace.count, 18);
  CU_ASSERT_NOT_EQUAL(again.trace.ts_ms[0], r.trace.ts_ms[0]);
  release(&again);
  release(&r);
}

static void test_azure2019_days(void) {
  read r;
  hearth_memory_user memory = files_memory(0);
  hearth_import_options options = {1, 0};
  const char *const paths[] = {azure2019_file("d01.csv.gz"),
                               azure2019_file("d02.csv.gz")};
  CU_ASSERT_EQUAL_FATAL(hearth_import("azure2019", paths, 2, &options, &memory,
                                      &r.trace, &r.models, &skipped, err,
                                      sizeof err),
                        HEARTH_OK);
  CU_ASSERT_EQUAL(r.trace.count, 18);
  CU_ASSERT_EQUAL(r.trace.ts_ms[9] / 60000, 1440);
  release(&r);
  CU_ASSERT_EQUAL(hearth_import("gentd26", paths, 2, &options, &memory,
                                &r.trace, &r.models, &skipped, err, sizeof err),
                  HEARTH_BAD_ARG);
  CU_ASSERT_STRING_EQUAL(err, "gentd26: takes one file");
}

static const char *failure(const char *format, const char *text) {
  read r;
  CU_ASSERT_NOT_EQUAL(import(format, files_write("f", text, 0), &r), HEARTH_OK);
  CU_ASSERT_EQUAL(r.trace.count, 0);
  const char *slash = strrchr(err, '/');
  return slash ? slash + 1 : err;
}

static void test_bad(void) {
  CU_ASSERT_STRING_EQUAL(failure("gentd27", "x"),
                         "gentd27: is none of the formats gentd26, azure2019, "
                         "azure2021, burstgpt and llama-swap");
  CU_ASSERT_STRING_EQUAL(failure("gentd26", "a,b\n"),
                         "f:1: the header has no column gmt_create; is it a "
                         "file of this kind?");
  CU_ASSERT_STRING_EQUAL(
      failure("azure2019", "HashOwner,HashApp,Trigger,1,2\n"),
      "f:1: the header has no column 3; is it a file of this kind?");
  CU_ASSERT_STRING_EQUAL(
      failure("azure2021", "app,end_timestamp,duration\na,,1\n"),
      "f:2: end_timestamp is empty");
  CU_ASSERT_STRING_EQUAL(
      failure("azure2021", "app,end_timestamp,duration\na,1,-1\n"),
      "f:2: duration is '-1', which is negative");
  CU_ASSERT_STRING_EQUAL(failure("azure2021", "app,end_timestamp,duration\n"),
                         "f: holds no request");
  CU_ASSERT_STRING_EQUAL(failure("burstgpt",
                                 "Timestamp,Model,Request tokens,Log Type\n"
                                 "soon,m,1,x\n"),
                         "f:2: Timestamp is 'soon', which is not a number");
  CU_ASSERT_STRING_EQUAL(
      failure("gentd26", "gmt_create,predict_type,exec_time_seconds,groupId,"
                         "prompt_length,checkpoint_model_version_id\n"
                         "2024-02-30 00:00:00,a,1,g,1,m\n"),
      "f:2: gmt_create is '2024-02-30 00:00:00', which is no time like "
      "2024-11-15 16:57:50");
}

static void test_bad_json(void) {
  CU_ASSERT_STRING_EQUAL(failure("llama-swap", "[]"), "f: holds no request");
  CU_ASSERT_STRING_EQUAL(failure("llama-swap", "[1]"),
                         "f: entry 1: is not a JSON object");
  CU_ASSERT_STRING_EQUAL(failure("llama-swap", "{}\n"),
                         "f:1: timestamp is no time like "
                         "2026-01-05T09:00:00Z");
  CU_ASSERT_EQUAL(
      strncmp(failure("llama-swap", "[{},\n{]"), "f:2: is not JSON: ", 18), 0);
  CU_ASSERT_EQUAL(
      strncmp(failure("llama-swap", "\n{\"a\":}"), "f:2: is not JSON: ", 18),
      0);
  CU_ASSERT_EQUAL(
      strncmp(failure("llama-swap", "[[[[[[[["), "f:1: is not JSON: ", 18), 0);
}

static void test_no_memory(void) {
  static const char *const cases[][2] = {
      {"gentd26", "tests/data/gentd26.csv"},
      {"llama-swap", "tests/data/llama-swap.json"}};
  for (int i = 0; i < 2; i++) {
    const char *path = unit_source(cases[i][1]);
    hearth_import_options options = {1, 0};
    hearth_status status = HEARTH_NO_MEMORY;
    unsigned n = 1;
    for (; status == HEARTH_NO_MEMORY && n < 400; n++) {
      read r;
      hearth_memory_user memory = files_memory(n);
      status = hearth_import(cases[i][0], &path, 1, &options, &memory, &r.trace,
                             &r.models, &skipped, err, sizeof err);
      release(&r);
      CU_ASSERT_EQUAL(files_held(), 0);
    }
    CU_ASSERT(n > 60);
    CU_ASSERT_EQUAL(status, HEARTH_OK);
  }
}

UNIT_MAIN("import", UNIT(test_gentd26), UNIT(test_azure2021),
          UNIT(test_burstgpt), UNIT(test_llama_swap), UNIT(test_azure2019),
          UNIT(test_azure2019_days), UNIT(test_bad), UNIT(test_bad_json),
          UNIT(test_no_memory))
