# SPDX-License-Identifier: MIT
# libhearth-store: outcomes and snapshots in SQLite.  Tests and the command link
# its parts (libstorecore), whose internal functions the library does not export.

noinst_LTLIBRARIES += host-sdk/store/libstorecore.la
host_sdk_store_libstorecore_la_SOURCES = \
  host-sdk/store/backup.c \
  host-sdk/store/files.c \
  host-sdk/store/forget.c \
  host-sdk/store/info.c \
  host-sdk/store/inside.h \
  host-sdk/store/load.c host-sdk/store/load.h \
  host-sdk/store/open.c \
  host-sdk/store/outcome.c \
  host-sdk/store/pages.c host-sdk/store/pages.h \
  host-sdk/store/queue.c \
  host-sdk/store/replay.c \
  host-sdk/store/retain.c \
  host-sdk/store/salvage.c \
  host-sdk/store/schema.c \
  host-sdk/store/snapshot.c \
  host-sdk/store/snapshots.c \
  host-sdk/store/sql.c host-sdk/store/sql.h \
  host-sdk/store/store.c \
  host-sdk/store/swap.c \
  host-sdk/store/text.c \
  host-sdk/store/wal.c \
  host-sdk/store/writer.c
host_sdk_store_libstorecore_la_CPPFLAGS = $(HOST_CPPFLAGS)
host_sdk_store_libstorecore_la_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS)
host_sdk_store_libstorecore_la_LIBADD = $(SQLITE_LIBS)

lib_LTLIBRARIES += host-sdk/libhearth-store.la
host_sdk_libhearth_store_la_SOURCES =
host_sdk_libhearth_store_la_LIBADD = host-sdk/store/libstorecore.la \
  plugin/sdk/libhearth-sdk.la
host_sdk_libhearth_store_la_LDFLAGS = -version-info 0:0:0 -no-undefined \
  $(AM_LDFLAGS)

hearthinclude_HEADERS += include/hearth/store.h
pkgconfig_DATA += include/hearth-store.pc
EXTRA_DIST += include/hearth-store.pc.in
