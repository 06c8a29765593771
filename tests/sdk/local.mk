# SPDX-License-Identifier: MIT

check_LTLIBRARIES += tests/sdk/libsupport.la
tests_sdk_libsupport_la_SOURCES = tests/sdk/support.c tests/sdk/support.h
tests_sdk_libsupport_la_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_sdk_libsupport_la_LIBADD = \
  host-sdk/json/libhearthjson.la $(UNIT_LIBS) $(JANSSON_LIBS)
SDK_TEST_LIBS = tests/sdk/libsupport.la plugin/sdk/libhearth-sdk.la
SDK_TEST_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)

check_PROGRAMS += tests/sdk/test_decode
tests_sdk_test_decode_SOURCES = tests/sdk/test_decode.c
tests_sdk_test_decode_LDADD = $(UNIT_LIBS) plugin/sdk/libhearth-sdk.la

check_PROGRAMS += tests/sdk/test_encode
tests_sdk_test_encode_SOURCES = tests/sdk/test_encode.c
tests_sdk_test_encode_LDADD = $(UNIT_LIBS) plugin/sdk/libhearth-sdk.la

check_PROGRAMS += tests/sdk/test_hostile
tests_sdk_test_hostile_SOURCES = tests/sdk/test_hostile.c
tests_sdk_test_hostile_CFLAGS = $(SDK_TEST_CFLAGS)
tests_sdk_test_hostile_LDADD = $(SDK_TEST_LIBS)

check_PROGRAMS += tests/sdk/test_json
tests_sdk_test_json_SOURCES = tests/sdk/test_json.c
tests_sdk_test_json_CFLAGS = $(SDK_TEST_CFLAGS)
tests_sdk_test_json_LDADD = $(SDK_TEST_LIBS)

check_PROGRAMS += tests/sdk/test_math
tests_sdk_test_math_SOURCES = tests/sdk/test_math.c
tests_sdk_test_math_LDADD = $(UNIT_LIBS) plugin/sdk/libhearth-sdk.la -lm

check_PROGRAMS += tests/sdk/test_memory
tests_sdk_test_memory_SOURCES = tests/sdk/test_memory.c
tests_sdk_test_memory_CFLAGS = $(SDK_TEST_CFLAGS)
tests_sdk_test_memory_LDADD = $(SDK_TEST_LIBS)

check_PROGRAMS += tests/sdk/test_messages
tests_sdk_test_messages_SOURCES = tests/sdk/test_messages.c
tests_sdk_test_messages_CFLAGS = $(SDK_TEST_CFLAGS)
tests_sdk_test_messages_LDADD = $(SDK_TEST_LIBS)

check_PROGRAMS += tests/sdk/test_names
tests_sdk_test_names_SOURCES = tests/sdk/test_names.c
tests_sdk_test_names_CFLAGS = $(SDK_TEST_CFLAGS)
tests_sdk_test_names_LDADD = $(SDK_TEST_LIBS)

check_PROGRAMS += tests/sdk/test_quick
tests_sdk_test_quick_SOURCES = tests/sdk/test_quick.c
tests_sdk_test_quick_CFLAGS = $(SDK_TEST_CFLAGS)
tests_sdk_test_quick_LDADD = $(SDK_TEST_LIBS)

check_PROGRAMS += tests/sdk/test_vectors
tests_sdk_test_vectors_SOURCES = tests/sdk/test_vectors.c
tests_sdk_test_vectors_CFLAGS = $(SDK_TEST_CFLAGS)
tests_sdk_test_vectors_LDADD = $(SDK_TEST_LIBS)

check_PROGRAMS += tests/sdk/test_state
tests_sdk_test_state_SOURCES = tests/sdk/test_state.c
tests_sdk_test_state_CFLAGS = $(SDK_TEST_CFLAGS)
tests_sdk_test_state_LDADD = $(SDK_TEST_LIBS)

EXTRA_DIST += \
  docs/wire-format.md \
  tests/fuzz/fuzz_decode.c \
  tests/vectors/README.md \
  tests/vectors/catalog.json \
  tests/vectors/config.json \
  tests/vectors/context.json \
  tests/vectors/metadata.json \
  tests/vectors/metadata_query.json \
  tests/vectors/model_set.json \
  tests/vectors/outcome.json
