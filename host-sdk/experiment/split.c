/* SPDX-License-Identifier: MIT
   Which unit belongs to which arm. */
#include "host-sdk/experiment/split.h"

#include <string.h>

uint64_t hearth__split_salt(const char *name, uint32_t reign) {
  return hearth_hash(reign, name, strlen(name));
}

uint32_t hearth__split(uint64_t salt, hearth_str unit, const double *shares,
                       uint32_t count) {
  /* 53 bits make an even double in [0, 1). */
  const double at =
      (double)(hearth_hash(salt, unit.data, unit.len) >> 11) * 0x1p-53;
  double below = 0;
  uint32_t last = 0;
  for (uint32_t i = 0; i < count; i++) {
    below += shares[i];
    if (at < below) {
      return i;
    }
    last = shares[i] > 0 ? i : last;
  }
  return last; /* shares add up to 1 but for rounding */
}
