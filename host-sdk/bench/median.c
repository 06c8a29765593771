/* SPDX-License-Identifier: MIT
   The middle one of some figures. */
#include <stdlib.h>

#include "host-sdk/bench/bench.h"

static int by_value(const void *a, const void *b) {
  const double x = *(const double *)a;
  const double y = *(const double *)b;
  return (x > y) - (x < y);
}

double hearth__bench_median(double *values, uint32_t count) {
  qsort(values, count, sizeof *values, by_value);
  return values[count / 2];
}
