# SPDX-License-Identifier: MIT
# The public headers, the layers, and what plugins import.

dist_check_SCRIPTS += \
  tests/headers/headers.sh \
  tests/headers/imports.sh \
  tests/headers/layering.sh
EXTRA_DIST += tests/headers/offsets.c
