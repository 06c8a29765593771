# SPDX-License-Identifier: MIT

hearthincludedir = $(includedir)/hearth
hearthextdir = $(includedir)/hearth/ext
hearthinclude_HEADERS = include/hearth/plugin.h include/hearth/host.h
hearthext_HEADERS = \
  include/hearth/ext/explain.h \
  include/hearth/ext/future.h \
  include/hearth/ext/memory.h \
  include/hearth/ext/metrics.h \
  include/hearth/ext/predict.h \
  include/hearth/ext/reflect.h
EXTRA_DIST += include/hearth.pc.in include/hearth-sdk.pc.in
