/* SPDX-License-Identifier: MIT
   Which outcomes were told already. */
#include "plugin/foresight/seen.h"

int foresight_seen_before(foresight_seen *seen, uint64_t hash) {
  hash |= 1; /* 0 is an empty place */
  uint64_t *place = &seen->hash[(hash >> 1) % FORESIGHT_SEEN];
  if (*place == hash) {
    return 1;
  }
  *place = hash;
  return 0;
}
