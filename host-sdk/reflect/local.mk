# SPDX-License-Identifier: MIT
# Reflected functions by libffi, and traces of every call.  The core library
# needs none of it; hearth-worker and the command link it.

noinst_LTLIBRARIES += host-sdk/reflect/libreflect.la
host_sdk_reflect_libreflect_la_SOURCES = \
  host-sdk/reflect/call.c host-sdk/reflect/call.h \
  host-sdk/reflect/caller.h \
  host-sdk/reflect/cif.c host-sdk/reflect/cif.h \
  host-sdk/reflect/functions.c \
  host-sdk/reflect/instance.c host-sdk/reflect/instance.h \
  host-sdk/reflect/message.c host-sdk/reflect/message.h \
  host-sdk/reflect/pack.c host-sdk/reflect/pack.h \
  host-sdk/reflect/reader.c host-sdk/reflect/reader.h \
  host-sdk/reflect/signature.c host-sdk/reflect/signature.h
host_sdk_reflect_libreflect_la_CPPFLAGS = $(HOST_CPPFLAGS)
host_sdk_reflect_libreflect_la_CFLAGS = $(AM_CFLAGS) $(FFI_CFLAGS)
host_sdk_reflect_libreflect_la_LIBADD = $(FFI_LIBS)

noinst_LTLIBRARIES += host-sdk/reflect/libtrace.la
host_sdk_reflect_libtrace_la_SOURCES = \
  host-sdk/reflect/argument.c host-sdk/reflect/argument.h \
  host-sdk/reflect/json_text.c host-sdk/reflect/json_text.h \
  host-sdk/reflect/trace.c host-sdk/reflect/trace.h \
  host-sdk/reflect/trace_call.c \
  host-sdk/reflect/trace_extension.c \
  host-sdk/reflect/trace_line.c \
  host-sdk/reflect/trace_state.h \
  host-sdk/reflect/trace_tee.c
host_sdk_reflect_libtrace_la_CPPFLAGS = $(HOST_CPPFLAGS)
host_sdk_reflect_libtrace_la_CFLAGS = $(AM_CFLAGS) $(FFI_CFLAGS)
host_sdk_reflect_libtrace_la_LIBADD = host-sdk/reflect/libreflect.la
