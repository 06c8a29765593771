# SPDX-License-Identifier: MIT
# The replay: traces through plugins, and what it shows.

include host-sdk/replay/input/local.mk

noinst_LTLIBRARIES += host-sdk/replay/libreplay.la
host_sdk_replay_libreplay_la_CPPFLAGS = $(HOST_CPPFLAGS)
host_sdk_replay_libreplay_la_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
host_sdk_replay_libreplay_la_SOURCES = \
  host-sdk/replay/ablate/ablation.c \
  host-sdk/replay/ablate/ablation.h \
  host-sdk/replay/ablate/signals.c \
  host-sdk/replay/ablate/signals.h \
  host-sdk/replay/accuracy/accuracy.c \
  host-sdk/replay/accuracy/accuracy.h \
  host-sdk/replay/accuracy/book.h \
  host-sdk/replay/accuracy/bootstrap.c \
  host-sdk/replay/accuracy/bootstrap.h \
  host-sdk/replay/accuracy/category.c \
  host-sdk/replay/accuracy/category.h \
  host-sdk/replay/accuracy/figures.c \
  host-sdk/replay/accuracy/figures.h \
  host-sdk/replay/accuracy/json.c \
  host-sdk/replay/accuracy/plain.c \
  host-sdk/replay/accuracy/plain.h \
  host-sdk/replay/accuracy/present.h \
  host-sdk/replay/accuracy/table.c \
  host-sdk/replay/accuracy/within.c \
  host-sdk/replay/accuracy/within.h \
  host-sdk/replay/compare.c \
  host-sdk/replay/compare.h \
  host-sdk/replay/config_text.c \
  host-sdk/replay/costs.c \
  host-sdk/replay/costs.h \
  host-sdk/replay/explain.c \
  host-sdk/replay/explain.h \
  host-sdk/replay/explain_json.c \
  host-sdk/replay/explain_table.c \
  host-sdk/replay/future.c \
  host-sdk/replay/future.h \
  host-sdk/replay/horizons.c \
  host-sdk/replay/horizons.h \
  host-sdk/replay/json.c \
  host-sdk/replay/log.c \
  host-sdk/replay/log.h \
  host-sdk/replay/meaning.c \
  host-sdk/replay/meaning.h \
  host-sdk/replay/messenger.c \
  host-sdk/replay/messenger.h \
  host-sdk/replay/messenger_explain.c \
  host-sdk/replay/messenger_state.h \
  host-sdk/replay/messenger_tell.c \
  host-sdk/replay/plan.h \
  host-sdk/replay/policy.c \
  host-sdk/replay/policy.h \
  host-sdk/replay/present.h \
  host-sdk/replay/replay.c \
  host-sdk/replay/replay.h \
  host-sdk/replay/report/bars.c \
  host-sdk/replay/report/figures.c \
  host-sdk/replay/report/frontier.c \
  host-sdk/replay/report/page.h \
  host-sdk/replay/report/report.c \
  host-sdk/replay/report/style.c \
  host-sdk/replay/report/svg.c \
  host-sdk/replay/report/svg.h \
  host-sdk/replay/report/warm.c \
  host-sdk/replay/report/write.c \
  host-sdk/replay/report/write.h \
  host-sdk/replay/result.c \
  host-sdk/replay/result.h \
  host-sdk/replay/scores.c \
  host-sdk/replay/scores.h \
  host-sdk/replay/stage.c \
  host-sdk/replay/stage.h \
  host-sdk/replay/stopwatch.c \
  host-sdk/replay/stopwatch.h \
  host-sdk/replay/strip.c \
  host-sdk/replay/strip.h \
  host-sdk/replay/table.c
host_sdk_replay_libreplay_la_LIBADD = \
  host-sdk/replay/input/libinput.la \
  host-sdk/libhearth.la \
  plugin/sdk/libhearth-sdk.la \
  $(JANSSON_LIBS) -lm
