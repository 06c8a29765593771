# SPDX-License-Identifier: MIT
# The live plugin; internal functions too, so the tests link the core's parts.

SLOT_TEST_LIBS = $(UNIT_LIBS) host-sdk/libcore.la plugin/sdk/libhearth-sdk.la
SLOT_TEST_HELPERS = tests/slot/counter.c tests/slot/counter.h

check_PROGRAMS += tests/slot/test_swap
LONG_CHECKS += tests/slot/test_swap
tests_slot_test_swap_SOURCES = tests/slot/test_swap.c $(SLOT_TEST_HELPERS)
tests_slot_test_swap_CPPFLAGS = $(HOST_CPPFLAGS)
tests_slot_test_swap_LDADD = $(SLOT_TEST_LIBS)

check_PROGRAMS += tests/slot/test_slot
tests_slot_test_slot_SOURCES = tests/slot/test_slot.c $(SLOT_TEST_HELPERS)
tests_slot_test_slot_CPPFLAGS = $(HOST_CPPFLAGS)
tests_slot_test_slot_LDADD = $(SLOT_TEST_LIBS)

check_PROGRAMS += tests/slot/test_quarantine
tests_slot_test_quarantine_SOURCES = tests/slot/test_quarantine.c \
  $(SLOT_TEST_HELPERS)
tests_slot_test_quarantine_CPPFLAGS = $(HOST_CPPFLAGS)
tests_slot_test_quarantine_LDADD = $(SLOT_TEST_LIBS)

check_PROGRAMS += tests/slot/test_limits
tests_slot_test_limits_SOURCES = tests/slot/test_limits.c $(SLOT_TEST_HELPERS)
tests_slot_test_limits_CPPFLAGS = $(HOST_CPPFLAGS)
tests_slot_test_limits_LDADD = $(SLOT_TEST_LIBS)

check_PROGRAMS += tests/slot/test_slot_memory
tests_slot_test_slot_memory_SOURCES = tests/slot/test_slot_memory.c \
  tests/host/fail.c tests/host/fail.h $(SLOT_TEST_HELPERS)
tests_slot_test_slot_memory_CPPFLAGS = $(HOST_CPPFLAGS)
tests_slot_test_slot_memory_LDADD = $(SLOT_TEST_LIBS)
tests_slot_test_slot_memory_LDFLAGS = $(AM_LDFLAGS) \
  -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc

check_PROGRAMS += tests/slot/test_predictor_swap
tests_slot_test_predictor_swap_SOURCES = tests/slot/test_predictor_swap.c \
  tests/host/scripted.c tests/host/scripted.h $(SLOT_TEST_HELPERS)
tests_slot_test_predictor_swap_CPPFLAGS = $(HOST_CPPFLAGS)
tests_slot_test_predictor_swap_LDADD = $(SLOT_TEST_LIBS)

check_PROGRAMS += tests/slot/test_files
tests_slot_test_files_SOURCES = tests/slot/test_files.c
tests_slot_test_files_CPPFLAGS = $(HOST_CPPFLAGS)
tests_slot_test_files_LDADD = $(SLOT_TEST_LIBS)

check_LTLIBRARIES += tests/slot/version_1.la
tests_slot_version_1_la_SOURCES = tests/slot/version.c
tests_slot_version_1_la_CPPFLAGS = $(AM_CPPFLAGS) -DSTUB_VERSION='"1"'
tests_slot_version_1_la_LDFLAGS = $(TEST_MODULE)
check_LTLIBRARIES += tests/slot/version_2.la
tests_slot_version_2_la_SOURCES = tests/slot/version.c
tests_slot_version_2_la_CPPFLAGS = $(AM_CPPFLAGS) -DSTUB_VERSION='"2"'
tests_slot_version_2_la_LDFLAGS = $(TEST_MODULE)
check_LTLIBRARIES += tests/slot/thread_end.la
tests_slot_thread_end_la_SOURCES = tests/slot/thread_end.c
tests_slot_thread_end_la_LDFLAGS = $(TEST_MODULE)
