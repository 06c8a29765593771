/* SPDX-License-Identifier: MIT
   The replay's host extension hearth.future/1. */
#include "host-sdk/replay/future.h"

#include <stdlib.h>
#include <string.h>

#include "hearth/host.h"

hearth_status hearth_uses_init(hearth_uses *uses, const hearth_trace *trace,
                               const hearth_models *models) {
  const uint32_t *model = trace->id[HEARTH_TRACE_MODEL];
  uint32_t *start = calloc((size_t)models->count + 2, sizeof *start);
  int64_t *at = calloc((size_t)trace->count + 1, sizeof *at);
  if (start == NULL || at == NULL) {
    free(start);
    free(at);
    return HEARTH_NO_MEMORY;
  }
  /* Count into start[m + 2], sum up, fill from start[m + 1]: afterwards
     start[m + 1] is where model m ends. */
  for (uint32_t i = 0; i < trace->count; i++) {
    start[model[i] + 2]++;
  }
  for (uint32_t m = 0; m < models->count; m++) {
    start[m + 2] += start[m + 1];
  }
  for (uint32_t i = 0; i < trace->count; i++) {
    at[start[model[i] + 1]++] = trace->ts_ms[i];
  }
  *uses = (hearth_uses){.models = models, .start = start, .at_ms = at};
  return HEARTH_OK;
}

void hearth_uses_free(hearth_uses *uses) {
  free(uses->start);
  free(uses->at_ms);
  *uses = (hearth_uses){0};
}

int64_t hearth_uses_next(const hearth_uses *uses, uint32_t model,
                         int64_t after_ms) {
  uint32_t low = uses->start[model];
  uint32_t high = uses->start[model + 1];
  const uint32_t end = high;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (uses->at_ms[middle] <= after_ms) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < end ? uses->at_ms[low] : INT64_MAX;
}

static int64_t next_use(const hearth_host *host, const char *model,
                        uint64_t len, int64_t after_ms) {
  const hearth_uses *uses = hearth_host_user(host);
  const uint32_t id =
      hearth_names_find(uses->models->names, (hearth_str){model, len});
  return id == HEARTH_NO_NAME ? INT64_MAX
                              : hearth_uses_next(uses, id, after_ms);
}

const void *hearth_uses_extension(void *user, const char *id) {
  static const hearth_future future = {.size = sizeof future,
                                       .next_use = next_use};
  (void)user;
  return strcmp(id, HEARTH_EXT_FUTURE) == 0 ? &future : NULL;
}
