# SPDX-License-Identifier: MIT
# Messages as JSON, for the host side.

noinst_LTLIBRARIES += host-sdk/json/libhearthjson.la
host_sdk_json_libhearthjson_la_SOURCES = \
  host-sdk/json/arena.c host-sdk/json/arena.h \
  host-sdk/json/from_json.c \
  host-sdk/json/message_json.h \
  host-sdk/json/to_json.c
host_sdk_json_libhearthjson_la_CPPFLAGS = $(HOST_CPPFLAGS)
host_sdk_json_libhearthjson_la_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
host_sdk_json_libhearthjson_la_LIBADD = \
  plugin/sdk/libhearth-sdk.la $(JANSSON_LIBS)
