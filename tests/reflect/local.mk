# SPDX-License-Identifier: MIT
# Reflected functions and traces.

check_LTLIBRARIES += tests/reflect/letters.la
tests_reflect_letters_la_SOURCES = tests/reflect/letters.c
tests_reflect_letters_la_LDFLAGS = $(TEST_MODULE)

REFLECT_LIBS = $(UNIT_LIBS) host-sdk/reflect/libtrace.la \
  host-sdk/libcore.la plugin/sdk/libhearth-sdk.la
REFLECT_HELPERS = tests/reflect/setup.c tests/reflect/setup.h

check_PROGRAMS += tests/reflect/test_call
tests_reflect_test_call_SOURCES = tests/reflect/test_call.c $(REFLECT_HELPERS)
tests_reflect_test_call_CPPFLAGS = $(HOST_CPPFLAGS)
tests_reflect_test_call_LDADD = $(REFLECT_LIBS)

check_PROGRAMS += tests/reflect/test_json
tests_reflect_test_json_SOURCES = tests/reflect/test_json.c
tests_reflect_test_json_CPPFLAGS = $(HOST_CPPFLAGS)
tests_reflect_test_json_LDADD = $(REFLECT_LIBS)

check_PROGRAMS += tests/reflect/test_signature
tests_reflect_test_signature_SOURCES = tests/reflect/test_signature.c
tests_reflect_test_signature_CPPFLAGS = $(HOST_CPPFLAGS)
tests_reflect_test_signature_LDADD = $(REFLECT_LIBS)

check_PROGRAMS += tests/reflect/test_trace
tests_reflect_test_trace_SOURCES = tests/reflect/test_trace.c \
  $(REFLECT_HELPERS)
tests_reflect_test_trace_CPPFLAGS = $(HOST_CPPFLAGS)
tests_reflect_test_trace_LDADD = $(REFLECT_LIBS)

check_PROGRAMS += tests/reflect/test_memory
tests_reflect_test_memory_SOURCES = tests/reflect/test_memory.c \
  tests/host/fail.c tests/host/fail.h $(REFLECT_HELPERS)
tests_reflect_test_memory_CPPFLAGS = $(HOST_CPPFLAGS)
tests_reflect_test_memory_LDADD = $(REFLECT_LIBS)
tests_reflect_test_memory_LDFLAGS = $(AM_LDFLAGS) \
  -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc

check_PROGRAMS += tests/reflect/test_replay
tests_reflect_test_replay_SOURCES = tests/reflect/test_replay.c
tests_reflect_test_replay_CPPFLAGS = $(HOST_CPPFLAGS)
tests_reflect_test_replay_LDADD = $(UNIT_LIBS) host-sdk/reflect/libtrace.la \
  host-sdk/replay/libreplay.la host-sdk/libhearth.la \
  plugin/sdk/libhearth-sdk.la
tests_reflect_test_replay_LDFLAGS = -static $(AM_LDFLAGS)

dist_check_SCRIPTS += tests/reflect/test_commands.sh
