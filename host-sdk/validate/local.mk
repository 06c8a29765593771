# SPDX-License-Identifier: MIT
# The conformance test of plugins, for the command and for tests.

noinst_LTLIBRARIES += host-sdk/validate/libvalidate.la
host_sdk_validate_libvalidate_la_SOURCES = \
  host-sdk/validate/ambient.c host-sdk/validate/ambient.h \
  host-sdk/validate/answer.c host-sdk/validate/answer.h \
  host-sdk/validate/check_answers.c \
  host-sdk/validate/check_bad_state.c \
  host-sdk/validate/check_catalogs.c \
  host-sdk/validate/check_configs.c \
  host-sdk/validate/check_extensions.c \
  host-sdk/validate/check_hostile.c \
  host-sdk/validate/check_hosts.c \
  host-sdk/validate/check_identity.c \
  host-sdk/validate/check_imports.c \
  host-sdk/validate/check_inputs.c \
  host-sdk/validate/check_library.c \
  host-sdk/validate/check_life.c \
  host-sdk/validate/check_loading.c \
  host-sdk/validate/check_manners.c \
  host-sdk/validate/check_memory.c \
  host-sdk/validate/check_messages.c \
  host-sdk/validate/check_outcomes.c \
  host-sdk/validate/check_sinks.c \
  host-sdk/validate/check_state.c \
  host-sdk/validate/check_swaps.c \
  host-sdk/validate/check_threads.c \
  host-sdk/validate/check_workers.c \
  host-sdk/validate/checks.h \
  host-sdk/validate/job.c host-sdk/validate/job.h \
  host-sdk/validate/mutate.c host-sdk/validate/mutate.h \
  host-sdk/validate/page.c host-sdk/validate/page.h \
  host-sdk/validate/report.c \
  host-sdk/validate/run.c \
  host-sdk/validate/scene.c host-sdk/validate/scene.h \
  host-sdk/validate/scene_catalog.c \
  host-sdk/validate/sink.c host-sdk/validate/sink.h \
  host-sdk/validate/subject.c host-sdk/validate/subject.h \
  host-sdk/validate/symbols.c host-sdk/validate/symbols.h \
  host-sdk/validate/table.c \
  host-sdk/validate/talk.c \
  host-sdk/validate/validate.h \
  host-sdk/validate/view.c host-sdk/validate/view.h
host_sdk_validate_libvalidate_la_CPPFLAGS = $(HOST_CPPFLAGS)
host_sdk_validate_libvalidate_la_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
host_sdk_validate_libvalidate_la_LIBADD = $(JANSSON_LIBS) -lm
