# SPDX-License-Identifier: MIT
# Tests mirror the tree; each program is one CUnit suite that prints TAP.

check_LTLIBRARIES += tests/libunit.la
tests_libunit_la_SOURCES = tests/unit.c tests/unit.h
tests_libunit_la_LIBADD = $(CUNIT_LIBS)
UNIT_LIBS = tests/libunit.la
EXTRA_DIST += tests/tap.sh

include tests/sdk/local.mk
include tests/pool/local.mk
include tests/reference/local.mk
include tests/foresight/local.mk
include tests/host/local.mk
include tests/plugins/local.mk
include tests/headers/local.mk
include tests/input/local.mk
include tests/replay/local.mk
include tests/slot/local.mk
include tests/worker/local.mk
include tests/store/local.mk
include tests/reflect/local.mk
include tests/validate/local.mk
include tests/experiment/local.mk
include tests/cli/local.mk
include tests/cost/local.mk
