# SPDX-License-Identifier: MIT
# Tests of plugin/sdk/pool.

POOL_LIBS = $(UNIT_LIBS) plugin/sdk/libhearth-sdk.la

check_PROGRAMS += tests/pool/test_heap tests/pool/test_pool \
  tests/pool/test_pool_model tests/pool/test_sim

tests_pool_test_heap_SOURCES = tests/pool/test_heap.c tests/pool/random.h
tests_pool_test_heap_LDADD = $(POOL_LIBS)

tests_pool_test_pool_SOURCES = tests/pool/test_pool.c
tests_pool_test_pool_LDADD = $(POOL_LIBS)

tests_pool_test_pool_model_SOURCES = tests/pool/test_pool_model.c \
  tests/pool/model.c tests/pool/model.h tests/pool/model_time.c \
  tests/pool/random.h
tests_pool_test_pool_model_LDADD = $(POOL_LIBS)

tests_pool_test_sim_SOURCES = tests/pool/test_sim.c \
  tests/pool/script.c tests/pool/script.h
tests_pool_test_sim_LDADD = $(POOL_LIBS)
