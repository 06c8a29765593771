# SPDX-License-Identifier: MIT
# `hearth`, the command.  Linked statically with the project's own libraries, so
# that it runs from the build tree and wherever it is copied.

bin_PROGRAMS += host-sdk/cli/hearth
host_sdk_cli_hearth_CPPFLAGS = $(HOST_CPPFLAGS) \
  -DHEARTH_PLUGIN_DIR='"$(plugindir)"'
host_sdk_cli_hearth_SOURCES = \
  host-sdk/cli/call_options.c host-sdk/cli/call_options.h \
  host-sdk/cli/call_print.c host-sdk/cli/call_print.h \
  host-sdk/cli/cmd_bench.c \
  host-sdk/cli/cmd_experiment.c \
  host-sdk/cli/cmd_explain.c \
  host-sdk/cli/cmd_import.c \
  host-sdk/cli/cmd_inspect.c \
  host-sdk/cli/cmd_call.c \
  host-sdk/cli/cmd_replay.c \
  host-sdk/cli/cmd_state.c \
  host-sdk/cli/state.h \
  host-sdk/cli/state_export.c \
  host-sdk/cli/state_import.c \
  host-sdk/cli/state_rebuild.c \
  host-sdk/cli/state_show.c \
  host-sdk/cli/cmd_trace.c \
  host-sdk/cli/cmd_validate.c \
  host-sdk/cli/cmd_workload.c \
  host-sdk/cli/commands.h \
  host-sdk/cli/input_options.c host-sdk/cli/input_options.h \
  host-sdk/cli/main.c \
  host-sdk/cli/plugin_option.c host-sdk/cli/plugin_option.h \
  host-sdk/cli/plugin_path.c \
  host-sdk/cli/rehearsal.c host-sdk/cli/rehearsal.h \
  host-sdk/cli/replay_options.c host-sdk/cli/replay_options.h
host_sdk_cli_hearth_LDFLAGS = -static $(AM_LDFLAGS)
host_sdk_cli_hearth_LDADD = host-sdk/store/libstorecore.la \
  host-sdk/json/libhearthjson.la \
  host-sdk/validate/libvalidate.la \
  host-sdk/reflect/libtrace.la \
  host-sdk/bench/libbench.la \
  host-sdk/experiment/libexperiment.la \
  host-sdk/replay/libreplay.la \
  host-sdk/libhearth.la plugin/sdk/libhearth-sdk.la
