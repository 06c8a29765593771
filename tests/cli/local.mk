# SPDX-License-Identifier: MIT

dist_check_SCRIPTS += tests/cli/command.sh
dist_check_SCRIPTS += tests/cli/test_bench.sh
dist_check_SCRIPTS += tests/cli/test_explain.sh
