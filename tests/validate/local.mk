# SPDX-License-Identifier: MIT
# The validator against plugins that misbehave, and those that do not.

check_PROGRAMS += tests/validate/test_validate
tests_validate_test_validate_SOURCES = tests/validate/test_validate.c
tests_validate_test_validate_CPPFLAGS = $(HOST_CPPFLAGS)
tests_validate_test_validate_LDADD = $(UNIT_LIBS) \
  host-sdk/validate/libvalidate.la host-sdk/libcore.la \
  plugin/sdk/libhearth-sdk.la
LONG_CHECKS += tests/validate/test_validate

# The plugin that docs/writing-a-plugin.md walks through.
check_LTLIBRARIES += tests/validate/last_by_task.la
tests_validate_last_by_task_la_SOURCES = \
  examples/minimal-plugin/last_by_task.c
tests_validate_last_by_task_la_LDFLAGS = $(TEST_MODULE)
tests_validate_last_by_task_la_LIBADD = plugin/sdk/libhearth-sdk.la
