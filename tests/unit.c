/* SPDX-License-Identifier: MIT
   One CUnit suite a program, reported as TAP. */
#include "tests/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <CUnit/TestRun.h>

static const char *skip_reason;

void unit_skip(const char *why) { skip_reason = why; }

static const char *below(const char *variable, const char *path) {
  static char results[4][4096];
  static unsigned turn;
  char *result = results[turn++ % 4];
  const char *top = getenv(variable);
  snprintf(result, sizeof results[0], "%s/%s", top != NULL ? top : ".", path);
  return result;
}

const char *unit_source(const char *path) { return below("top_srcdir", path); }
const char *unit_build(const char *path) { return below("top_builddir", path); }

static int wanted(const char *name, int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    if (strcmp(name, argv[i]) == 0) {
      return 1;
    }
  }
  return argc < 2;
}

static int run_one(CU_pSuite suite, const unit_test *test, size_t number) {
  skip_reason = NULL;
  CU_pTest added = CU_add_test(suite, test->name, test->run);
  if (added == NULL || CU_run_test(suite, added) != CUE_SUCCESS) {
    printf("not ok %zu - %s # could not be run\n", number, test->name);
    return 1;
  }
  const CU_pFailureRecord failures = CU_get_failure_list();
  for (CU_pFailureRecord f = failures; f != NULL; f = f->pNext) {
    printf("# %s:%u: %s\n", f->strFileName, f->uiLineNumber,
           f->strCondition);
  }
  printf("%s %zu - %s%s%s\n", failures != NULL ? "not ok" : "ok", number,
         test->name, skip_reason != NULL ? " # SKIP " : "",
         skip_reason != NULL ? skip_reason : "");
  fflush(stdout);
  return failures != NULL;
}

int unit_main(const char *suite, const unit_test *tests, size_t count,
              int argc, char **argv) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (CU_initialize_registry() != CUE_SUCCESS) {
    printf("Bail out! CUnit has no memory\n");
    return 99;
  }
  CU_pSuite added = CU_add_suite(suite, NULL, NULL);
  size_t run = 0;
  int failed = 0;
  for (size_t i = 0; i < count; i++) {
    if (wanted(tests[i].name, argc, argv)) {
      failed += run_one(added, &tests[i], ++run);
    }
  }
  printf("1..%zu\n", run);
  CU_cleanup_registry();
  return failed != 0;
}
