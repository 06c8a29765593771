# SPDX-License-Identifier: MIT
# The store: its parts, kills, full disks, failing memory, damage.

STORE_TEST_LIBS = $(UNIT_LIBS) host-sdk/store/libstorecore.la \
  plugin/sdk/libhearth-sdk.la
STORE_TEST_HELPERS = tests/store/support.c tests/store/support.h
STORE_TEST_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS)

noinst_PROGRAMS += tests/store/bench_store
tests_store_bench_store_SOURCES = tests/store/bench_store.c \
  $(STORE_TEST_HELPERS)
tests_store_bench_store_CPPFLAGS = $(HOST_CPPFLAGS)
tests_store_bench_store_LDADD = host-sdk/store/libstorecore.la \
  plugin/sdk/libhearth-sdk.la

check_PROGRAMS += tests/store/test_store
tests_store_test_store_SOURCES = tests/store/test_store.c $(STORE_TEST_HELPERS)
tests_store_test_store_CPPFLAGS = $(HOST_CPPFLAGS)
tests_store_test_store_LDADD = $(STORE_TEST_LIBS)

check_PROGRAMS += tests/store/test_damage
tests_store_test_damage_SOURCES = tests/store/test_damage.c \
  $(STORE_TEST_HELPERS)
tests_store_test_damage_CPPFLAGS = $(HOST_CPPFLAGS)
tests_store_test_damage_CFLAGS = $(STORE_TEST_CFLAGS)
tests_store_test_damage_LDADD = $(STORE_TEST_LIBS)

check_PROGRAMS += tests/store/test_kill
tests_store_test_kill_SOURCES = tests/store/test_kill.c \
  $(STORE_TEST_HELPERS)
tests_store_test_kill_CPPFLAGS = $(HOST_CPPFLAGS)
tests_store_test_kill_CFLAGS = $(STORE_TEST_CFLAGS)
tests_store_test_kill_LDADD = $(STORE_TEST_LIBS)

check_PROGRAMS += tests/store/test_snapshots
tests_store_test_snapshots_SOURCES = tests/store/test_snapshots.c \
  $(STORE_TEST_HELPERS)
tests_store_test_snapshots_CPPFLAGS = $(HOST_CPPFLAGS)
tests_store_test_snapshots_CFLAGS = $(STORE_TEST_CFLAGS)
tests_store_test_snapshots_LDADD = $(STORE_TEST_LIBS)

LONG_CHECKS += tests/store/test_kill
dist_check_SCRIPTS += tests/store/test_state.sh

check_PROGRAMS += tests/store/test_faults
tests_store_test_faults_SOURCES = tests/store/test_faults.c \
  tests/host/fail.c tests/host/fail.h $(STORE_TEST_HELPERS)
tests_store_test_faults_CPPFLAGS = $(HOST_CPPFLAGS)
tests_store_test_faults_CFLAGS = $(STORE_TEST_CFLAGS)
tests_store_test_faults_LDADD = $(STORE_TEST_LIBS)
tests_store_test_faults_LDFLAGS = $(AM_LDFLAGS) \
  -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc

check_PROGRAMS += tests/store/test_together
tests_store_test_together_SOURCES = tests/store/test_together.c \
  $(STORE_TEST_HELPERS)
tests_store_test_together_CPPFLAGS = $(HOST_CPPFLAGS)
tests_store_test_together_LDADD = $(STORE_TEST_LIBS)
