# SPDX-License-Identifier: MIT

check_PROGRAMS += tests/replay/test_report tests/replay/test_strip
tests_replay_test_report_SOURCES = tests/replay/test_report.c $(INPUT_HELPERS)
tests_replay_test_report_CPPFLAGS = $(HOST_CPPFLAGS) $(ZLIB_CFLAGS)
tests_replay_test_report_LDADD = $(UNIT_LIBS) host-sdk/replay/libreplay.la \
  host-sdk/libhearth.la plugin/sdk/libhearth-sdk.la $(ZLIB_LIBS)

tests_replay_test_strip_SOURCES = tests/replay/test_strip.c $(INPUT_HELPERS)
tests_replay_test_strip_CPPFLAGS = $(HOST_CPPFLAGS) $(ZLIB_CFLAGS)
tests_replay_test_strip_LDADD = $(tests_replay_test_report_LDADD)
