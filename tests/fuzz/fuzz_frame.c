/* SPDX-License-Identifier: MIT
   libFuzzer: the frames of a hostile worker, as the host decodes them. */
#include "tests/worker/hostile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  (void)hostile_decode(data, size);
  return 0;
}
