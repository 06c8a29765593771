# SPDX-License-Identifier: MIT
# The host SDK's core; internal functions too, so the tests link its parts.

HOST_TEST_LIBS = $(UNIT_LIBS) host-sdk/libcore.la plugin/sdk/libhearth-sdk.la
HOST_TEST_HELPERS = \
  tests/host/plugins.c tests/host/plugins.h \
  tests/host/scripted.c tests/host/scripted.h

check_PROGRAMS += tests/host/test_cache
tests_host_test_cache_SOURCES = tests/host/test_cache.c $(HOST_TEST_HELPERS)
tests_host_test_cache_CPPFLAGS = $(HOST_CPPFLAGS)
tests_host_test_cache_LDADD = $(HOST_TEST_LIBS)

check_PROGRAMS += tests/host/test_convert
tests_host_test_convert_SOURCES = tests/host/test_convert.c $(HOST_TEST_HELPERS)
tests_host_test_convert_CPPFLAGS = $(HOST_CPPFLAGS)
tests_host_test_convert_LDADD = $(HOST_TEST_LIBS)

check_PROGRAMS += tests/host/test_copy
tests_host_test_copy_SOURCES = tests/host/test_copy.c $(HOST_TEST_HELPERS)
tests_host_test_copy_CPPFLAGS = $(HOST_CPPFLAGS)
tests_host_test_copy_LDADD = $(HOST_TEST_LIBS)
tests_host_test_copy_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=memfd_create

check_PROGRAMS += tests/host/test_host
tests_host_test_host_SOURCES = tests/host/test_host.c $(HOST_TEST_HELPERS)
tests_host_test_host_CPPFLAGS = $(HOST_CPPFLAGS)
tests_host_test_host_LDADD = $(HOST_TEST_LIBS)

check_PROGRAMS += tests/host/test_instance
tests_host_test_instance_SOURCES = tests/host/test_instance.c $(HOST_TEST_HELPERS)
tests_host_test_instance_CPPFLAGS = $(HOST_CPPFLAGS)
tests_host_test_instance_LDADD = $(HOST_TEST_LIBS)

check_PROGRAMS += tests/host/test_ledger
tests_host_test_ledger_SOURCES = tests/host/test_ledger.c $(HOST_TEST_HELPERS)
tests_host_test_ledger_CPPFLAGS = $(HOST_CPPFLAGS)
tests_host_test_ledger_LDADD = $(HOST_TEST_LIBS)

check_PROGRAMS += tests/host/test_library
tests_host_test_library_SOURCES = tests/host/test_library.c $(HOST_TEST_HELPERS)
tests_host_test_library_CPPFLAGS = $(HOST_CPPFLAGS)
tests_host_test_library_LDADD = $(HOST_TEST_LIBS)

check_PROGRAMS += tests/host/test_loads
tests_host_test_loads_SOURCES = tests/host/test_loads.c $(HOST_TEST_HELPERS)
tests_host_test_loads_CPPFLAGS = $(HOST_CPPFLAGS)
tests_host_test_loads_LDADD = $(HOST_TEST_LIBS)

check_PROGRAMS += tests/host/test_memory
tests_host_test_memory_SOURCES = tests/host/test_memory.c \
  tests/host/fail.c tests/host/fail.h $(HOST_TEST_HELPERS)
tests_host_test_memory_CPPFLAGS = $(HOST_CPPFLAGS)
tests_host_test_memory_LDADD = $(HOST_TEST_LIBS)
tests_host_test_memory_LDFLAGS = $(AM_LDFLAGS) \
  -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc

check_PROGRAMS += tests/host/test_metrics
tests_host_test_metrics_SOURCES = tests/host/test_metrics.c $(HOST_TEST_HELPERS)
tests_host_test_metrics_CPPFLAGS = $(HOST_CPPFLAGS)
tests_host_test_metrics_LDADD = $(HOST_TEST_LIBS)

check_PROGRAMS += tests/host/test_predictor
tests_host_test_predictor_SOURCES = tests/host/test_predictor.c $(HOST_TEST_HELPERS)
tests_host_test_predictor_CPPFLAGS = $(HOST_CPPFLAGS)
tests_host_test_predictor_LDADD = $(HOST_TEST_LIBS)

check_PROGRAMS += tests/host/test_settings
tests_host_test_settings_SOURCES = tests/host/test_settings.c $(HOST_TEST_HELPERS)
tests_host_test_settings_CPPFLAGS = $(HOST_CPPFLAGS)
tests_host_test_settings_LDADD = $(HOST_TEST_LIBS)

check_PROGRAMS += tests/host/test_steady
tests_host_test_steady_SOURCES = tests/host/test_steady.c $(HOST_TEST_HELPERS)
tests_host_test_steady_CPPFLAGS = $(HOST_CPPFLAGS)
tests_host_test_steady_LDADD = plugin/foresight/libforesight.la \
  $(HOST_TEST_LIBS)

check_PROGRAMS += tests/host/test_threads
tests_host_test_threads_SOURCES = tests/host/test_threads.c $(HOST_TEST_HELPERS)
tests_host_test_threads_CPPFLAGS = $(HOST_CPPFLAGS)
tests_host_test_threads_LDADD = $(HOST_TEST_LIBS)

dist_check_SCRIPTS += tests/host/orchestrator.sh
