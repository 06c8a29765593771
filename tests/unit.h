/* SPDX-License-Identifier: MIT
   One CUnit suite a program, reported as TAP. */
#ifndef HEARTH_TESTS_UNIT_H
#define HEARTH_TESTS_UNIT_H

#include <CUnit/CUnit.h>

typedef struct unit_test {
  const char *name;
  void (*run)(void);
} unit_test;

#define UNIT(function)                                                         \
  { #function, function }

/* main() of a test program: UNIT_MAIN("wire", UNIT(test_a), UNIT(test_b)). */
#define UNIT_MAIN(suite, ...)                                                  \
  int main(int argc, char **argv) {                                            \
    static const unit_test tests[] = {__VA_ARGS__};                            \
    return unit_main(suite, tests, sizeof tests / sizeof *tests, argc, argv);  \
  }

/* Run the tests (or those whose names are given as arguments) and print a TAP
   line each, with every failed assertion as a comment.  0 if all passed. */
int unit_main(const char *suite, const unit_test *tests, size_t count,
              int argc, char **argv);

/* The running test can't run here; say why.  Shown as skipped. */
void unit_skip(const char *why);

/* $top_srcdir or $top_builddir (default "."), and below it `path`; static
   storage, four results live at a time. */
const char *unit_source(const char *path);
const char *unit_build(const char *path);

#endif
