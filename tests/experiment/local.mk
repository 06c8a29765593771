# SPDX-License-Identifier: MIT
# Experiments.  The level and the power of the test: `make check` keeps a short
# form, HEARTH_LONG=1 (make check-long) has 1,000 experiments of each kind.

EXPERIMENT_TEST_LIBS = $(UNIT_LIBS) host-sdk/experiment/libexperiment.la \
  host-sdk/replay/libreplay.la host-sdk/libcore.la plugin/sdk/libhearth-sdk.la
EXPERIMENT_TEST_HELPERS = tests/experiment/stand.c tests/experiment/stand.h

check_PROGRAMS += tests/experiment/test_experiment
tests_experiment_test_experiment_SOURCES = tests/experiment/test_experiment.c \
  $(EXPERIMENT_TEST_HELPERS)
tests_experiment_test_experiment_CPPFLAGS = $(HOST_CPPFLAGS)
tests_experiment_test_experiment_LDFLAGS = -static $(AM_LDFLAGS)
tests_experiment_test_experiment_LDADD = $(EXPERIMENT_TEST_LIBS)

check_PROGRAMS += tests/experiment/test_level
LONG_CHECKS += tests/experiment/test_level
tests_experiment_test_level_SOURCES = tests/experiment/test_level.c \
  $(EXPERIMENT_TEST_HELPERS)
tests_experiment_test_level_CPPFLAGS = $(HOST_CPPFLAGS)
tests_experiment_test_level_LDFLAGS = -static $(AM_LDFLAGS)
tests_experiment_test_level_LDADD = $(EXPERIMENT_TEST_LIBS)

check_PROGRAMS += tests/experiment/test_live
tests_experiment_test_live_SOURCES = tests/experiment/test_live.c \
  $(EXPERIMENT_TEST_HELPERS)
tests_experiment_test_live_CPPFLAGS = $(HOST_CPPFLAGS)
tests_experiment_test_live_LDFLAGS = -static $(AM_LDFLAGS)
tests_experiment_test_live_LDADD = $(EXPERIMENT_TEST_LIBS)

check_PROGRAMS += tests/experiment/test_memory
tests_experiment_test_memory_SOURCES = tests/experiment/test_memory.c \
  tests/host/fail.c tests/host/fail.h $(EXPERIMENT_TEST_HELPERS)
tests_experiment_test_memory_CPPFLAGS = $(HOST_CPPFLAGS)
tests_experiment_test_memory_LDFLAGS = -static $(AM_LDFLAGS) \
  -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
tests_experiment_test_memory_LDADD = $(EXPERIMENT_TEST_LIBS)

check_PROGRAMS += tests/experiment/test_file
tests_experiment_test_file_SOURCES = tests/experiment/test_file.c
tests_experiment_test_file_CPPFLAGS = $(HOST_CPPFLAGS)
tests_experiment_test_file_LDFLAGS = -static $(AM_LDFLAGS)
tests_experiment_test_file_LDADD = $(EXPERIMENT_TEST_LIBS)

dist_check_SCRIPTS += tests/experiment/test_experiment.sh

check_PROGRAMS += tests/experiment/test_parts
tests_experiment_test_parts_SOURCES = tests/experiment/test_parts.c
tests_experiment_test_parts_CPPFLAGS = $(HOST_CPPFLAGS)
tests_experiment_test_parts_LDFLAGS = -static $(AM_LDFLAGS)
tests_experiment_test_parts_LDADD = $(EXPERIMENT_TEST_LIBS)
