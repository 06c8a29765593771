# SPDX-License-Identifier: MIT
# Traces, catalogs, importers and the workload: all that brings requests in.

noinst_LTLIBRARIES += host-sdk/replay/input/libinput.la
host_sdk_replay_input_libinput_la_CPPFLAGS = $(HOST_CPPFLAGS) \
  $(ZLIB_CFLAGS) $(JANSSON_CFLAGS)
host_sdk_replay_input_libinput_la_LIBADD = $(ZLIB_LIBS) $(JANSSON_LIBS)
host_sdk_replay_input_libinput_la_SOURCES = \
  host-sdk/replay/input/catalog.c host-sdk/replay/input/catalog.h \
  host-sdk/replay/input/catalog_load.c \
  host-sdk/replay/input/catalog_match.c \
  host-sdk/replay/input/csv.c host-sdk/replay/input/csv.h \
  host-sdk/replay/input/csv_field.c host-sdk/replay/input/csv_private.h \
  host-sdk/replay/input/describe.c host-sdk/replay/input/describe.h \
  host-sdk/replay/input/import.c host-sdk/replay/input/import.h \
  host-sdk/replay/input/import_azure.c \
  host-sdk/replay/input/import_burstgpt.c \
  host-sdk/replay/input/import_gentd26.c \
  host-sdk/replay/input/import_llama_swap.c \
  host-sdk/replay/input/import_private.h \
  host-sdk/replay/input/instant.c host-sdk/replay/input/instant.h \
  host-sdk/replay/input/number.c host-sdk/replay/input/number.h \
  host-sdk/replay/input/out.c host-sdk/replay/input/out.h \
  host-sdk/replay/input/random.c host-sdk/replay/input/random.h \
  host-sdk/replay/input/text.c host-sdk/replay/input/text.h \
  host-sdk/replay/input/trace.c host-sdk/replay/input/trace.h \
  host-sdk/replay/input/trace_columns.h \
  host-sdk/replay/input/trace_load.c \
  host-sdk/replay/input/trace_save.c \
  host-sdk/replay/input/workload.c host-sdk/replay/input/workload.h \
  host-sdk/replay/input/workload_models.c \
  host-sdk/replay/input/workload_private.h \
  host-sdk/replay/input/workload_session.c \
  host-sdk/replay/input/workload_timers.c \
  host-sdk/replay/input/workload_user.c
