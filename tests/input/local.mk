# SPDX-License-Identifier: MIT

INPUT_HELPERS = tests/input/files.c tests/input/files.h
INPUT_LIBS = $(UNIT_LIBS) host-sdk/replay/input/libinput.la \
  plugin/sdk/libhearth-sdk.la $(ZLIB_LIBS)
INPUT_CPPFLAGS = $(HOST_CPPFLAGS) $(ZLIB_CFLAGS)

check_PROGRAMS += \
  tests/input/test_catalog \
  tests/input/test_commands \
  tests/input/test_csv \
  tests/input/test_describe \
  tests/input/test_import \
  tests/input/test_number \
  tests/input/test_trace \
  tests/input/test_workload

tests_input_test_catalog_SOURCES = tests/input/test_catalog.c $(INPUT_HELPERS)
tests_input_test_catalog_CPPFLAGS = $(INPUT_CPPFLAGS)
tests_input_test_catalog_LDADD = $(INPUT_LIBS)

tests_input_test_commands_SOURCES = tests/input/test_commands.c \
  host-sdk/cli/cmd_import.c host-sdk/cli/cmd_workload.c \
  host-sdk/cli/input_options.c $(INPUT_HELPERS)
tests_input_test_commands_CPPFLAGS = $(INPUT_CPPFLAGS)
tests_input_test_commands_LDADD = $(INPUT_LIBS)

tests_input_test_csv_SOURCES = tests/input/test_csv.c $(INPUT_HELPERS)
tests_input_test_csv_CPPFLAGS = $(INPUT_CPPFLAGS)
tests_input_test_csv_LDADD = $(INPUT_LIBS)

tests_input_test_describe_SOURCES = tests/input/test_describe.c \
  $(INPUT_HELPERS)
tests_input_test_describe_CPPFLAGS = $(INPUT_CPPFLAGS)
tests_input_test_describe_LDADD = $(INPUT_LIBS)

tests_input_test_import_SOURCES = tests/input/test_import.c $(INPUT_HELPERS)
tests_input_test_import_CPPFLAGS = $(INPUT_CPPFLAGS)
tests_input_test_import_LDADD = $(INPUT_LIBS)

tests_input_test_number_SOURCES = tests/input/test_number.c
tests_input_test_number_CPPFLAGS = $(INPUT_CPPFLAGS)
tests_input_test_number_LDADD = $(INPUT_LIBS)

tests_input_test_trace_SOURCES = tests/input/test_trace.c $(INPUT_HELPERS)
tests_input_test_trace_CPPFLAGS = $(INPUT_CPPFLAGS)
tests_input_test_trace_LDADD = $(INPUT_LIBS)

tests_input_test_workload_SOURCES = tests/input/test_workload.c \
  $(INPUT_HELPERS)
tests_input_test_workload_CPPFLAGS = $(INPUT_CPPFLAGS)
tests_input_test_workload_LDADD = $(INPUT_LIBS)

EXTRA_DIST += \
  tests/data/azure2021.csv \
  tests/data/burstgpt-sessions.csv \
  tests/data/burstgpt.csv \
  tests/data/gentd26.csv \
  tests/data/llama-swap.json \
  tests/data/llama-swap.jsonl
