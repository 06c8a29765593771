# SPDX-License-Identifier: MIT
# A plugin in a process of its own.  The host's side needs neither libseccomp
# nor libffi; the program in libexec does.

host_sdk_libcore_la_SOURCES += \
  host-sdk/reflect/caller.h \
  host-sdk/worker/breaker.c host-sdk/worker/breaker.h \
  host-sdk/worker/bytes.c host-sdk/worker/bytes.h \
  host-sdk/worker/exchange.c \
  host-sdk/worker/extension.c \
  host-sdk/worker/frame.c host-sdk/worker/frame.h \
  host-sdk/worker/hello.c host-sdk/worker/hello.h \
  host-sdk/worker/recall.c host-sdk/worker/recall.h \
  host-sdk/worker/keeper.c host-sdk/worker/keeper.h \
  host-sdk/worker/link.c host-sdk/worker/link.h \
  host-sdk/worker/open.c \
  host-sdk/worker/program.c \
  host-sdk/worker/proxy.c host-sdk/worker/proxy.h \
  host-sdk/worker/spawn.c host-sdk/worker/spawn.h \
  host-sdk/worker/start.c \
  host-sdk/worker/thread.c
host_sdk_libcore_la_CPPFLAGS += -DHEARTH_LIBEXEC_DIR='"$(libexecdir)"'
hearthinclude_HEADERS += include/hearth/worker.h

libexec_PROGRAMS += host-sdk/worker/hearth-worker
host_sdk_worker_hearth_worker_SOURCES = \
  host-sdk/worker/landlock.c \
  host-sdk/worker/sandbox.c host-sdk/worker/sandbox.h \
  host-sdk/worker/seccomp.c \
  host-sdk/worker/serve.c host-sdk/worker/serve.h \
  host-sdk/worker/serve_call.c \
  host-sdk/worker/serve_create.c host-sdk/worker/serve_create.h \
  host-sdk/worker/worker_main.c
host_sdk_worker_hearth_worker_CPPFLAGS = $(HOST_CPPFLAGS)
host_sdk_worker_hearth_worker_CFLAGS = $(AM_CFLAGS) $(SECCOMP_CFLAGS)
host_sdk_worker_hearth_worker_LDFLAGS = -static $(AM_LDFLAGS)
host_sdk_worker_hearth_worker_LDADD = host-sdk/reflect/libreflect.la \
  host-sdk/libcore.la plugin/sdk/libhearth-sdk.la $(SECCOMP_LIBS)
