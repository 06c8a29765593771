# SPDX-License-Identifier: MIT
# What Foresight must beat: each a module of its own over a common base.

noinst_LTLIBRARIES += plugin/reference/libreference.la
plugin_reference_libreference_la_SOURCES = \
  plugin/reference/base.c \
  plugin/reference/base.h \
  plugin/reference/inside.h \
  plugin/reference/learn.c \
  plugin/reference/metadata.c \
  plugin/reference/prepare.c \
  plugin/reference/state.c

noinst_LTLIBRARIES += plugin/reference/libhazard.la
plugin_reference_libhazard_la_SOURCES = \
  plugin/reference/hazard.h plugin/reference/hazard_table.c

noinst_LTLIBRARIES += plugin/reference/libclairvoyant.la
plugin_reference_libclairvoyant_la_SOURCES = \
  plugin/reference/clairvoyant.h plugin/reference/clairvoyant_base.c
CLAIRVOYANT_LIBS = plugin/reference/libclairvoyant.la

REFERENCE_LIBS = plugin/reference/libreference.la plugin/sdk/libhearth-sdk.la

plugin_LTLIBRARIES += \
  plugin/reference/hearth-lru.la \
  plugin/reference/hearth-lfu.la \
  plugin/reference/hearth-gdsf.la \
  plugin/reference/hearth-gdsf-forgetful.la \
  plugin/reference/hearth-ttl.la \
  plugin/reference/hearth-breakeven.la \
  plugin/reference/hearth-hybrid-histogram.la \
  plugin/reference/hearth-exponential.la \
  plugin/reference/hearth-markov.la \
  plugin/reference/hearth-hazard.la \
  plugin/reference/hearth-clairvoyant-distance.la \
  plugin/reference/hearth-clairvoyant-cost.la \
  plugin/reference/hearth-clairvoyant.la \
  plugin/reference/hearth-echo.la

plugin_reference_hearth_lru_la_SOURCES = \
  plugin/reference/lru.c
plugin_reference_hearth_lru_la_LDFLAGS = $(MODULE_LDFLAGS)
plugin_reference_hearth_lru_la_LIBADD = $(REFERENCE_LIBS)

plugin_reference_hearth_lfu_la_SOURCES = \
  plugin/reference/lfu.c \
  plugin/reference/decay.h
plugin_reference_hearth_lfu_la_LDFLAGS = $(MODULE_LDFLAGS)
plugin_reference_hearth_lfu_la_LIBADD = $(REFERENCE_LIBS)

plugin_reference_hearth_gdsf_la_SOURCES = \
  plugin/reference/gdsf.c \
  plugin/reference/gdsf.h
plugin_reference_hearth_gdsf_la_LDFLAGS = $(MODULE_LDFLAGS)
plugin_reference_hearth_gdsf_la_LIBADD = $(REFERENCE_LIBS)

plugin_reference_hearth_gdsf_forgetful_la_SOURCES = \
  plugin/reference/gdsf_forgetful.c \
  plugin/reference/gdsf.h
plugin_reference_hearth_gdsf_forgetful_la_LDFLAGS = $(MODULE_LDFLAGS)
plugin_reference_hearth_gdsf_forgetful_la_LIBADD = $(REFERENCE_LIBS)

plugin_reference_hearth_ttl_la_SOURCES = \
  plugin/reference/ttl.c
plugin_reference_hearth_ttl_la_LDFLAGS = $(MODULE_LDFLAGS)
plugin_reference_hearth_ttl_la_LIBADD = $(REFERENCE_LIBS)

plugin_reference_hearth_breakeven_la_SOURCES = \
  plugin/reference/breakeven.c
plugin_reference_hearth_breakeven_la_LDFLAGS = $(MODULE_LDFLAGS)
plugin_reference_hearth_breakeven_la_LIBADD = $(REFERENCE_LIBS)

plugin_reference_hearth_hybrid_histogram_la_SOURCES = \
  plugin/reference/hybrid_histogram.c
plugin_reference_hearth_hybrid_histogram_la_LDFLAGS = $(MODULE_LDFLAGS)
plugin_reference_hearth_hybrid_histogram_la_LIBADD = $(REFERENCE_LIBS)

plugin_reference_hearth_exponential_la_SOURCES = \
  plugin/reference/exponential.c
plugin_reference_hearth_exponential_la_LDFLAGS = $(MODULE_LDFLAGS)
plugin_reference_hearth_exponential_la_LIBADD = $(REFERENCE_LIBS)

plugin_reference_hearth_markov_la_SOURCES = \
  plugin/reference/markov.c \
  plugin/reference/decay.h
plugin_reference_hearth_markov_la_LDFLAGS = $(MODULE_LDFLAGS)
plugin_reference_hearth_markov_la_LIBADD = $(REFERENCE_LIBS)

plugin_reference_hearth_hazard_la_SOURCES = \
  plugin/reference/hazard.c \
  plugin/reference/hazard.h
plugin_reference_hearth_hazard_la_LDFLAGS = $(MODULE_LDFLAGS)
plugin_reference_hearth_hazard_la_LIBADD = \
  plugin/reference/libhazard.la $(REFERENCE_LIBS)

plugin_reference_hearth_clairvoyant_distance_la_SOURCES = \
  plugin/reference/clairvoyant_distance.c \
  plugin/reference/clairvoyant.h
plugin_reference_hearth_clairvoyant_distance_la_LDFLAGS = $(MODULE_LDFLAGS)
plugin_reference_hearth_clairvoyant_distance_la_LIBADD = \
  $(CLAIRVOYANT_LIBS) $(REFERENCE_LIBS)

plugin_reference_hearth_clairvoyant_cost_la_SOURCES = \
  plugin/reference/clairvoyant_cost.c \
  plugin/reference/clairvoyant.h
plugin_reference_hearth_clairvoyant_cost_la_LDFLAGS = $(MODULE_LDFLAGS)
plugin_reference_hearth_clairvoyant_cost_la_LIBADD = \
  $(CLAIRVOYANT_LIBS) $(REFERENCE_LIBS)

plugin_reference_hearth_clairvoyant_la_SOURCES = \
  plugin/reference/clairvoyant.c \
  plugin/reference/clairvoyant.h
plugin_reference_hearth_clairvoyant_la_LDFLAGS = $(MODULE_LDFLAGS)
plugin_reference_hearth_clairvoyant_la_LIBADD = \
  $(CLAIRVOYANT_LIBS) $(REFERENCE_LIBS)

plugin_reference_hearth_echo_la_SOURCES = \
  plugin/reference/echo.c
plugin_reference_hearth_echo_la_LDFLAGS = $(MODULE_LDFLAGS)
plugin_reference_hearth_echo_la_LIBADD = $(REFERENCE_LIBS)
