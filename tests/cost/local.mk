# SPDX-License-Identifier: MIT
# What the hot path costs, for profilers.

noinst_PROGRAMS += tests/cost/hot_path
tests_cost_hot_path_SOURCES = tests/cost/hot_path.c
tests_cost_hot_path_CPPFLAGS = $(HOST_CPPFLAGS)
tests_cost_hot_path_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_cost_hot_path_LDFLAGS = -static $(AM_LDFLAGS)
tests_cost_hot_path_LDADD = \
  plugin/foresight/libforesight.la host-sdk/bench/libbench.la \
  host-sdk/replay/libreplay.la host-sdk/libhearth.la \
  plugin/sdk/libhearth-sdk.la $(JANSSON_LIBS)

dist_check_SCRIPTS += tests/cost/test_instructions.sh
EXTRA_DIST += tests/cost/instructions.txt
