# SPDX-License-Identifier: MIT

include examples/orchestrator/local.mk
EXTRA_DIST += examples/minimal-plugin/last_by_task.c \
  examples/minimal-plugin/Makefile
