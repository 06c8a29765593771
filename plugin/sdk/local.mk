# SPDX-License-Identifier: MIT
# What every plugin links, and plugin authors may: static, PIC.

lib_LTLIBRARIES += plugin/sdk/libhearth-sdk.la
plugin_sdk_libhearth_sdk_la_LDFLAGS = -static $(AM_LDFLAGS)
plugin_sdk_libhearth_sdk_la_SOURCES = \
  plugin/sdk/lock.c \
  plugin/sdk/math.c \
  plugin/sdk/memory.c \
  plugin/sdk/names.c \
  plugin/sdk/pool/books.c \
  plugin/sdk/pool/events.c \
  plugin/sdk/pool/heap.c \
  plugin/sdk/pool/heap.h \
  plugin/sdk/pool/next.c \
  plugin/sdk/pool/order.c \
  plugin/sdk/pool/pool.c \
  plugin/sdk/pool/prewarm.c \
  plugin/sdk/pool/sim.c \
  plugin/sdk/pool/state.h \
  plugin/sdk/pool/wish.c \
  plugin/sdk/seen.c \
  plugin/sdk/state.c \
  plugin/sdk/state_fields.c \
  plugin/sdk/state_lists.c \
  plugin/sdk/wire/buffer.c \
  plugin/sdk/wire/decode.c \
  plugin/sdk/wire/encode.c \
  plugin/sdk/wire/fail.c \
  plugin/sdk/wire/init.h \
  plugin/sdk/wire/messages.c \
  plugin/sdk/wire/pack.h \
  plugin/sdk/wire/quick.c \
  plugin/sdk/wire/schema.c \
  plugin/sdk/wire/state.h \
  plugin/sdk/wire/store.c \
  plugin/sdk/wire/unpack.h

sdk_includedir = $(includedir)/hearth-sdk/plugin/sdk
sdk_include_HEADERS = \
  plugin/sdk/cold.h \
  plugin/sdk/define.h \
  plugin/sdk/hint.h \
  plugin/sdk/lock.h \
  plugin/sdk/math.h \
  plugin/sdk/memory.h \
  plugin/sdk/names.h \
  plugin/sdk/seen.h \
  plugin/sdk/state.h

sdk_poolincludedir = $(sdk_includedir)/pool
sdk_poolinclude_HEADERS = \
  plugin/sdk/pool/pool.h \
  plugin/sdk/pool/sim.h

sdk_wireincludedir = $(sdk_includedir)/wire
sdk_wireinclude_HEADERS = \
  plugin/sdk/wire/decode.h \
  plugin/sdk/wire/encode.h \
  plugin/sdk/wire/messages.h \
  plugin/sdk/wire/schema.h
