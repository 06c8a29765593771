# SPDX-License-Identifier: MIT
# Experiments on traces: the engine itself is in libcore (host-sdk/local.mk).

noinst_LTLIBRARIES += host-sdk/experiment/libexperiment.la
host_sdk_experiment_libexperiment_la_CPPFLAGS = $(HOST_CPPFLAGS)
host_sdk_experiment_libexperiment_la_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) \
  $(YAML_CFLAGS)
host_sdk_experiment_libexperiment_la_SOURCES = \
  host-sdk/experiment/offline/feed.c host-sdk/experiment/offline/feed.h \
  host-sdk/experiment/offline/file.c host-sdk/experiment/offline/file.h \
  host-sdk/experiment/offline/json.c \
  host-sdk/experiment/offline/offline.c host-sdk/experiment/offline/offline.h \
  host-sdk/experiment/offline/page.c \
  host-sdk/experiment/offline/plot.c host-sdk/experiment/offline/plot.h \
  host-sdk/experiment/offline/table.c \
  host-sdk/experiment/offline/yaml.c host-sdk/experiment/offline/yaml.h
host_sdk_experiment_libexperiment_la_LIBADD = \
  host-sdk/replay/libreplay.la $(JANSSON_LIBS) $(YAML_LIBS)
dist_noinst_DATA += examples/experiment/lru-or-foresight.yaml
