# SPDX-License-Identifier: MIT

check_PROGRAMS += tests/foresight/test_foresight
tests_foresight_test_foresight_SOURCES = \
  tests/foresight/drive.c tests/foresight/drive.h \
  tests/foresight/test_foresight.c
tests_foresight_test_foresight_CFLAGS = $(SDK_TEST_CFLAGS)
tests_foresight_test_foresight_LDADD = \
  plugin/foresight/libforesight.la $(SDK_TEST_LIBS)
