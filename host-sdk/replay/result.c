/* SPDX-License-Identifier: MIT
   What a replay measures: one struct, filled by its parts. */
#include "host-sdk/replay/result.h"

#include <stdlib.h>

void hearth_result_free(hearth_result *result) {
  if (result == NULL) {
    return;
  }
  for (uint32_t i = 0; i < result->task_count; i++) {
    free((char *)(uintptr_t)result->tasks[i].task);
  }
  free(result->tasks);
  hearth_strip_free(result->strip);
  hearth_accuracy_free(result->accuracy);
  result->strip = NULL;
  result->accuracy = NULL;
  result->tasks = NULL;
  result->task_count = 0;
}

double hearth_us_per_request(const hearth_result *result) {
  return (result->prepare.total_us + result->record.total_us) /
         (double)(result->requests > 0 ? result->requests : 1);
}
