/* SPDX-License-Identifier: MIT
   Durations by the million, in constant memory. */
#include "host-sdk/experiment/latency.h"

#include <math.h>

void hearth__latency_add(hearth__latency *latency, uint64_t ns) {
  uint32_t octave = 0;
  while (ns >> octave >= 64) {
    octave++;
  }
  const uint32_t bin = octave * 32 + (uint32_t)(ns >> octave);
  latency->bins[bin < HEARTH__LATENCY_BINS ? bin : HEARTH__LATENCY_BINS - 1]++;
  latency->count++;
}

double hearth__latency_percentile(const hearth__latency *latency,
                                  uint32_t hundredths) {
  const uint64_t rank = latency->count * hundredths / 100;
  uint64_t seen = 0;
  for (uint32_t bin = 0; bin < HEARTH__LATENCY_BINS; bin++) {
    seen += latency->bins[bin];
    if (seen > rank) {
      const uint32_t octave = bin < 64 ? 0 : bin / 32 - 1;
      const double low = ldexp(bin - octave * 32.0, (int)octave);
      return (low + 0.5 * ldexp(octave == 0 ? 0 : 1, (int)octave)) / 1000;
    }
  }
  return NAN;
}
