/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host-sdk/replay/input/catalog.h"
#include "tests/input/files.h"
#include "tests/unit.h"

static char err[600], warning[600];

static const char *last_part(const char *text) {
  const char *slash = strrchr(text, '/');
  return slash ? slash + 1 : text;
}

static hearth_status load(const char *text, hearth_models *models) {
  hearth_memory_user memory = files_memory(0);
  err[0] = '\0';
  return hearth_models_load(models, &memory, files_write("c.csv", text, 0), err,
                            sizeof err);
}

static const char full[] =
    "model,memory_mb,load_ms,storage_mb,cpu_percent,network_bandwidth_mbps,"
    "pinned,group,hardware\n"
    "zeta,100,2000,90,5,1.5,1,g1,gpu\n"
    "alpha,0.5,0,,,,0,,\n"
    "never,4000,100,,,,0,g1,cpu\n";

static void test_columns(void) {
  hearth_models m;
  CU_ASSERT_EQUAL_FATAL(load(full, &m), HEARTH_OK);
  CU_ASSERT_EQUAL(m.count, 3);
  CU_ASSERT_EQUAL(m.described, 3);
  CU_ASSERT(hearth_str_equal(m.items[0].model, hearth_str_from("zeta")));
  CU_ASSERT_EQUAL(m.items[0].memory_mb, 100);
  CU_ASSERT_EQUAL(m.items[0].load_ms, 2000);
  CU_ASSERT_EQUAL(m.items[0].network_bandwidth_mbps, 1.5);
  CU_ASSERT_EQUAL(m.items[0].pinned, 1);
  CU_ASSERT(hearth_str_equal(m.items[2].group, hearth_str_from("g1")));
  CU_ASSERT(hearth_str_equal(m.items[2].hardware, hearth_str_from("cpu")));
  CU_ASSERT_EQUAL(m.items[1].memory_mb, 0.5);
  CU_ASSERT_EQUAL(m.items[1].storage_mb, -1);
  CU_ASSERT_PTR_NULL(m.items[1].group.data);
  CU_ASSERT_EQUAL(hearth_models_total_mb(&m), 4100.5);
  CU_ASSERT_EQUAL(hearth_models_largest_mb(&m), 4000);
  hearth_models_free(&m);
  hearth_models_free(NULL);
}

static void test_round_trip(void) {
  hearth_models m;
  const char *path = files_path("o.csv");
  CU_ASSERT_EQUAL_FATAL(load(full, &m), HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_models_save(&m, path, err, sizeof err), HEARTH_OK);
  hearth_models_free(&m);
  char *text = files_read(path, NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(text);
  CU_ASSERT_STRING_EQUAL(text, full);
  free(text);
}

static const char *failure(const char *text) {
  hearth_models m;
  CU_ASSERT_EQUAL(load(text, &m), HEARTH_BAD_PAYLOAD);
  CU_ASSERT_EQUAL(m.count, 0);
  return last_part(err);
}

#define HEADER "model,memory_mb,load_ms\n"

static void test_bad(void) {
  CU_ASSERT_STRING_EQUAL(failure(HEADER), "c.csv: describes no model");
  CU_ASSERT_STRING_EQUAL(failure("model,load_ms\na,1\n"),
                         "c.csv:1: the header has no column memory_mb; is it "
                         "a file of this kind?");
  CU_ASSERT_STRING_EQUAL(failure(HEADER "a,1,1\na,2,2\n"),
                         "c.csv:3: model is 'a', which an earlier line "
                         "describes");
  CU_ASSERT_STRING_EQUAL(failure(HEADER "a,0,1\n"),
                         "c.csv:2: memory_mb is '0', but a model needs "
                         "memory; give at least 0.001");
  CU_ASSERT_STRING_EQUAL(failure(HEADER "a,-5,1\n"),
                         "c.csv:2: memory_mb is '-5', which is negative");
  CU_ASSERT_STRING_EQUAL(failure(HEADER "a,1e13,1\n"),
                         "c.csv:2: memory_mb is '1e13', which is more than "
                         "1000000000000");
  CU_ASSERT_STRING_EQUAL(failure(HEADER "a,1,\n"), "c.csv:2: load_ms is empty");
  CU_ASSERT_STRING_EQUAL(failure(HEADER "a,1,-1\n"),
                         "c.csv:2: load_ms is '-1', which is negative");
  CU_ASSERT_STRING_EQUAL(failure(HEADER ",1,1\n"), "c.csv:2: model is empty");
  CU_ASSERT_STRING_EQUAL(failure("model,memory_mb,load_ms,pinned\na,1,1,2\n"),
                         "c.csv:2: pinned is '2', which is more than 1");
}

static void trace_of(hearth_trace *trace, const char *text) {
  hearth_memory_user memory = files_memory(0);
  CU_ASSERT_EQUAL_FATAL(hearth_trace_load(trace, &memory,
                                          files_write("t.csv.x", text, 0), NULL,
                                          err, sizeof err),
                        HEARTH_OK);
}

static void test_match(void) {
  hearth_models m;
  hearth_trace t;
  uint32_t missing = 0;
  static const uint32_t expected[] = {4, 0, 3, 1, 4};
  trace_of(&t, "ts_ms,model\n1,yak\n2,zeta\n3,bee\n4,alpha\n5,yak\n");
  CU_ASSERT_EQUAL_FATAL(load(full, &m), HEARTH_OK);
  CU_ASSERT_EQUAL_FATAL(hearth_models_match(&m, &t, &missing), HEARTH_OK);
  CU_ASSERT_EQUAL(missing, 2);
  CU_ASSERT_EQUAL(m.count, 5);
  CU_ASSERT_EQUAL(m.described, 3);
  for (uint32_t i = 0; i < t.count; i++) {
    CU_ASSERT_EQUAL(t.id[HEARTH_TRACE_MODEL][i], expected[i]);
  }
  CU_ASSERT(hearth_str_equal(hearth_trace_name(&t, HEARTH_TRACE_MODEL, 2),
                             hearth_str_from("bee")));
  CU_ASSERT(hearth_str_equal(m.items[3].model, hearth_str_from("bee")));
  CU_ASSERT_EQUAL(m.items[3].memory_mb, 4096);
  CU_ASSERT_EQUAL(m.items[3].load_ms, 10000);
  hearth_models_free(&m);
  hearth_trace_free(&t);
}

static void test_for_trace(void) {
  hearth_models m;
  hearth_trace t;
  static const char two[] = "ts_ms,model\n1,yak\n2,zeta\n3,bee\n";
  const char *path = files_path("w.csv.gz");
  trace_of(&t, two);
  CU_ASSERT_EQUAL_FATAL(hearth_models_for_trace(&m, &t, path, NULL, warning,
                                                sizeof warning, err,
                                                sizeof err),
                        HEARTH_OK);
  CU_ASSERT_EQUAL(m.count, 3);
  CU_ASSERT_STRING_EQUAL(last_part(warning),
                         "w.catalog.csv: 4096 MB and 10000 ms to load are "
                         "assumed for 3 models");
  CU_ASSERT_PTR_NOT_NULL(strstr(warning, "there is no catalog /"));
  hearth_models_free(&m);
  hearth_trace_free(&t);

  trace_of(&t, two);
  (void)files_write("w.catalog.csv", full, 0);
  CU_ASSERT_EQUAL_FATAL(hearth_models_for_trace(&m, &t, path, NULL, warning,
                                                sizeof warning, err,
                                                sizeof err),
                        HEARTH_OK);
  CU_ASSERT_PTR_NOT_NULL(strstr(warning, "2 models of the trace are not in "));
  CU_ASSERT_STRING_EQUAL(last_part(warning),
                         "w.catalog.csv: 4096 MB and 10000 ms to load are "
                         "assumed");
  hearth_models_free(&m);
  hearth_trace_free(&t);

  trace_of(&t, "ts_ms,model\n1,zeta\n");
  CU_ASSERT_EQUAL_FATAL(hearth_models_for_trace(&m, &t, path, NULL, warning,
                                                sizeof warning, err,
                                                sizeof err),
                        HEARTH_OK);
  CU_ASSERT_STRING_EQUAL(warning, "");
  hearth_models_free(&m);
  /* One that was asked for by name must be there. */
  CU_ASSERT_EQUAL(hearth_models_for_trace(&m, &t, path, files_path("no.csv"),
                                          warning, sizeof warning, err,
                                          sizeof err),
                  HEARTH_BAD_PAYLOAD);
  CU_ASSERT_STRING_EQUAL(last_part(err),
                         "no.csv: can't be opened: No such file or directory");
  hearth_trace_free(&t);
}

static void test_default_path(void) {
  char path[32];
  CU_ASSERT_EQUAL(hearth_models_default_path("a/n.csv.gz", path, sizeof path),
                  HEARTH_OK);
  CU_ASSERT_STRING_EQUAL(path, "a/n.catalog.csv");
  (void)hearth_models_default_path("n.csv", path, sizeof path);
  CU_ASSERT_STRING_EQUAL(path, "n.catalog.csv");
  (void)hearth_models_default_path("n", path, sizeof path);
  CU_ASSERT_STRING_EQUAL(path, "n.catalog.csv");
  CU_ASSERT_EQUAL(hearth_models_default_path("123456789012345678901234567890",
                                             path, sizeof path),
                  HEARTH_LIMIT);
}

static void test_no_memory(void) {
  hearth_status status = HEARTH_NO_MEMORY;
  unsigned n = 1;
  const char *path = files_write("c.csv", full, 0);
  const char *trace_path = files_write("t.csv", "ts_ms,model\n1,new\n", 0);
  for (; status == HEARTH_NO_MEMORY && n < 300; n++) {
    hearth_models m;
    hearth_trace t;
    hearth_memory_user memory = files_memory(n);
    status = hearth_trace_load(&t, &memory, trace_path, NULL, err, sizeof err);
    if (status == HEARTH_OK) {
      status = hearth_models_for_trace(&m, &t, trace_path, path, warning,
                                       sizeof warning, err, sizeof err);
      if (status == HEARTH_OK) {
        CU_ASSERT_EQUAL(t.id[HEARTH_TRACE_MODEL][0], 3);
      } else {
        CU_ASSERT_PTR_NOT_NULL(strstr(err, "memory"));
      }
      hearth_models_free(&m);
      hearth_trace_free(&t);
    }
    CU_ASSERT_EQUAL(files_held(), 0);
  }
  CU_ASSERT(n > 60);
  CU_ASSERT_EQUAL(status, HEARTH_OK);
}

UNIT_MAIN("catalog", UNIT(test_columns), UNIT(test_round_trip), UNIT(test_bad),
          UNIT(test_match), UNIT(test_for_trace), UNIT(test_default_path),
          UNIT(test_no_memory))
