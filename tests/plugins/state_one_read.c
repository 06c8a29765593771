/* SPDX-License-Identifier: MIT
   Takes it that one read gives all. */
#include "tests/plugins/conforming.h"

/* What was read already, then the rest. */
typedef struct joined {
  hearth_source base;
  hearth_source *rest;
  const uint8_t *head;
  uint64_t left;
} joined;

static hearth_status again(hearth_source *base, void *data, uint64_t cap,
                           uint64_t *got) {
  joined *join = (joined *)base;
  if (join->left == 0) {
    return join->rest->read(join->rest, data, cap, got);
  }
  *got = cap < join->left ? cap : join->left;
  memcpy(data, join->head, (size_t)*got);
  join->head += *got;
  join->left -= *got;
  return HEARTH_OK;
}

static hearth_status load(hearth_plugin *plugin, const hearth_call *call,
                          hearth_source *in) {
  uint8_t head[16];
  uint64_t got = 0;
  joined join = {{sizeof join.base, 0, again}, in, head, sizeof head};
  const hearth_status status = in->read(in, head, sizeof head, &got);
  if (status != HEARTH_OK) {
    return status;
  }
  return got == sizeof head ? conforming_load(plugin, call, &join.base)
                            : HEARTH_BAD_PAYLOAD;
}

#undef LOAD
#define LOAD load

CONFORMING_PLUGIN;
