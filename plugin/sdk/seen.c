/* SPDX-License-Identifier: MIT
   Which outcomes were told already. */
#include "plugin/sdk/seen.h"

static uint32_t place_of(uint64_t hash) {
  return (uint32_t)((hash >> 1) % HEARTH_SEEN);
}

int hearth_seen_before(hearth_seen *seen, uint64_t hash) {
  hash |= 1; /* 0 is an empty place */
  return atomic_exchange_explicit(&seen->hash[place_of(hash)], hash,
                                  memory_order_relaxed) == hash;
}

/* Each hash tells its place. */
void hearth_seen_state(hearth_state *s, hearth_seen *seen) {
  uint32_t count = 0, i = 0;
  for (uint32_t k = 0; k < HEARTH_SEEN; k++) {
    count += seen->hash[k] != 0;
  }
  count = hearth_state_count(s, "seen", &count, HEARTH_SEEN);
  for (uint32_t n = 0; n < count && hearth_state_ok(s); n++, i++) {
    uint64_t hash = 1;
    while (hearth_state_saving(s) && seen->hash[i] == 0) {
      i++;
    }
    if (hearth_state_saving(s)) {
      hash = seen->hash[i];
    }
    hearth_state_u64(s, "hash", &hash, 1, UINT64_MAX);
    if (hearth_state_ok(s) && !hearth_state_saving(s)) {
      seen->hash[place_of(hash)] = hash | 1;
    }
  }
}
