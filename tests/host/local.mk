# SPDX-License-Identifier: MIT
# The host SDK's core; internal functions too, so the tests link its parts.

HOST_TEST_LIBS = $(UNIT_LIBS) host-sdk/libcore.la plugin/sdk/libhearth-sdk.la
HOST_TEST_PLUGINS = tests/host/plugins.c tests/host/plugins.h

check_PROGRAMS += tests/host/test_instance
tests_host_test_instance_SOURCES = tests/host/test_instance.c $(HOST_TEST_PLUGINS)
tests_host_test_instance_CPPFLAGS = $(HOST_CPPFLAGS)
tests_host_test_instance_LDADD = $(HOST_TEST_LIBS)

check_PROGRAMS += tests/host/test_library
tests_host_test_library_SOURCES = tests/host/test_library.c $(HOST_TEST_PLUGINS)
tests_host_test_library_CPPFLAGS = $(HOST_CPPFLAGS)
tests_host_test_library_LDADD = $(HOST_TEST_LIBS)
