# SPDX-License-Identifier: MIT

WORKER_TEST_LIBS = $(UNIT_LIBS) host-sdk/reflect/libreflect.la \
  host-sdk/libcore.la plugin/sdk/libhearth-sdk.la
WORKER_TEST_HELPERS = tests/worker/scene.c tests/worker/scene.h

noinst_PROGRAMS += tests/worker/bench_worker
tests_worker_bench_worker_SOURCES = tests/worker/bench_worker.c \
  $(WORKER_TEST_HELPERS)
tests_worker_bench_worker_CPPFLAGS = $(HOST_CPPFLAGS)
tests_worker_bench_worker_LDADD = $(WORKER_TEST_LIBS)

check_PROGRAMS += tests/worker/test_breaker
tests_worker_test_breaker_SOURCES = tests/worker/test_breaker.c
tests_worker_test_breaker_CPPFLAGS = $(HOST_CPPFLAGS)
tests_worker_test_breaker_LDADD = $(WORKER_TEST_LIBS)

check_PROGRAMS += tests/worker/test_frame
tests_worker_test_frame_SOURCES = tests/worker/test_frame.c \
  tests/worker/hostile.c tests/worker/hostile.h
tests_worker_test_frame_CPPFLAGS = $(HOST_CPPFLAGS)
tests_worker_test_frame_LDADD = $(WORKER_TEST_LIBS)

check_PROGRAMS += tests/worker/test_kill
tests_worker_test_kill_SOURCES = tests/worker/test_kill.c \
  $(WORKER_TEST_HELPERS)
tests_worker_test_kill_CPPFLAGS = $(HOST_CPPFLAGS)
tests_worker_test_kill_LDADD = $(WORKER_TEST_LIBS)
LONG_CHECKS += tests/worker/test_kill

check_PROGRAMS += tests/worker/test_memory
tests_worker_test_memory_SOURCES = tests/worker/test_memory.c \
  tests/host/fail.c tests/host/fail.h $(WORKER_TEST_HELPERS)
tests_worker_test_memory_CPPFLAGS = $(HOST_CPPFLAGS)
tests_worker_test_memory_LDADD = $(WORKER_TEST_LIBS)
tests_worker_test_memory_LDFLAGS = $(AM_LDFLAGS) \
  -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc

check_PROGRAMS += tests/worker/test_misbehaving
tests_worker_test_misbehaving_SOURCES = tests/worker/test_misbehaving.c \
  $(WORKER_TEST_HELPERS)
tests_worker_test_misbehaving_CPPFLAGS = $(HOST_CPPFLAGS)
tests_worker_test_misbehaving_LDADD = $(WORKER_TEST_LIBS)

check_PROGRAMS += tests/worker/test_recall
tests_worker_test_recall_SOURCES = tests/worker/test_recall.c
tests_worker_test_recall_CPPFLAGS = $(HOST_CPPFLAGS)
tests_worker_test_recall_LDADD = $(WORKER_TEST_LIBS)

check_PROGRAMS += tests/worker/test_reflect
tests_worker_test_reflect_SOURCES = tests/worker/test_reflect.c \
  $(WORKER_TEST_HELPERS)
tests_worker_test_reflect_CPPFLAGS = $(HOST_CPPFLAGS)
tests_worker_test_reflect_LDADD = $(UNIT_LIBS) host-sdk/reflect/libtrace.la \
  host-sdk/libcore.la plugin/sdk/libhearth-sdk.la

check_PROGRAMS += tests/worker/test_same
tests_worker_test_same_SOURCES = tests/worker/test_same.c \
  $(WORKER_TEST_HELPERS)
tests_worker_test_same_CPPFLAGS = $(HOST_CPPFLAGS)
tests_worker_test_same_LDADD = $(WORKER_TEST_LIBS)

check_PROGRAMS += tests/worker/test_worker
tests_worker_test_worker_SOURCES = tests/worker/test_worker.c \
  $(WORKER_TEST_HELPERS)
tests_worker_test_worker_CPPFLAGS = $(HOST_CPPFLAGS)
tests_worker_test_worker_LDADD = $(WORKER_TEST_LIBS)
