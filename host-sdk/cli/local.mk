# SPDX-License-Identifier: MIT
# `hearth`, the command.  Linked statically with the project's own libraries, so
# that it runs from the build tree and wherever it is copied.

bin_PROGRAMS += host-sdk/cli/hearth
host_sdk_cli_hearth_CPPFLAGS = $(HOST_CPPFLAGS) \
  -DHEARTH_PLUGIN_DIR='"$(plugindir)"'
host_sdk_cli_hearth_SOURCES = \
  host-sdk/cli/cmd_explain.c \
  host-sdk/cli/cmd_import.c \
  host-sdk/cli/cmd_inspect.c \
  host-sdk/cli/cmd_replay.c \
  host-sdk/cli/cmd_workload.c \
  host-sdk/cli/commands.h \
  host-sdk/cli/input_options.c host-sdk/cli/input_options.h \
  host-sdk/cli/main.c \
  host-sdk/cli/plugin_option.c host-sdk/cli/plugin_option.h \
  host-sdk/cli/plugin_path.c \
  host-sdk/cli/replay_options.c host-sdk/cli/replay_options.h
host_sdk_cli_hearth_LDFLAGS = -static $(AM_LDFLAGS)
host_sdk_cli_hearth_LDADD = host-sdk/replay/libreplay.la \
  host-sdk/libhearth.la plugin/sdk/libhearth-sdk.la
