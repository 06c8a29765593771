# SPDX-License-Identifier: MIT
# A whole orchestrator; links the SDK and nothing else.

noinst_PROGRAMS += examples/orchestrator/orchestrator
examples_orchestrator_orchestrator_SOURCES = examples/orchestrator/orchestrator.c
examples_orchestrator_orchestrator_LDADD = host-sdk/libhearth.la
