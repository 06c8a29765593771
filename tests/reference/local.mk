# SPDX-License-Identifier: MIT
# Each test holds the plugin's source, so that its entry is linked statically.

check_LTLIBRARIES += tests/reference/libstage.la
tests_reference_libstage_la_SOURCES = \
  tests/reference/stage.c tests/reference/stage.h
REFERENCE_TEST_LIBS = tests/reference/libstage.la $(REFERENCE_LIBS) $(UNIT_LIBS)

check_PROGRAMS += tests/reference/test_base
tests_reference_test_base_SOURCES = \
  tests/reference/test_base.c tests/sdk/mend.c tests/sdk/mend.h
tests_reference_test_base_LDADD = $(REFERENCE_TEST_LIBS)

check_PROGRAMS += tests/reference/test_lru
tests_reference_test_lru_SOURCES = tests/reference/test_lru.c
tests_reference_test_lru_LDADD = $(REFERENCE_TEST_LIBS)

check_PROGRAMS += tests/reference/test_lfu
tests_reference_test_lfu_SOURCES = tests/reference/test_lfu.c
tests_reference_test_lfu_LDADD = $(REFERENCE_TEST_LIBS)

check_PROGRAMS += tests/reference/test_gdsf
tests_reference_test_gdsf_SOURCES = tests/reference/test_gdsf.c
tests_reference_test_gdsf_LDADD = $(REFERENCE_TEST_LIBS)

check_PROGRAMS += tests/reference/test_gdsf_forgetful
tests_reference_test_gdsf_forgetful_SOURCES = \
  tests/reference/test_gdsf_forgetful.c
tests_reference_test_gdsf_forgetful_LDADD = $(REFERENCE_TEST_LIBS)

check_PROGRAMS += tests/reference/test_ttl
tests_reference_test_ttl_SOURCES = tests/reference/test_ttl.c
tests_reference_test_ttl_LDADD = $(REFERENCE_TEST_LIBS)

check_PROGRAMS += tests/reference/test_breakeven
tests_reference_test_breakeven_SOURCES = tests/reference/test_breakeven.c
tests_reference_test_breakeven_LDADD = $(REFERENCE_TEST_LIBS)

check_PROGRAMS += tests/reference/test_hybrid_histogram
tests_reference_test_hybrid_histogram_SOURCES = \
  tests/reference/test_hybrid_histogram.c
tests_reference_test_hybrid_histogram_LDADD = $(REFERENCE_TEST_LIBS)

check_PROGRAMS += tests/reference/test_exponential
tests_reference_test_exponential_SOURCES = tests/reference/test_exponential.c
tests_reference_test_exponential_LDADD = $(REFERENCE_TEST_LIBS)

check_PROGRAMS += tests/reference/test_markov
tests_reference_test_markov_SOURCES = tests/reference/test_markov.c
tests_reference_test_markov_LDADD = $(REFERENCE_TEST_LIBS)

check_PROGRAMS += tests/reference/test_hazard
tests_reference_test_hazard_SOURCES = tests/reference/test_hazard.c
tests_reference_test_hazard_LDADD = \
  plugin/reference/libhazard.la $(REFERENCE_TEST_LIBS)

check_PROGRAMS += tests/reference/test_clairvoyant_distance
tests_reference_test_clairvoyant_distance_SOURCES = \
  tests/reference/test_clairvoyant_distance.c
tests_reference_test_clairvoyant_distance_LDADD = \
  $(CLAIRVOYANT_LIBS) $(REFERENCE_TEST_LIBS)

check_PROGRAMS += tests/reference/test_clairvoyant_cost
tests_reference_test_clairvoyant_cost_SOURCES = \
  tests/reference/test_clairvoyant_cost.c
tests_reference_test_clairvoyant_cost_LDADD = \
  $(CLAIRVOYANT_LIBS) $(REFERENCE_TEST_LIBS)

check_PROGRAMS += tests/reference/test_clairvoyant
tests_reference_test_clairvoyant_SOURCES = tests/reference/test_clairvoyant.c
tests_reference_test_clairvoyant_LDADD = \
  $(CLAIRVOYANT_LIBS) $(REFERENCE_TEST_LIBS)

check_PROGRAMS += tests/reference/test_echo
tests_reference_test_echo_SOURCES = tests/reference/test_echo.c
tests_reference_test_echo_LDADD = $(REFERENCE_TEST_LIBS)
