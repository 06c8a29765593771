# SPDX-License-Identifier: MIT

check_PROGRAMS += tests/replay/test_report tests/replay/test_strip
tests_replay_test_report_SOURCES = tests/replay/test_report.c $(INPUT_HELPERS)
tests_replay_test_report_CPPFLAGS = $(HOST_CPPFLAGS) $(ZLIB_CFLAGS)
tests_replay_test_report_LDADD = $(UNIT_LIBS) host-sdk/replay/libreplay.la \
  host-sdk/libhearth.la plugin/sdk/libhearth-sdk.la $(ZLIB_LIBS)

tests_replay_test_strip_SOURCES = tests/replay/test_strip.c $(INPUT_HELPERS)
tests_replay_test_strip_CPPFLAGS = $(HOST_CPPFLAGS) $(ZLIB_CFLAGS)
tests_replay_test_strip_LDADD = $(tests_replay_test_report_LDADD)

REPLAY_HELPERS = tests/replay/recorder.c tests/replay/setup.c \
  tests/replay/setup.h
REPLAY_LIBS = $(UNIT_LIBS) host-sdk/replay/libreplay.la \
  host-sdk/libhearth.la plugin/sdk/libhearth-sdk.la

check_PROGRAMS += \
  tests/replay/test_compare \
  tests/replay/test_config_text \
  tests/replay/test_costs \
  tests/replay/test_failures \
  tests/replay/test_horizons \
  tests/replay/test_log \
  tests/replay/test_memory \
  tests/replay/test_policy \
  tests/replay/test_run \
  tests/replay/test_scores

tests_replay_test_compare_SOURCES = tests/replay/test_compare.c \
  $(REPLAY_HELPERS)
tests_replay_test_compare_CPPFLAGS = $(HOST_CPPFLAGS)
tests_replay_test_compare_LDADD = $(REPLAY_LIBS)

tests_replay_test_config_text_SOURCES = tests/replay/test_config_text.c
tests_replay_test_config_text_CPPFLAGS = $(HOST_CPPFLAGS)
tests_replay_test_config_text_LDADD = $(REPLAY_LIBS)

tests_replay_test_costs_SOURCES = tests/replay/test_costs.c $(REPLAY_HELPERS)
tests_replay_test_costs_CPPFLAGS = $(HOST_CPPFLAGS)
tests_replay_test_costs_LDADD = $(REPLAY_LIBS)

tests_replay_test_failures_SOURCES = tests/replay/test_failures.c \
  $(REPLAY_HELPERS)
tests_replay_test_failures_CPPFLAGS = $(HOST_CPPFLAGS)
tests_replay_test_failures_LDADD = $(REPLAY_LIBS)

tests_replay_test_horizons_SOURCES = tests/replay/test_horizons.c \
  $(REPLAY_HELPERS)
tests_replay_test_horizons_CPPFLAGS = $(HOST_CPPFLAGS)
tests_replay_test_horizons_LDADD = $(REPLAY_LIBS) -lm

tests_replay_test_log_SOURCES = tests/replay/test_log.c $(REPLAY_HELPERS)
tests_replay_test_log_CPPFLAGS = $(HOST_CPPFLAGS)
tests_replay_test_log_LDADD = $(REPLAY_LIBS)

tests_replay_test_memory_SOURCES = tests/replay/test_memory.c \
  tests/host/fail.c tests/host/fail.h $(REPLAY_HELPERS)
tests_replay_test_memory_CPPFLAGS = $(HOST_CPPFLAGS)
tests_replay_test_memory_LDADD = $(REPLAY_LIBS)
tests_replay_test_memory_LDFLAGS = -static $(AM_LDFLAGS) \
  -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc

tests_replay_test_policy_SOURCES = tests/replay/test_policy.c
tests_replay_test_policy_CPPFLAGS = $(HOST_CPPFLAGS)
tests_replay_test_policy_LDADD = $(REPLAY_LIBS)

tests_replay_test_run_SOURCES = tests/replay/test_run.c $(REPLAY_HELPERS)
tests_replay_test_run_CPPFLAGS = $(HOST_CPPFLAGS)
tests_replay_test_run_LDADD = $(REPLAY_LIBS)

tests_replay_test_scores_SOURCES = tests/replay/test_scores.c $(REPLAY_HELPERS)
tests_replay_test_scores_CPPFLAGS = $(HOST_CPPFLAGS)
tests_replay_test_scores_LDADD = $(REPLAY_LIBS)

check_PROGRAMS += \
  tests/replay/test_accuracy \
  tests/replay/test_accuracy_memory \
  tests/replay/test_bootstrap \
  tests/replay/test_signals

tests_replay_test_accuracy_SOURCES = tests/replay/test_accuracy.c \
  $(REPLAY_HELPERS)
tests_replay_test_accuracy_CPPFLAGS = $(HOST_CPPFLAGS)
tests_replay_test_accuracy_LDADD = $(REPLAY_LIBS)

tests_replay_test_accuracy_memory_SOURCES = \
  tests/replay/test_accuracy_memory.c tests/host/fail.c tests/host/fail.h \
  $(REPLAY_HELPERS)
tests_replay_test_accuracy_memory_CPPFLAGS = $(HOST_CPPFLAGS)
tests_replay_test_accuracy_memory_LDADD = $(REPLAY_LIBS)
tests_replay_test_accuracy_memory_LDFLAGS = \
  $(tests_replay_test_memory_LDFLAGS)

tests_replay_test_bootstrap_SOURCES = tests/replay/test_bootstrap.c
tests_replay_test_bootstrap_CPPFLAGS = $(HOST_CPPFLAGS)
tests_replay_test_bootstrap_LDADD = $(REPLAY_LIBS)

tests_replay_test_signals_SOURCES = tests/replay/test_signals.c
tests_replay_test_signals_CPPFLAGS = $(HOST_CPPFLAGS)
tests_replay_test_signals_LDADD = $(REPLAY_LIBS)

dist_check_SCRIPTS += tests/replay/test_judging.sh
dist_check_SCRIPTS += tests/replay/test_replay.sh
EXTRA_DIST += docs/recompute.py tests/replay/check_json.py \
  tests/replay/compare_json.py
