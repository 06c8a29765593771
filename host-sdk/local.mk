# SPDX-License-Identifier: MIT
# libhearth: what an orchestrator links.  Tests link its parts (libcore), whose
# internal functions the shared library does not export.

noinst_LTLIBRARIES += host-sdk/libcore.la
host_sdk_libcore_la_SOURCES = \
  host-sdk/library/copy.c host-sdk/library/copy.h \
  host-sdk/library/elf.c host-sdk/library/elf.h \
  host-sdk/library/library.c host-sdk/library/library.h \
  host-sdk/library/mapping.c host-sdk/library/mapping.h \
  host-sdk/library/negotiate.c host-sdk/library/negotiate.h \
  host-sdk/library/tell.c host-sdk/library/tell.h \
  host-sdk/instance/call.c \
  host-sdk/instance/frame.c \
  host-sdk/instance/host.c \
  host-sdk/instance/instance.c host-sdk/instance/instance.h \
  host-sdk/instance/output.c host-sdk/instance/output.h \
  host-sdk/instance/status.c host-sdk/instance/status.h \
  host-sdk/instance/stripes.c host-sdk/instance/stripes.h \
  host-sdk/slot/call.c \
  host-sdk/slot/handover.c \
  host-sdk/slot/journal.c host-sdk/slot/journal.h \
  host-sdk/slot/outcome.c \
  host-sdk/slot/slot.c host-sdk/slot/slot.h \
  host-sdk/slot/stats.c \
  host-sdk/slot/swap.c \
  host-sdk/slot/trial.c \
  host-sdk/predictor/act.c \
  host-sdk/predictor/cache.c host-sdk/predictor/cache.h \
  host-sdk/predictor/convert.c host-sdk/predictor/convert.h \
  host-sdk/predictor/feedback.c \
  host-sdk/predictor/live.c \
  host-sdk/predictor/ledger.c host-sdk/predictor/ledger.h \
  host-sdk/predictor/metrics.c host-sdk/predictor/metrics.h \
  host-sdk/predictor/models.c \
  host-sdk/predictor/outcome.c \
  host-sdk/predictor/plan.c \
  host-sdk/predictor/predictor.c host-sdk/predictor/predictor.h \
  host-sdk/predictor/profile.c \
  host-sdk/predictor/request.c \
  host-sdk/predictor/resync.c \
  host-sdk/predictor/unpack.c
host_sdk_libcore_la_SOURCES += \
  host-sdk/experiment/decide.c \
  host-sdk/experiment/evidence.c host-sdk/experiment/evidence.h \
  host-sdk/experiment/experiment.c host-sdk/experiment/inside.h \
  host-sdk/experiment/ghost.c host-sdk/experiment/ghost.h \
  host-sdk/experiment/ghost_ask.c \
  host-sdk/experiment/inbox.c host-sdk/experiment/inbox.h \
  host-sdk/experiment/judge.c host-sdk/experiment/judge.h \
  host-sdk/experiment/latency.c host-sdk/experiment/latency.h \
  host-sdk/experiment/look.c \
  host-sdk/experiment/publish.c \
  host-sdk/experiment/split.c host-sdk/experiment/split.h \
  host-sdk/experiment/stage.c host-sdk/experiment/stage.h \
  host-sdk/experiment/tell.c \
  host-sdk/experiment/trial.c \
  host-sdk/experiment/units.c host-sdk/experiment/units.h
hearthinclude_HEADERS += include/hearth/experiment.h
host_sdk_libcore_la_CPPFLAGS = $(HOST_CPPFLAGS)

lib_LTLIBRARIES += host-sdk/libhearth.la
host_sdk_libhearth_la_SOURCES =
host_sdk_libhearth_la_LIBADD = host-sdk/libcore.la plugin/sdk/libhearth-sdk.la
host_sdk_libhearth_la_LDFLAGS = -version-info 0:0:0 -no-undefined $(AM_LDFLAGS)

hearthinclude_HEADERS += include/hearth/predictor.h include/hearth/slot.h
