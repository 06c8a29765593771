# SPDX-License-Identifier: MIT
# Pages to read, and the manual.

dist_doc_DATA = \
  README.md CHANGELOG.md LICENSE \
  docs/abi.md \
  docs/architecture.md \
  docs/evaluation.md \
  docs/experiments.md \
  docs/live.md \
  docs/operations.md \
  docs/performance.md \
  docs/predictor.md \
  docs/recompute.py \
  docs/style.md \
  docs/wire-format.md \
  docs/workload.md \
  docs/writing-a-plugin.md

dist_man_MANS += \
  docs/man/hearth.1 \
  docs/man/hearth-bench.1 \
  docs/man/hearth-call.1 \
  docs/man/hearth-experiment.1 \
  docs/man/hearth-explain.1 \
  docs/man/hearth-import.1 \
  docs/man/hearth-inspect.1 \
  docs/man/hearth-replay.1 \
  docs/man/hearth-trace.1 \
  docs/man/hearth-state.1 \
  docs/man/hearth-validate.1 \
  docs/man/hearth-workload.1
