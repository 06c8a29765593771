/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host-sdk/cli/input_options.h"
#include "tests/input/files.h"
#include "tests/unit.h"

static char shown[8192], said[8192];

/* Send a stream to a file; the descriptor to restore it from. */
static int redirect(FILE *stream, const char *path) {
  fflush(stream);
  int old = dup(fileno(stream));
  FILE *file = fopen(path, "w");
  if (old < 0 || !file || dup2(fileno(file), fileno(stream)) < 0) {
    perror(path);
    exit(1);
  }
  fclose(file);
  return old;
}

static void restore(FILE *stream, int old, const char *path, char *text) {
  fflush(stream);
  (void)dup2(old, fileno(stream));
  close(old);
  char *content = files_read(path, NULL);
  snprintf(text, sizeof shown, "%s", content ? content : "");
  free(content);
  (void)unlink(path);
}

/* Run a command with up to nine arguments; what it printed is in `shown` and
   `said`. */
static int run(int (*command)(int, char **), const char *const *arguments) {
  char copies[12][600], *argv[13] = {NULL};
  const char *out = files_path("stdout"), *err = files_path("stderr");
  int argc = 0;
  for (; arguments[argc]; argc++) {
    snprintf(copies[argc], sizeof copies[argc], "%s", arguments[argc]);
    argv[argc] = copies[argc];
  }
  int old_out = redirect(stdout, out), old_err = redirect(stderr, err);
  int status = command(argc, argv);
  restore(stdout, old_out, out, shown);
  restore(stderr, old_err, err, said);
  return status;
}

#define WORKLOAD(...)                                                          \
  run(hearth__cmd_workload, (const char *const[]){"workload", __VA_ARGS__ NULL})
#define IMPORT(...)                                                            \
  run(hearth__cmd_import, (const char *const[]){"import", __VA_ARGS__ NULL})

static void test_make(void) {
  const char *out = files_path("w.csv.gz");
  CU_ASSERT_EQUAL(WORKLOAD("-o", out, "--users", "2", "--days", "1", "--models",
                           "6", "--seed", "7", ),
                  0);
  CU_ASSERT_STRING_EQUAL(shown, "");
  CU_ASSERT_PTR_NOT_NULL(strstr(said, " requests to /"));
  CU_ASSERT_EQUAL(access(files_path("w.catalog.csv"), R_OK), 0);
  CU_ASSERT_EQUAL(WORKLOAD("--describe", out, ), 0);
  CU_ASSERT_PTR_NOT_NULL(strstr(shown, "models in the catalog"));
  CU_ASSERT_PTR_NOT_NULL(strstr(shown, " 6\n"));
  CU_ASSERT_STRING_EQUAL(said, "");
  CU_ASSERT_EQUAL(files_count(), 2);
}

static void test_help(void) {
  CU_ASSERT_EQUAL(WORKLOAD("--help", ), 0);
  CU_ASSERT_EQUAL(strncmp(shown, "usage: hearth workload ", 23), 0);
  CU_ASSERT_EQUAL(IMPORT("--help", ), 0);
  CU_ASSERT_EQUAL(strncmp(shown, "usage: hearth import ", 21), 0);
  CU_ASSERT_PTR_NOT_NULL(strstr(shown, "llama-swap"));
}

static void test_bad_options(void) {
  CU_ASSERT_EQUAL(WORKLOAD("--seed", "-1", "--describe", ), 2);
  CU_ASSERT_STRING_EQUAL(
      said, "hearth workload: --seed takes a whole number, not '-1'\n");
  CU_ASSERT_EQUAL(WORKLOAD("--seed", "18446744073709551616", "--describe", ),
                  2);
  CU_ASSERT_EQUAL(WORKLOAD("--users", "", "--describe", ), 2);
  CU_ASSERT_EQUAL(WORKLOAD("--users", "99999999999", "--describe", ), 2);
  CU_ASSERT_STRING_EQUAL(said, "hearth workload: --users is 1 to 10000, "
                               "--days 1 to 400, --models 4 to 64\n");
  CU_ASSERT_EQUAL(WORKLOAD("t.csv", ), 2);
  CU_ASSERT_EQUAL(WORKLOAD("--describe", "a.csv", "b.csv", ), 2);
  CU_ASSERT_EQUAL(WORKLOAD("--describe", "--catalog", "c.csv", ), 2);
  CU_ASSERT_EQUAL(WORKLOAD("--nonsense", ), 2);
  CU_ASSERT_EQUAL(IMPORT("gentd26", ), 2);
}

static void test_import(void) {
  const char *out = files_path("i.csv");
  CU_ASSERT_EQUAL(
      IMPORT("gentd26", unit_source("tests/data/gentd26.csv"), "-o", out, ), 0);
  CU_ASSERT_PTR_NOT_NULL(
      strstr(said, "warning: left out 1 records without a model"));
  char *text = files_read(out, NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(text);
  CU_ASSERT_STRING_EQUAL(text, "ts_ms,user,task,model,duration_ms,input_len\n"
                               "0,G1,TXT_2_IMG,MA,12500,40\n"
                               "20000,G2,IMG_2_IMG,MB,600000,\n"
                               "43210000,G1,TXT_2_IMG,MA,,41\n");
  free(text);
  CU_ASSERT_EQUAL(access(files_path("i.catalog.csv"), R_OK), 0);
}

/* Without -o there is a usual name, which is never overwritten. */
static void test_default_output(void) {
  char old[4096];
  const char *path = files_path("workload.csv");
  CU_ASSERT_PTR_NOT_NULL_FATAL(getcwd(old, sizeof old));
  CU_ASSERT_EQUAL_FATAL(chdir(files_path("")), 0);
  CU_ASSERT_EQUAL(WORKLOAD("--users", "1", "--days", "1", ), 0);
  CU_ASSERT_EQUAL(access(path, R_OK), 0);
  CU_ASSERT_EQUAL(WORKLOAD("--users", "1", "--days", "1", ), 2);
  CU_ASSERT_STRING_EQUAL(said, "hearth workload: workload.csv is there "
                               "already; name another file with -o\n");
  CU_ASSERT_EQUAL(chdir(old), 0);
}

/* Nothing is left behind where something was wrong. */
static void test_nothing_half_written(void) {
  unsigned before = files_count();
  CU_ASSERT_EQUAL(IMPORT("gentd26", unit_source("tests/data/burstgpt.csv"),
                         "-o", files_path("no.csv"), ),
                  2);
  CU_ASSERT_PTR_NOT_NULL(strstr(said, "burstgpt.csv:1: the header has no "
                                      "column gmt_create"));
  CU_ASSERT_EQUAL(files_count(), before);
  /* A folder stands where the trace would go: the catalog goes again too. */
  const char *folder = files_path("dir.csv");
  CU_ASSERT_EQUAL(mkdir(folder, 0700), 0);
  CU_ASSERT_EQUAL(WORKLOAD("-o", folder, "--users", "1", "--days", "1", ), 2);
  CU_ASSERT_PTR_NOT_NULL(strstr(said, "can't be written: Is a directory"));
  (void)rmdir(folder);
  CU_ASSERT_EQUAL(files_count(), before);
}

UNIT_MAIN("commands of input", UNIT(test_make), UNIT(test_help),
          UNIT(test_bad_options), UNIT(test_import), UNIT(test_default_output),
          UNIT(test_nothing_half_written))
