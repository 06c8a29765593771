# SPDX-License-Identifier: MIT
# What `hearth bench` measures with.

noinst_LTLIBRARIES += host-sdk/bench/libbench.la
host_sdk_bench_libbench_la_SOURCES = \
  host-sdk/bench/bench.c host-sdk/bench/bench.h \
  host-sdk/bench/cell.c host-sdk/bench/cell.h \
  host-sdk/bench/crew.c host-sdk/bench/crew.h \
  host-sdk/bench/instance.c \
  host-sdk/bench/json.c \
  host-sdk/bench/life.c \
  host-sdk/bench/median.c \
  host-sdk/bench/page.c \
  host-sdk/bench/race.c \
  host-sdk/bench/rig.c host-sdk/bench/rig.h \
  host-sdk/bench/scene.c host-sdk/bench/scene.h \
  host-sdk/bench/stage.c host-sdk/bench/stage.h \
  host-sdk/bench/start.c \
  host-sdk/bench/table.c
host_sdk_bench_libbench_la_CPPFLAGS = $(HOST_CPPFLAGS)
host_sdk_bench_libbench_la_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
